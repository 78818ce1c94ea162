"""Numbers as people read them: 12.4%, 2 m 05 s, $1,234.50, 3.4/h.

Rounding never hides a difference that matters. A value above a limit never reads as the limit or less, and a value
below it never as the limit or more. A value above zero never reads as 0, and a share below one never as 100%.

A number with an interval has only the digits that are known: its last digit counts no less than half of the interval's
half width, rounded down to a power of ten. 12.3% that may be off by 5 points reads 12%, and 2,114,686.52 that may be
off by 600,000 reads 2.1M. The first digit always stays: 57.5 that may be anything up to 2,900 reads 60, not 100.
Counts keep all digits.
"""

from collections.abc import Sequence
from math import floor, inf, log10
from typing import TypeAlias

from reports.measures.metric import Metric
from reports.model import currencies
from reports.model.language import current_language, digits, marked, percent, translate

# Half the widths of the intervals of two numbers, where they have any.
Doubts: TypeAlias = tuple[float | None, float | None]

NOTHING = "-"
NOT_REACHED = marked("not reached")
NOT_ENOUGH_DATA = marked("not enough data")

# The decimals of a value, unless it needs more to differ from a limit.
_DECIMALS = {"ratio": 1, "s": 1, "attempts": 1, "min": 1, "h": 1, "days": 1, "months": 1, "points": 1}
_DEFAULT_DECIMALS = 2
_LIMIT_DECIMALS = 2
# More decimals than a share of any number of calls needs; beyond them is the noise of binary fractions.
_MAX_DECIMALS = 9

_CENTS_MATTER_BELOW = 100
# From here on, an amount per day has two digits: $1.4M/day.
_MILLION = 10**6

# Symbols that name one currency only; others are written as codes.
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TIME_STEPS = (1, 10, _MINUTE, 10 * _MINUTE, _HOUR, _DAY)

# Large numbers with thousands rounded away: their size, its zeros, and its letter.
_LARGE = ((10**9, 9, marked("{number}B")), (10**6, 6, marked("{number}M")))
_THOUSANDTHS = 3


def value(number: float, metric: Metric, currency: str, doubt: float | None = None, edges: Sequence[float] = ()) -> str:
    """A metric's number with its unit, on its own side of every edge. doubt: half the width of its interval, if any."""
    if metric.unit == "s":
        return duration(number, step=_time_step(number, doubt))
    known = _known_decimals(number, metric, doubt, coins(metric, currency))
    return with_unit(_scaled(number, metric, decimals(number, metric, known, edges)), metric.unit, currency)


def apart(numbers: tuple[float, float], metric: Metric, currency: str, doubts: Doubts) -> tuple[str, str]:
    """Two numbers of a metric in one sentence: with the same decimals, and so many that different numbers differ.

    A number without a doubt is rounded like the other.
    """
    usual, doubtful = coins(metric, currency), [doubts[0] or doubts[1], doubts[1] or doubts[0]]
    known = [_known_decimals(number, metric, doubt, usual) for number, doubt in zip(numbers, doubtful, strict=True)]
    places = max(decimals(number, metric, least) for number, least in zip(numbers, known, strict=True))
    first, second = (number * _scale(metric) for number in numbers)
    while round(first, places) == round(second, places) and round(first - second, _MAX_DECIMALS):
        places += 1
    shown = [with_unit(_scaled(number, metric, places), metric.unit, currency) for number in numbers]
    return shown[0], shown[1]


def plain(number: float, doubt: float | None = None, edge: float = 0.0) -> str:
    """An amount without cents, with the digits that are known, on its own side of an edge."""
    places = 0 if not doubt else min(0, max(_places(doubt / 2), _places(number)))
    while places < _MAX_DECIMALS and _side(round(number, places), edge) != _side(round(number, _MAX_DECIMALS), edge):
        places += 1
    return digits(round(number, places), places)


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
        return duration(number, step=_time_step(number, doubt) or 1)
    edges = edges if metric.limit is None else [*edges, metric.limit]
    if doubt:
        known = _known_decimals(number, metric, doubt)
        return _scaled(number, metric, _distinguishing_decimals(number, metric, edges, known))
    if metric.unit.startswith("money") and abs(number) >= _CENTS_MATTER_BELOW:
        return digits(number)
    return _scaled(number, metric, _distinguishing_decimals(number, metric, edges, _min_decimals(metric)))


def interval(low: float | None, high: float | None, metric: Metric, edges: Sequence[float] = ()) -> str:
    """The interval, or its one known end, a share with its sign: 8-17%, from 2 m 05 s. Empty without a known end."""
    if low is not None and high is not None:
        doubt = half_width(low, high)
        return _range(low, bound(low, metric, doubt, edges), bound(high, metric, doubt, edges), metric)
    known = high if low is None else low
    if known is None:
        return ""
    end = _with_sign(bound(known, metric), metric)
    return translate("up to {end}", end=end) if low is None else translate("from {end}", end=end)


def _range(low: float, low_text: str, high_text: str, metric: Metric) -> str:
    """Two ends as one text; words stand between ends with signs or units of their own."""
    if low < 0 or metric.unit == "s":
        return _with_sign(translate("{low} to {high}", low=low_text, high=high_text), metric)
    return _with_sign(f"{low_text}-{high_text}", metric)


def _with_sign(text: str, metric: Metric) -> str:
    return percent(text) if metric.unit == "ratio" else text


def possible_range(low: float, high: float, metric: Metric, doubt: float | None) -> str:
    """The ends of what a number may be, in the digits known of the number; empty if those digits are the same.

    doubt: that of the number, so that the number as shown lies between the ends.
    """
    low_text, high_text = (bound(end, metric, doubt) for end in (low, high))
    return "" if low_text == high_text else _range(low, low_text, high_text, metric)


def cannot_tell(low: float | None, high: float | None, metric: Metric) -> str:
    """The words for a number with too many unknown calls, with the range in which it lies: not enough data (0-100%)."""
    if metric.unit != "ratio" or low is None or high is None:
        ends = interval(low, high, metric)
    else:
        zeros = f"{current_language().decimal}{'0' * _min_decimals(metric)}"
        ends = percent("-".join(bound(end, metric).removesuffix(zeros) for end in (low, high)))
    return f"{not_enough_data()} ({ends})" if ends else not_enough_data()


def not_enough_data() -> str:
    """The words in place of a number with too many unknown calls."""
    return translate(NOT_ENOUGH_DATA)


def difference(number: float, metric: Metric, doubt: float | None = None) -> str:
    """The change of a number with its sign and without its unit; shares change in percentage points."""
    sign = "-" if number < 0 else "+"
    if metric.unit == "s":
        return sign + duration(abs(number), step=_time_step(number, doubt))
    decimals = _distinguishing_decimals(number, metric, [0.0], _known_decimals(number, metric, doubt))
    return sign + _scaled(abs(number), metric, decimals)


def decimals(number: float, metric: Metric, least: int | None = None, edges: Sequence[float] = ()) -> int:
    """The decimals that a value needs, at least so many; for a share, those of its percentage."""
    edges = [*edges, 0.0, 1.0] if metric.unit == "ratio" else [*edges, 0.0]
    edges = edges if metric.limit is None else [*edges, metric.limit]
    return _distinguishing_decimals(number, metric, edges, _min_decimals(metric) if least is None else least)


def with_unit(text: str, unit: str, currency: str) -> str:
    """The digits of a number with its unit: 12%, 3.4/h, $1.4M/day, 1,200 JPY."""
    match unit:
        case "ratio":
            return percent(text)
        case "money":
            return _money(text, currency)
        case "money_per_day":
            return translate("{amount}/day", amount=_money(text, currency))
        case _:
            return translate(_UNITS[unit], number=text) if unit in _UNITS else text


def unit_texts(unit: str, currency: str) -> tuple[str, str]:
    """What stands before and after the digits of a number with this unit; for exports, which have English units."""
    before, _, after = with_unit("\0", unit, currency).partition("\0")
    return before, " s" if unit == "s" else after


_UNITS = {
    "min": marked("{number} min"),
    "h": marked("{number} h"),
    "per_hour": marked("{number}/h"),
    "days": marked("{number} days"),
    "months": marked("{number} months"),
    "years": marked("{number} years"),
}


def _money(text: str, currency: str) -> str:
    """An amount with the symbol of its currency, or with its code where the symbol names several."""
    if (symbol := _SYMBOLS.get(currency)) is None:
        return f"{text} {currency}".rstrip()
    return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"


def money(amount: float, currency: str) -> str:
    """An amount with the coins of its currency: $1,234.50, 1,200 JPY."""
    places = currencies.decimals(currency)
    return _money(digits(amount, places), currency)


def rounded_money(amount: float, currency: str) -> str:
    """An amount without its coins: $1,235."""
    return _money(digits(amount), currency)


def duration(seconds: float, *, step: float = 0.0) -> str:
    """A duration in its two largest units: 42.5 s, 2 m 05 s, 3 h 08 m, 2 d 12 h.

    step: round to whole multiples of so many seconds, and leave out the units below.
    """
    if seconds < 0:
        return f"-{duration(-seconds, step=step)}"
    rounded = round(seconds / step) * step if step else seconds
    if round(rounded, 1) < _MINUTE:
        return translate("{seconds} s", seconds=digits(rounded, 0 if step else 1))
    whole, part, names = _pair(rounded)
    large, small = divmod(round(rounded / part), whole // part)
    if small == 0 and step >= whole:
        return translate(names[0], large=digits(large))
    return translate(names[1], large=digits(large), small=f"{small:02}")


def _pair(seconds: float) -> tuple[int, int, tuple[str, str]]:
    """The two units of a duration, in seconds, and their patterns."""
    return next(pair[:3] for pair in _PAIRS if round(seconds / pair[1]) * pair[1] < pair[3])


# The two units of a duration, below which length it has them, and how they are written alone and together.
_PAIRS = (
    (_MINUTE, 1, (marked("{large} m"), marked("{large} m {small} s")), _HOUR),
    (_HOUR, _MINUTE, (marked("{large} h"), marked("{large} h {small} m")), 2 * _DAY),
    (_DAY, _HOUR, (marked("{large} d"), marked("{large} d {small} h")), inf),
)


def _time_step(seconds: float, doubt: float | None) -> float:
    """The longest step not above half the doubt that leaves something of the duration; 0 for none."""
    fitting = [step for step in _TIME_STEPS if doubt and step <= doubt / 2 and step <= abs(seconds)]
    return max(fitting, default=0.0)


def _scaled(number: float, metric: Metric, decimals: int) -> str:
    """The digits of a number; decimals: below 0, how many digits before the point are rounded away."""
    rounded = round(number * _scale(metric), decimals)
    for size, zeros, letter in _LARGE:
        if abs(rounded) >= size and decimals <= _THOUSANDTHS - zeros:
            return translate(letter, number=digits(rounded / size, zeros + decimals))
    return digits(rounded, decimals)


def _known_decimals(number: float, metric: Metric, doubt: float | None, usual: int | None = None) -> int:
    """The decimals that are known; below 0, digits before the point are not known. usual: those without a doubt."""
    usual = _min_decimals(metric) if usual is None else usual
    if metric.unit == "per_hour" and abs(number) >= 1:
        usual = 1
    if metric.unit == "money_per_day" and abs(number) >= _MILLION:
        usual = _places(number) + 1
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
