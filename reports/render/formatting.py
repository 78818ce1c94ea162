"""Numbers as people read them: 12.4 %, 2 m 05 s, 1,234.50 EUR.

Rounding never hides a difference that matters. A value above a limit never reads as the limit or less, and a value
below it never as the limit or more. A value above zero never reads as 0, and a share below one never as 100 %.

A number with an interval has only the digits that are known: its last digit counts no less than half of the interval's
half width, rounded down to a power of ten. 12.3 % that may be off by 5 points reads 12 %, and 2,114,686.52 that may be
off by 600,000 reads 2.1 M. The first digit always stays: 57.5 that may be anything up to 2,900 reads 60, not 100.
Counts keep all digits.
"""

from collections.abc import Sequence
from math import floor, log10
from typing import TypeAlias

from reports.measures.metric import Metric
from reports.model import currencies

# Half the widths of the intervals of two numbers, where they have any.
Doubts: TypeAlias = tuple[float | None, float | None]

NOTHING = "-"
NOT_REACHED = "not reached"
CANNOT_TELL = "cannot tell"

# The decimals of a value, unless it needs more to differ from a limit.
_DECIMALS = {"ratio": 1, "s": 1, "attempts": 1, "min": 1, "h": 1, "days": 1, "months": 1, "points": 1}
_DEFAULT_DECIMALS = 2
_LIMIT_DECIMALS = 2
# More decimals than a share of any number of calls needs; beyond them is the noise of binary fractions.
_MAX_DECIMALS = 9

_CENTS_MATTER_BELOW = 100

_SUFFIXES = {"ratio": " %", "min": " min", "h": " h", "per_hour": " an hour"} | {
    unit: f" {unit}" for unit in ("days", "months", "years")
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TIME_STEPS = (1, 10, _MINUTE, 10 * _MINUTE, _HOUR, _DAY)

# Large numbers with thousands rounded away: their size, its zeros, and its letter.
_LARGE = ((10**9, 9, "bn"), (10**6, 6, "M"))
_THOUSANDTHS = 3


def value(number: float, metric: Metric, currency: str, doubt: float | None = None, edges: Sequence[float] = ()) -> str:
    """A metric's number with its unit, on its own side of every edge. doubt: half the width of its interval, if any."""
    if metric.unit == "s":
        return duration(number, spaced=True, step=_time_step(number, doubt))
    known = _known_decimals(number, metric, doubt, coins(metric, currency))
    return _scaled(number, metric, decimals(number, metric, known, edges)) + unit_suffix(metric.unit, currency)


def apart(numbers: tuple[float, float], metric: Metric, currency: str, doubts: Doubts) -> tuple[str, str]:
    """Two numbers of a metric in one sentence: with the same decimals, and so many that different numbers differ.

    A number without a doubt is rounded like the other.
    """
    usual, doubtful = coins(metric, currency), [doubts[0] or doubts[1], doubts[1] or doubts[0]]
    known = [_known_decimals(number, metric, doubt, usual) for number, doubt in zip(numbers, doubtful, strict=True)]
    digits = max(decimals(number, metric, least) for number, least in zip(numbers, known, strict=True))
    first, second = (number * _scale(metric) for number in numbers)
    while round(first, digits) == round(second, digits) and round(first - second, _MAX_DECIMALS):
        digits += 1
    shown = [_scaled(number, metric, digits) + unit_suffix(metric.unit, currency) for number in numbers]
    return shown[0], shown[1]


def plain(number: float, doubt: float | None = None, edge: float = 0.0) -> str:
    """An amount without cents, with the digits that are known, on its own side of an edge."""
    digits = 0 if not doubt else min(0, max(_places(doubt / 2), _places(number)))
    while digits < _MAX_DECIMALS and _side(round(number, digits), edge) != _side(round(number, _MAX_DECIMALS), edge):
        digits += 1
    return f"{round(number, digits):,.{max(digits, 0)}f}"


def coins(metric: Metric, currency: str) -> int | None:
    """The decimals of a metric's money: none in JPY, three in KWD; None for a number that is no money."""
    return currencies.decimals(currency) if metric.unit.startswith("money") else None


def as_read(number: float, metric: Metric, edges: Sequence[float], doubt: float | None = None) -> float:
    """The number as `value` shows it, without the cents of a currency."""
    known = _known_decimals(number, metric, doubt)
    return round(number * _scale(metric), decimals(number, metric, known, edges)) / _scale(metric)


def half_width(low: float | None, high: float | None) -> float | None:
    """Half the width of an interval; None if an end is unknown."""
    return None if low is None or high is None else (high - low) / 2


def bound(number: float, metric: Metric, doubt: float | None = None, edges: Sequence[float] = ()) -> str:
    """One end of an interval, without its unit; tenths of a second and cents would only suggest precision."""
    if metric.unit == "s":
        return duration(number, spaced=False, step=_time_step(number, doubt))
    edges = edges if metric.limit is None else [*edges, metric.limit]
    if doubt:
        known = _known_decimals(number, metric, doubt)
        return _scaled(number, metric, _distinguishing_decimals(number, metric, edges, known))
    if metric.unit.startswith("money") and abs(number) >= _CENTS_MATTER_BELOW:
        return f"{number:,.0f}"
    return _scaled(number, metric, _distinguishing_decimals(number, metric, edges, _min_decimals(metric)))


def interval(low: float | None, high: float | None, metric: Metric, edges: Sequence[float] = ()) -> str:
    """The interval, or its one known end; empty if both ends are unknown."""
    if low is None or high is None:
        ends = ("from ", low), ("up to ", high)
        return "".join(f"{word}{bound(end, metric)}" for word, end in ends if end is not None)
    low_text, high_text = (bound(end, metric, half_width(low, high), edges) for end in (low, high))
    return f"{low_text}{' to ' if low < 0 else '-'}{high_text}"


def possible_range(low: float, high: float, metric: Metric, doubt: float | None) -> str:
    """The ends of what a number may be, in the digits known of the number; empty if those digits are the same.

    doubt: that of the number, so that the number as shown lies between the ends.
    """
    low_text, high_text = (bound(end, metric, doubt) for end in (low, high))
    return "" if low_text == high_text else f"{low_text}{' to ' if low < 0 else '-'}{high_text}"


def cannot_tell(low: float | None, high: float | None, metric: Metric) -> str:
    """The words for a number that cannot be told, with the range in which it lies: cannot tell (0-100 %)."""
    if metric.unit != "ratio" or low is None or high is None:
        ends = interval(low, high, metric)
    else:
        ends = (
            "-".join(bound(end, metric).removesuffix(f".{'0' * _min_decimals(metric)}") for end in (low, high)) + " %"
        )
    return f"{CANNOT_TELL} ({ends})" if ends else CANNOT_TELL


def difference(number: float, metric: Metric, doubt: float | None = None) -> str:
    """The change of a number with its sign and without its unit; shares change in percentage points."""
    sign = "-" if number < 0 else "+"
    if metric.unit == "s":
        return sign + duration(abs(number), spaced=False, step=_time_step(number, doubt))
    decimals = _distinguishing_decimals(number, metric, [0.0], _known_decimals(number, metric, doubt))
    return sign + _scaled(abs(number), metric, decimals)


def decimals(number: float, metric: Metric, least: int | None = None, edges: Sequence[float] = ()) -> int:
    """The decimals that a value needs, at least so many; for a share, those of its percentage."""
    edges = [*edges, 0.0, 1.0] if metric.unit == "ratio" else [*edges, 0.0]
    edges = edges if metric.limit is None else [*edges, metric.limit]
    return _distinguishing_decimals(number, metric, edges, _min_decimals(metric) if least is None else least)


def unit_suffix(unit: str, currency: str) -> str:
    """The suffix of a number with this unit."""
    match unit:
        case "money":
            return f" {currency}"
        case "money_per_day":
            return f" {currency} a day"
        case _:
            return _SUFFIXES.get(unit, "")


def duration(seconds: float, *, spaced: bool, step: float = 0.0) -> str:
    """A duration in its two largest units: 42.5 s, 2 m 05 s, 3 h 08 m, 2 d 12 h; without spaces, 42s, 2m05s.

    step: round to whole multiples of so many seconds, and leave out the units below.
    """
    if seconds < 0:
        return f"-{duration(-seconds, spaced=spaced, step=step)}"
    rounded = round(seconds / step) * step if step else seconds
    gap = " " if spaced else ""
    return _without_empty_units(_two_largest_units(rounded, 0 if step or not spaced else 1, gap), step, gap)


def _two_largest_units(seconds: float, decimals: int, gap: str) -> str:
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.{decimals}f}{gap}s"
    for whole, part, names, longest in ((_MINUTE, 1, "ms", _HOUR), (_HOUR, _MINUTE, "hm", 2 * _DAY)):
        if round(seconds / part) * part < longest:
            return _two_units(seconds, whole, part, names, gap)
    return _two_units(seconds, _DAY, _HOUR, "dh", gap)


def _two_units(seconds: float, whole: int, part: int, names: str, gap: str) -> str:
    large, small = divmod(round(seconds / part), whole // part)
    return f"{large:,}{gap}{names[0]}{gap}{small:02}{gap}{names[1]}"


def _without_empty_units(text: str, step: float, gap: str) -> str:
    """The duration without a smaller unit that rounding has emptied: 17 h, not 17 h 00 m."""
    units = [unit for unit, length in (("s", _MINUTE), ("m", _HOUR), ("h", _DAY)) if step >= length]
    for unit in units:
        text = text.removesuffix(f"{gap}00{gap}{unit}")
    return text


def _time_step(seconds: float, doubt: float | None) -> float:
    """The longest step not above half the doubt that leaves something of the duration; 0 for none."""
    fitting = [step for step in _TIME_STEPS if doubt and step <= doubt / 2 and step <= abs(seconds)]
    return max(fitting, default=0.0)


def _scaled(number: float, metric: Metric, decimals: int) -> str:
    """The digits of a number; decimals: below 0, how many digits before the point are rounded away."""
    rounded = round(number * _scale(metric), decimals)
    for size, zeros, letter in _LARGE:
        if abs(rounded) >= size and decimals <= _THOUSANDTHS - zeros:
            return f"{rounded / size:,.{max(zeros + decimals, 0)}f} {letter}"
    return f"{rounded:,.{max(decimals, 0)}f}"


def _known_decimals(number: float, metric: Metric, doubt: float | None, usual: int | None = None) -> int:
    """The decimals that are known; below 0, digits before the point are not known. usual: those without a doubt."""
    usual = _min_decimals(metric) if usual is None else usual
    if not doubt or metric.is_count:
        return usual
    known = max(_places(doubt * _scale(metric) / 2), _places(number * _scale(metric)))
    # Whole points of a share are readable; a return of many times the cost has no such ends.
    return min(usual, max(known, 0) if metric.unit == "ratio" and abs(number) <= 1 else known)


def _places(number: float) -> int:
    """The decimals at which a number's first digit stands; below 0, before the point."""
    return -floor(log10(abs(number))) if number else -_MAX_DECIMALS


def _distinguishing_decimals(number: float, metric: Metric, edges: Sequence[float], least: int) -> int:
    """The decimals, at least so many, with which a rounded number stays on its own side of every edge."""
    scaled = number * _scale(metric)
    sides = [round(edge * _scale(metric), _MAX_DECIMALS) for edge in edges]
    for decimals in range(least, _MAX_DECIMALS):
        rounded = round(scaled, decimals)
        if all(_side(rounded, edge) == _side(round(scaled, _MAX_DECIMALS), edge) for edge in sides):
            return decimals
    return _MAX_DECIMALS


def _min_decimals(metric: Metric) -> int:
    if metric.is_count:
        return 0
    return _LIMIT_DECIMALS if metric.limit is not None else _DECIMALS.get(metric.unit, _DEFAULT_DECIMALS)


def _side(number: float, edge: float) -> int:
    return (number > edge) - (number < edge)


def _scale(metric: Metric) -> int:
    return 100 if metric.unit == "ratio" else 1
