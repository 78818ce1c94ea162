"""Values as people type them: 1,234.50 or 1.234,50, 15 %, 4:30, 9-17. What cannot be read stays as it was typed."""

import re
from calendar import monthrange
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from reports.measures.metric import Metric

_SIGNS = re.compile(r"[\s\u00a0\u202f'\u2019_]|[A-Za-z]{3}|[$€£¥₹₽₩₺]")
# Thousands, or hundreds as in India: 12,34,567.
_GROUPED = re.compile(r"-?(?:\d*|\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:\.\d{2,3})*\.\d{3})").fullmatch
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?").fullmatch
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2}(?:\.\d+)?)").fullmatch
_PARTS = re.compile(
    r"(?:(?P<d>[\d.]+)\s*d[a-z]*)?\s*(?:(?P<h>[\d.]+)\s*h[a-z]*)?\s*(?:(?P<m>[\d.]+)\s*m(?:in[a-z]*)?)?"
    r"\s*(?:(?P<s>[\d.]+)\s*s[a-z]*)?"
).fullmatch
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})").fullmatch
_MONTHS = {
    name: place
    for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_UNIT_SECONDS = {"s": 1, "min": 60, "h": 3_600, "days": 86_400}


def amount(text: str) -> str:
    """An amount of money as the API takes it: without signs, spaces and thousands, with a decimal point.

    >>> [amount(text) for text in ("1,234.50", "1.234,50 EUR", "$ 12,000", "1 234,5", "0,5", "1.234")]
    ['1234.50', '1234.50', '12000', '1234.5', '0.5', '1.234']
    """
    bare = _SIGNS.sub("", text)
    marks = [mark for mark in bare if mark in ".,"]
    plain = _plain(bare, marks) if marks else bare
    return plain if _NUMBER(plain) else text


def _plain(bare: str, marks: list[str]) -> str:
    """A number without thousands; the last of two kinds of mark is the decimal one, and 1,234 has thousands."""
    last = marks[-1]
    whole, _, rest = bare.rpartition(last)
    is_decimal = marks.count(last) == 1 and (
        len(set(marks)) == 2 or last == "." or len(rest) != 3 or whole in ("", "0")
    )
    thousands = whole if is_decimal else bare
    if not _GROUPED(thousands):
        return bare
    digits = thousands.replace(",", "").replace(".", "")
    return f"{digits or 0}.{rest}" if is_decimal else digits


def level(text: str, metric: Metric) -> float | str:
    """A target in the metric's unit; text that is none stays.

    A share may be written as 15 % or 0.15, a time as 4:30, 4 m 30 s or a number in the metric's unit.
    """
    bare = re.sub(r"\s*(?:percent|per cent|pct)\.?$", "%", text.strip())
    if metric.unit == "ratio" and bare.endswith("%"):
        share = amount(bare.removesuffix("%"))
        return float(Decimal(share) / 100) if _NUMBER(share) else text
    if metric.unit in _UNIT_SECONDS and (seconds := _seconds(bare, metric)) is not None:
        return seconds / _UNIT_SECONDS[metric.unit]
    number = amount(bare.split("/")[0].removesuffix(" an hour"))
    return float(number) if _NUMBER(number) else text


def seconds(text: str) -> str:
    """A duration as the API takes it: a number of seconds; text that is none stays."""
    read = _parts(text.strip())
    return text if read is None else f"{read:g}"


def typed_level(value: float | None, metric: Metric) -> str:
    """A target as a person would type it."""
    if value is None:
        return ""
    if metric.unit == "ratio":
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    if metric.unit == "s" and value >= 60 and value == int(value):
        minutes, rest = divmod(int(value), 60)
        return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
    return f"{Decimal(str(value)).normalize():f}"


def moment(text: str, zone: ZoneInfo) -> str:
    """A day and a time on the clock of a zone, as the API takes it; text that is none stays."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return (read if read.tzinfo else read.replace(tzinfo=zone)).isoformat()


def hours(text: str) -> list[str]:
    """The working hours of a day, as the API takes them: `9-12, 13:00-17` are 09:00-12:00 and 13:00-17:00."""
    return [_piece(piece) for piece in re.split(r"[,;]|\band\b", text) if piece.strip()]


def _piece(piece: str) -> str:
    bare = re.sub(r"\s+", "", piece).replace("\u2013", "-").replace("\u2014", "-").replace("to", "-")
    return "-".join(_clock(end) for end in bare.split("-"))


def _clock(text: str) -> str:
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?", text)
    return f"{int(match[1]):02}:{match[2] or '00'}" if match else text


def _seconds(text: str, metric: Metric) -> float | None:
    """A time in seconds; None for a bare number, which is in the unit of the metric."""
    clock, hours_named = _CLOCK(re.sub(r"\s*(?:h|hours?|min|minutes?)$", "", text)), re.search("h", text)
    if clock and clock[1] is None and (hours_named or metric.unit in ("h", "days")):
        return int(clock[2]) * 3_600 + float(clock[3]) * 60
    if clock:
        return _parts(clock[0])
    return None if re.fullmatch(r"[\d.,\s]+", text) else _parts(text)


def _parts(text: str) -> float | None:
    if clock := _CLOCK(text):
        return int(clock[1] or 0) * 3_600 + int(clock[2]) * 60 + float(clock[3])
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = _PARTS(text)
    try:
        known = {name: float(part) for name, part in parts.groupdict().items() if part} if parts else {}
    except ValueError:
        return None
    return sum(_SECONDS[name] * number for name, number in known.items()) if known else None


def rate(text: str) -> str:
    """An exchange rate as the API takes it: a single comma is a decimal one."""
    bare = _SIGNS.sub("", text)
    return bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare


def days(text: str, *, month_first: bool) -> tuple[str, str]:
    """The first and the last day of what was typed: a day or a month. Text that is neither stays.

    month_first: 3/4/2026 is the fourth of March.

    >>> [days(text, month_first=False) for text in ("2026-03", "4.3.2026", "Feb 2028")]
    [('2026-03-01', '2026-03-31'), ('2026-03-04', '2026-03-04'), ('2028-02-01', '2028-02-29')]
    """
    bare = text.strip()
    if month := _month(bare):
        year, number = month
        return f"{year:04}-{number:02}-01", f"{year:04}-{number:02}-{monthrange(year, number)[1]:02}"
    parts = _DAY(bare)
    if parts is None:
        return bare, bare
    first, second = (parts[2], parts[1]) if month_first and "." not in bare else (parts[1], parts[2])
    day = f"{parts[3]}-{int(second):02}-{int(first):02}"
    return day, day


def _month(text: str) -> tuple[int, int] | None:
    """The year and the number of a month: 2026-03, 03/2026, March 2026."""
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", text):
        year, number = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        year, number = int(match[2]), int(match[1])
    elif match := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{4})", text):
        year, number = int(match[2]), _MONTHS.get(match[1][:3].lower(), 0)
    else:
        return None
    return (year, number) if 1 <= number <= 12 and year else None
