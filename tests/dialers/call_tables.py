"""Tables of calls: what happened in each call, and what the ledger must hold then, worked by hand.

`floor/calls.csv` in a dialer's folder has fifty interleaved calls, one a row. `at` is the start as minutes and seconds
after opening. `way` is out, in, or turned: an outbound call that the dialer calls inbound after a transfer. `steps`
tells the call's life as the dialer's own module reads it. The other columns are right values; empty means null:

- `lead`: the lead with this phone number, received five minutes before the call.
- `result`: the network result or, for an inbound call, the outcome.
- `talk`, `hold`: seconds. `shares`: agent, talk, and hold of every agent of a call with several.
- `code`, `note`: the outcome that counts, and the note of the call.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.dialers.deliveries import OURS

OPENING = datetime(2026, 4, 15, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """What happens in a call at one second after its start."""

    verb: str
    second: int
    rest: str


@dataclass(frozen=True)
class TableCall:
    """A row of a table."""

    call: str
    at: str
    way: str
    agent: str
    phone: str
    steps: str
    last: str
    lead: str
    result: str
    talk: str
    hold: str
    shares: str
    code: str
    note: str

    @property
    def starts(self) -> datetime:
        """When the call began."""
        minutes, _, seconds = self.at.partition(":")
        return OPENING + timedelta(minutes=int(minutes), seconds=int(seconds))

    @property
    def life(self) -> list[Step]:
        """The steps in order."""
        parts = (step.split(maxsplit=2) for step in self.steps.split(";"))
        return [Step(part[0], int(part[1]), "".join(part[2:])) for part in parts]

    @property
    def is_inbound(self) -> bool:
        """Whether the customer called."""
        return self.way == "in"

    @property
    def right(self) -> dict[str, str]:
        """The columns that the ledger must hold."""
        names = ("last", "lead", "result", "talk", "hold", "shares", "code", "note")
        return {name: getattr(self, name) for name in names}


def floor(vendor: str) -> list[TableCall]:
    """The calls of a dialer's floor."""
    with (OURS / vendor / "floor" / "calls.csv").open() as file:
        return [TableCall(**row) for row in csv.DictReader(file)]
