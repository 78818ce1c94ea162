"""The parameter parser: reads parameters from a URL or a command line, and collects all their faults.

Every unknown parameter and every invalid value becomes its own fault, so the sender sees all faults at once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from reports.model import windows
from reports.model.times import TimeFormError

_MOST_LISTED = 60
# Comparing names takes time: names longer than any known name, and further unknown names, get no suggestion.
_LONGEST_COMPARED = 60
_MOST_SUGGESTIONS = 10

Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Fault:
    """One fault of a request: the parameter, and the value it needs."""

    parameter: str
    message: str


class InvalidRequest(Exception):
    """A request with faults; each fault names one parameter."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)

    @classmethod
    def of(cls, parameter: str, message: str) -> "InvalidRequest":
        """A request with a single fault."""
        return cls([Fault(parameter, message)])


class ParameterParser:
    """Reads one set of parameters and collects their faults."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.faults: list[Fault] = []

    def fault(self, parameter: str, message: str) -> None:
        """Record a fault."""
        self.faults.append(Fault(parameter, message))

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Record a fault for every unknown parameter."""
        unknown = [name for name in self.parameters if name not in known]
        for number, name in enumerate(unknown):
            self.fault(name, f"is not a parameter of this report{_suggestion(number, name, known)}")

    def single(self, name: str) -> str | None:
        """The value of a parameter that may appear at most once."""
        values = self.parameters.get(name, ())
        if len(values) > 1:
            self.fault(name, "must be given only once")
        return values[0] if values else None

    def names(self, parameter: str, known: Mapping[str, object], what: str) -> list[str]:
        """Names from a known set, separated by commas or in repeated parameters."""
        values = ",".join(self.parameters.get(parameter, ())).split(",")
        counts = Counter(value.strip() for value in values if value.strip())
        if len(counts) > len(known):
            self.fault(parameter, f"names {len(counts):,} values; there are only {len(known)}")
            return []
        for number, name in enumerate(name for name in counts if name not in known):
            self.fault(parameter, f"{shortened(name)} is not a {what}{_suggestion(number, name, list(known))}")
        names = [name for name in counts if name in known]
        for name in names:
            if counts[name] > 1:
                self.fault(parameter, f"{shortened(name)} is named twice")
        return names

    def choice(self, parameter: str, known: Sequence[str], usual: str) -> str:
        """One of the known words, or the default."""
        text = self.single(parameter)
        if text is None:
            return usual
        if text not in known:
            self.fault(parameter, f"must be one of {', '.join(known)}")
        return text

    def whole(self, parameter: str, usual: int, most: int | None = None) -> int:
        """A whole number, or the default."""
        text = self.single(parameter)
        if text is None:
            return usual
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            self.fault(parameter, "must be a whole number")
            return usual
        if most is not None and not 1 <= int(text) <= most:
            self.fault(parameter, f"must be between 1 and {most}")
        return int(text)

    def as_of(self, now: datetime) -> datetime | None:
        """The instant of the requested rows (`rows_as_of`); None means now."""
        text = self.single("as_of")
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
        text = self.single(name)
        try:
            return windows.read_edge(text, zone) if text is not None else None
        except TimeFormError as error:
            self.fault(name, str(error))
        return None


def shortened(text: str) -> str:
    """A value as messages repeat it to its sender, shortened if it is long."""
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A suggestion for an unknown name: the closest known name, or the list of known names if it is short."""
    close = get_close_matches(name, known, n=1) if len(name) <= _LONGEST_COMPARED else []
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(known)}" if len(known) <= _MOST_LISTED else ""


def _suggestion(number: int, name: str, known: Sequence[str]) -> str:
    """The suggestion for the unknown name of this number, the first being 0; none for further ones."""
    return did_you_mean(name, known) if number < _MOST_SUGGESTIONS else ""
