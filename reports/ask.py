"""What somebody asks of a report, read from parameters as they come from a URL or a command line.

Every parameter that is unknown, and every value that cannot be used, becomes a fault of its own, so that all of them
are told at once. What was not said is filled in and echoed in the answer: the window, the zone, the breakdown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from reports import windows
from reports.catalogue import catalogue
from reports.codes import Codes
from reports.dimensions import DIMENSIONS, FILTERS, Dimension
from reports.metric import Metric
from reports.presets import PRESETS
from reports.windows import TimeFormError, Window

PARAMETERS = ("by", "from", "to", "tz", "as_of", *FILTERS)
MOST_CODES = 1_000

Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a question: the parameter, and what it should have been."""

    parameter: str
    message: str


class AskError(Exception):
    """A question that cannot be answered as it stands; each fault names one parameter."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Account:
    """Whose facts are asked for, and the moment they are read at."""

    account_id: int
    zone: ZoneInfo
    taken_at: datetime


@dataclass(frozen=True, eq=False)
class Ask:
    """A question that can be answered. as_of: null means as believed now."""

    preset: str | None
    metrics: tuple[Metric, ...]
    by: tuple[Dimension, ...]
    window: Window
    filters: dict[str, tuple[str, ...]]
    as_of: datetime | None


class Reader:
    """Reads one set of parameters, collecting what is wrong with them."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.faults: list[Fault] = []

    def fault(self, parameter: str, message: str) -> None:
        """Note one thing that is wrong."""
        self.faults.append(Fault(parameter, message))

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Every parameter that means nothing here is a fault."""
        for name in self.parameters:
            if name not in known:
                self.fault(name, f"is not a parameter of this report{_meant(name, known)}")

    def one(self, name: str) -> str | None:
        """The value of a parameter that is given once or not at all."""
        values = self.parameters.get(name, ())
        if len(values) > 1:
            self.fault(name, "must be given only once")
        return values[0] if values else None

    def names(self, parameter: str, known: Mapping[str, object], what: str) -> list[str]:
        """Names out of a known set, separated by commas or given repeatedly."""
        values = ",".join(self.parameters.get(parameter, ())).split(",")
        names = [value.strip() for value in values if value.strip()]
        for name in dict.fromkeys(names):
            if name not in known:
                self.fault(parameter, f"{_short(name)} is not a {what}{_meant(name, list(known))}")
            elif names.count(name) > 1:
                self.fault(parameter, f"{_short(name)} is named twice")
        return [name for name in names if name in known]

    def as_of(self, now: datetime) -> datetime | None:
        """The instant whose beliefs are asked for; None is now."""
        text = self.one("as_of")
        try:
            as_of = windows.read_instant(text) if text is not None else None
        except TimeFormError as error:
            self.fault("as_of", str(error))
            return None
        if as_of is not None and as_of > now:
            self.fault("as_of", "is in the future: nothing is known of it yet")
        return as_of

    def time(self, name: str, zone: ZoneInfo) -> datetime | None:
        """A date or an instant."""
        text = self.one(name)
        try:
            return windows.read_edge(text, zone) if text is not None else None
        except TimeFormError as error:
            self.fault(name, str(error))
        return None


def read_ask(preset: str | None, reader: Reader, account: Account, codes: Codes, as_of: datetime | None) -> Ask:
    """The question that some parameters ask, of an account with these codes. Raises AskError with every fault."""
    reader.refuse_unknown(PARAMETERS if preset else ("metrics", *PARAMETERS))
    metrics = _metrics(reader, preset)
    by = tuple(DIMENSIONS[name] for name in reader.names("by", DIMENSIONS, "dimension"))
    _refuse_foreign_dimensions(reader, metrics, by)
    filters = _filters(reader, codes)
    window = _window(reader, _default_zone(filters, codes, account), account.taken_at)
    if reader.faults or window is None:
        raise AskError(reader.faults)
    return Ask(preset, metrics, by, window, filters, as_of)


def _metrics(reader: Reader, preset: str | None) -> tuple[Metric, ...]:
    names = list(PRESETS[preset].metrics) if preset else reader.names("metrics", catalogue(), "metric")
    if not names and not reader.faults:
        reader.fault("metrics", "must name at least one metric")
    return tuple(catalogue()[name].metric for name in names)


def _refuse_foreign_dimensions(reader: Reader, metrics: Iterable[Metric], by: Iterable[Dimension]) -> None:
    for metric in metrics:
        for dimension in by:
            if dimension.name not in metric.dimensions:
                reader.fault("by", f"{metric.name} cannot be broken down by {dimension.name}")


def _filters(reader: Reader, codes: Codes) -> dict[str, tuple[str, ...]]:
    """Codes to narrow the report to, as they read; an empty one stands for the calls that have none."""
    return {name: _codes(reader, name, codes) for name in FILTERS if reader.parameters.get(name)}


def _codes(reader: Reader, name: str, codes: Codes) -> tuple[str, ...]:
    asked = dict.fromkeys(reader.parameters[name])
    if len(asked) > MOST_CODES:
        reader.fault(name, f"must not be given more than {MOST_CODES} times")
        return ()
    readings = {code: codes.reading(name, code) if code else "" for code in asked}
    for code, reading in readings.items():
        if reading is None:
            title = DIMENSIONS[name].title.lower()
            # Phone numbers are never repeated, not even to whoever sent them.
            named = f"such {title}" if name == "tracking_number" else f"{title} {_short(code)}"
            reader.fault(name, f"there is no {named} in this account")
    return tuple(dict.fromkeys(reading for reading in readings.values() if reading is not None))


def _default_zone(filters: Mapping[str, Sequence[str]], codes: Codes, account: Account) -> ZoneInfo:
    """The zone of the one campaign that is asked for, else the account's."""
    match filters.get("campaign", ()):
        case [campaign] if zone := codes.zone_of_campaign(campaign):
            return ZoneInfo(zone)
        case _:
            return account.zone


def _window(reader: Reader, zone: ZoneInfo, now: datetime) -> Window | None:
    text = reader.one("tz")
    try:
        zone = windows.read_zone(text) if text is not None else zone
    except TimeFormError as error:
        reader.fault("tz", str(error))
    start, end = reader.time("from", zone), reader.time("to", zone)
    if reader.faults:
        return None
    try:
        return windows.window(start, end, zone, now)
    except TimeFormError as error:
        reader.fault("to", str(error))
    return None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def _meant(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(known)}"
