"""The quantities of a staffing plan as people write them: 30m, 180, 80/20, 30%."""

import re
from math import inf

_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_COUNT = re.compile(_NUMBER, re.ASCII)
_DURATION = re.compile(rf"({_NUMBER}) ?(s|m|min|h)?", re.ASCII)
_PERCENT = re.compile(rf"({_NUMBER}) ?%?", re.ASCII)
_SECONDS = {None: 1, "s": 1, "m": 60, "min": 60, "h": 3600}

MOST_CALLS = 10_000_000
MOST_AGENTS = 1_000_000
LONGEST = 24 * 3600


class QuantityError(ValueError):
    """A text is not a quantity of its kind. The message says what it must be."""


def calls(text: str) -> float:
    """A number of calls, also of a forecast: 12.5. Raises QuantityError."""
    if not _COUNT.fullmatch(text) or float(text) > MOST_CALLS:
        raise QuantityError(f"must be a number of calls from 0 to {MOST_CALLS:,}, such as 100")
    return float(text)


def agents(text: str) -> int:
    """A number of agents. Raises QuantityError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and int(text) <= MOST_AGENTS):
        raise QuantityError(f"must be a whole number of agents from 0 to {MOST_AGENTS:,}, such as 12")
    return int(text)


def interval(text: str) -> float:
    """The length of an interval with its unit, in seconds. Raises QuantityError."""
    seconds = _seconds(text)
    if seconds is None or text.strip()[-1].isdigit() or not 60 <= seconds <= LONGEST:
        raise QuantityError("must be a length with its unit, from 1m to 24h, such as 30m or 1h")
    return seconds


def duration(text: str) -> float:
    """A time above 0 in seconds, if no unit says otherwise. Raises QuantityError."""
    seconds = _seconds(text)
    if seconds is None or not 0 < seconds <= LONGEST:
        raise QuantityError("must be a time above 0 and up to 24h, such as 180 (seconds), 180s or 3m")
    return seconds


def patience(text: str) -> float:
    """The average time after which callers hang up, in seconds; `none` if they never do. Raises QuantityError."""
    if text == "none":
        return inf
    try:
        return duration(text)
    except QuantityError as error:
        raise QuantityError(f"{error}, or none if callers never hang up") from None


def service_target(text: str) -> tuple[float, float]:
    """The share and the seconds of a service level: 80/20. Raises QuantityError."""
    share, _, seconds = text.partition("/")
    if (within := _seconds(seconds)) is None or within > LONGEST:
        raise QuantityError("must be a share and seconds, such as 80/20 for 80% of callers within 20 seconds")
    return _percentage(share, "with a share above 0 and below 100 percent, such as 80/20", below_all=True), within


def shrinkage(text: str) -> float:
    """The share of paid time away from calls, from a percentage: 30. Raises QuantityError."""
    message = "must be a percentage from 0 to below 100, such as 30"
    return 0.0 if _COUNT.fullmatch(text) and float(text) == 0 else _percentage(text, message, below_all=True)


def occupancy(text: str) -> float:
    """The highest share of time on calls, from a percentage: 90. Raises QuantityError."""
    return _percentage(text, "must be a percentage above 0 and up to 100, such as 90", below_all=False)


def _seconds(text: str) -> float | None:
    match = _DURATION.fullmatch(text.strip())
    return float(match[1]) * _SECONDS[match[2]] if match else None


def _percentage(text: str, message: str, *, below_all: bool) -> float:
    match = _PERCENT.fullmatch(text.strip())
    number = float(match[1]) if match else 0.0
    if not 0 < number <= 100 or (below_all and number == 100):
        raise QuantityError(message if message.startswith("must") else f"must be {message}")
    if number < 1:
        # 0.3 for 30% is an easy slip, and nobody plans with less than a percent.
        raise QuantityError(f"is a percentage: write {100 * number:g} for {100 * number:g}%")
    return number / 100
