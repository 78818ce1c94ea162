"""Numbers as people read them: 12.4 %, 2 m 05 s, 1,234.50 EUR.

Rounding never hides what matters: a value above a limit never reads as the limit or less, one below it never as the
limit or more; and what is not nothing never reads as 0, what is not everything never as 100 %.
"""

from reports.measures.counts import Count
from reports.measures.metric import Metric

NOTHING = "-"
NOT_REACHED = "not reached"

# How many decimals a value is shown with, unless it has to be told apart from something.
_PLACES = {"ratio": 1, "s": 1, "attempts": 1, "h": 1, "days": 1}
_USUAL_PLACES = 2
_LIMITED_PLACES = 2
# Finer than any share of so many calls; below it is the noise of binary fractions.
_FINEST = 9

_CENTS_MATTER_BELOW = 100

_AFTER = {"ratio": " %", "h": " h", "days": " days", "per_hour": " an hour"}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def value(number: float, metric: Metric, currency: str) -> str:
    """A metric's number with its unit."""
    if metric.unit == "s":
        return duration(number, spaced=True)
    return _plain(number, metric, places(number, metric)) + after(metric.unit, currency)


def bound(number: float, metric: Metric) -> str:
    """One end of an interval, without its unit; tenths of a second and cents would only pretend to be known."""
    if metric.unit == "s":
        return duration(number, spaced=False)
    if metric.unit.startswith("money") and abs(number) >= _CENTS_MATTER_BELOW:
        return f"{number:,.0f}"
    return _plain(number, metric, _told_apart(number, metric, [] if metric.limit is None else [metric.limit]))


def interval(low: float | None, high: float | None, metric: Metric) -> str:
    """From one end to the other, or from one end on; nothing where both ends are unknown."""
    if low is None or high is None:
        ends = ("from ", low), ("up to ", high)
        return "".join(f"{word}{bound(end, metric)}" for word, end in ends if end is not None)
    return f"{bound(low, metric)}{' to ' if low < 0 else '-'}{bound(high, metric)}"


def difference(number: float, metric: Metric) -> str:
    """By how much a number changed, with its sign and without its unit; of shares, in percentage points."""
    sign = "-" if number < 0 else "+"
    if metric.unit == "s":
        return sign + duration(abs(number), spaced=False)
    return sign + _plain(abs(number), metric, _told_apart(number, metric, [0.0]))


def places(number: float, metric: Metric) -> int:
    """How many decimals a value has to be shown with, of a share those of its percentage."""
    edges = [0.0, 1.0] if metric.unit == "ratio" else [0.0]
    return _told_apart(number, metric, edges if metric.limit is None else [*edges, metric.limit])


def after(unit: str, currency: str) -> str:
    """What stands behind a number of some unit."""
    match unit:
        case "money":
            return f" {currency}"
        case "money_per_day":
            return f" {currency} a day"
        case _:
            return _AFTER.get(unit, "")


def duration(seconds: float, *, spaced: bool) -> str:
    """A length of time in its two largest units: 42.5 s, 2 m 05 s, 3 h 08 m, 2 d 12 h; without spaces, 42s, 2m05s."""
    if seconds < 0:
        return f"-{duration(-seconds, spaced=spaced)}"
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f} s" if spaced else f"{seconds:.0f}s"
    gap = " " if spaced else ""
    for whole, part, names, longest in ((_MINUTE, 1, "ms", _HOUR), (_HOUR, _MINUTE, "hm", 2 * _DAY)):
        if round(seconds / part) * part < longest:
            return _two(seconds, whole, part, names, gap)
    return _two(seconds, _DAY, _HOUR, "dh", gap)


def _two(seconds: float, whole: int, part: int, names: str, gap: str) -> str:
    large, small = divmod(round(seconds / part), whole // part)
    return f"{large:,}{gap}{names[0]}{gap}{small:02}{gap}{names[1]}"


def _plain(number: float, metric: Metric, decimals: int) -> str:
    return f"{number * _scale(metric):,.{decimals}f}"


def _told_apart(number: float, metric: Metric, edges: list[float]) -> int:
    """The decimals with which a number reads on the same side of every edge as it lies."""
    scaled = number * _scale(metric)
    least = _least(metric)
    sides = [round(edge * _scale(metric), _FINEST) for edge in edges]
    for decimals in range(least, _FINEST):
        read = round(scaled, decimals)
        if all(_side(read, edge) == _side(round(scaled, _FINEST), edge) for edge in sides):
            return decimals
    return _FINEST


def _least(metric: Metric) -> int:
    if isinstance(metric.measure, Count):
        return 0
    return _LIMITED_PLACES if metric.limit is not None else _PLACES.get(metric.unit, _USUAL_PLACES)


def _side(number: float, edge: float) -> int:
    return (number > edge) - (number < edge)


def _scale(metric: Metric) -> int:
    return 100 if metric.unit == "ratio" else 1
