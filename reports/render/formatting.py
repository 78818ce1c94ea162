"""Numbers as people read them: 12.4 %, 2 m 05 s, 1,234.50 EUR.

Rounding never hides a difference that matters. A value above a limit never reads as the limit or less, and a value
below it never as the limit or more. A value above zero never reads as 0, and a share below one never as 100 %.
"""

from reports.measures.counts import Count
from reports.measures.metric import Metric
from reports.model import currencies

NOTHING = "-"
NOT_REACHED = "not reached"
CANNOT_TELL = "cannot tell"

# The decimals of a value, unless it needs more to differ from a limit.
_DECIMALS = {"ratio": 1, "s": 1, "attempts": 1, "h": 1, "days": 1}
_DEFAULT_DECIMALS = 2
_LIMIT_DECIMALS = 2
# More decimals than a share of any number of calls needs; beyond them is the noise of binary fractions.
_MAX_DECIMALS = 9

_CENTS_MATTER_BELOW = 100

_SUFFIXES = {"ratio": " %", "h": " h", "days": " days", "per_hour": " an hour"}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def value(number: float, metric: Metric, currency: str) -> str:
    """A metric's number with its unit."""
    if metric.unit == "s":
        return duration(number, spaced=True)
    return _scaled(number, metric, decimals(number, metric, coins(metric, currency))) + unit_suffix(
        metric.unit, currency
    )


def coins(metric: Metric, currency: str) -> int | None:
    """The decimals of a metric's money: none in JPY, three in KWD; None for a number that is no money."""
    return currencies.decimals(currency) if metric.unit.startswith("money") else None


def bound(number: float, metric: Metric) -> str:
    """One end of an interval, without its unit; tenths of a second and cents would only suggest precision."""
    if metric.unit == "s":
        return duration(number, spaced=False)
    if metric.unit.startswith("money") and abs(number) >= _CENTS_MATTER_BELOW:
        return f"{number:,.0f}"
    return _scaled(
        number, metric, _distinguishing_decimals(number, metric, [] if metric.limit is None else [metric.limit])
    )


def interval(low: float | None, high: float | None, metric: Metric) -> str:
    """The interval, or its one known end; empty if both ends are unknown."""
    if low is None or high is None:
        ends = ("from ", low), ("up to ", high)
        return "".join(f"{word}{bound(end, metric)}" for word, end in ends if end is not None)
    return f"{bound(low, metric)}{' to ' if low < 0 else '-'}{bound(high, metric)}"


def cannot_tell(low: float | None, high: float | None, metric: Metric) -> str:
    """The words for a number that cannot be told, with the range in which it lies: cannot tell (0-100 %)."""
    if metric.unit != "ratio" or low is None or high is None:
        ends = interval(low, high, metric)
    else:
        ends = (
            "-".join(bound(end, metric).removesuffix(f".{'0' * _min_decimals(metric)}") for end in (low, high)) + " %"
        )
    return f"{CANNOT_TELL} ({ends})" if ends else CANNOT_TELL


def difference(number: float, metric: Metric) -> str:
    """The change of a number with its sign and without its unit; shares change in percentage points."""
    sign = "-" if number < 0 else "+"
    if metric.unit == "s":
        return sign + duration(abs(number), spaced=False)
    return sign + _scaled(abs(number), metric, _distinguishing_decimals(number, metric, [0.0]))


def decimals(number: float, metric: Metric, least: int | None = None) -> int:
    """The decimals that a value needs, at least so many; for a share, those of its percentage."""
    edges = [0.0, 1.0] if metric.unit == "ratio" else [0.0]
    return _distinguishing_decimals(number, metric, edges if metric.limit is None else [*edges, metric.limit], least)


def unit_suffix(unit: str, currency: str) -> str:
    """The suffix of a number with this unit."""
    match unit:
        case "money":
            return f" {currency}"
        case "money_per_day":
            return f" {currency} a day"
        case _:
            return _SUFFIXES.get(unit, "")


def duration(seconds: float, *, spaced: bool) -> str:
    """A duration in its two largest units: 42.5 s, 2 m 05 s, 3 h 08 m, 2 d 12 h; without spaces, 42s, 2m05s."""
    if seconds < 0:
        return f"-{duration(-seconds, spaced=spaced)}"
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f} s" if spaced else f"{seconds:.0f}s"
    gap = " " if spaced else ""
    for whole, part, names, longest in ((_MINUTE, 1, "ms", _HOUR), (_HOUR, _MINUTE, "hm", 2 * _DAY)):
        if round(seconds / part) * part < longest:
            return _two_units(seconds, whole, part, names, gap)
    return _two_units(seconds, _DAY, _HOUR, "dh", gap)


def _two_units(seconds: float, whole: int, part: int, names: str, gap: str) -> str:
    large, small = divmod(round(seconds / part), whole // part)
    return f"{large:,}{gap}{names[0]}{gap}{small:02}{gap}{names[1]}"


def _scaled(number: float, metric: Metric, decimals: int) -> str:
    return f"{number * _scale(metric):,.{decimals}f}"


def _distinguishing_decimals(number: float, metric: Metric, edges: list[float], least: int | None = None) -> int:
    """The decimals with which a rounded number stays on its own side of every edge."""
    scaled = number * _scale(metric)
    least = _min_decimals(metric) if least is None else least
    sides = [round(edge * _scale(metric), _MAX_DECIMALS) for edge in edges]
    for decimals in range(least, _MAX_DECIMALS):
        rounded = round(scaled, decimals)
        if all(_side(rounded, edge) == _side(round(scaled, _MAX_DECIMALS), edge) for edge in sides):
            return decimals
    return _MAX_DECIMALS


def _min_decimals(metric: Metric) -> int:
    if isinstance(metric.measure, Count):
        return 0
    return _LIMIT_DECIMALS if metric.limit is not None else _DECIMALS.get(metric.unit, _DEFAULT_DECIMALS)


def _side(number: float, edge: float) -> int:
    return (number > edge) - (number < edge)


def _scale(metric: Metric) -> int:
    return 100 if metric.unit == "ratio" else 1
