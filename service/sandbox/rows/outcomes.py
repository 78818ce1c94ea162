"""What a dial can come to, how likely each is, and how long it takes.

Places in OUTCOMES stand for outcomes throughout the simulation. Disposition codes are those of the demo's floor.
"""

from dataclasses import dataclass

import polars as pl

from service.floor.cast import UNTOLD_CODE
from service.sandbox.scenario.rng import look_up


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a dial can end.

    ring: shortest and longest, in seconds; talk, wrap: typical seconds, 0 for none; code: its disposition code.
    closes: why a lead is closed after it; mistaken: the code it is now and then mistaken for.
    """

    name: str
    network: str
    code: str
    ring: tuple[float, float] = (4, 22)
    answered_by: str | None = None
    handled: str | None = "none"
    talk: float = 0
    wrap: float = 4
    closes: str | None = None
    mistaken: str | None = None

    @property
    def met(self) -> bool:
        """Whether an agent was on the line."""
        return self.handled == "agent"

    @property
    def detector(self) -> str | None:
        """Who said who answered."""
        return None if self.answered_by is None else "agent" if self.met else "amd"


def _spoken(
    name: str, code: str, talk: float, wrap: float = 30, closes: str | None = None, mistaken: str | None = None
) -> Outcome:
    return Outcome(name, "answered", code, (4, 22), "human", "agent", talk, wrap, closes, mistaken)


def _machine(name: str, code: str, handled: str, answered_by: str = "machine", talk: float = 0) -> Outcome:
    return Outcome(name, "answered", code, answered_by=answered_by, handled=handled, talk=talk, wrap=7)


OUTCOMES = (
    Outcome("no_answer", "no_answer", "NA", (22, 33)),
    Outcome("busy", "busy", "BUSY", (1, 3)),
    Outcome("rejected", "rejected", "REJECT", (3, 12)),
    Outcome("network_failure", "network_failure", "ERROR", (0, 6)),
    Outcome("cancelled", "cancelled", "CANCEL", (1, 9)),
    Outcome("blocked", "blocked", "BLOCK", (0, 0)),
    Outcome("dead", "invalid_number", "BADNUM", (0, 2), closes="number does not exist"),
    _machine("fax", "FAX", "agent", "fax_or_tone", talk=4),
    _machine("machine", "AM", "agent", talk=4),
    _machine("voicemail", "VM", "agent", talk=25),
    _machine("machine_heard", "AA", "none"),
    Outcome("dropped", "answered", "DROP", answered_by="human", handled="abandoned_by_us"),
    _spoken("hung_up", "HUNGUP", 5, 10),
    _spoken("gatekeeper", "GATEKP", 38, 24),
    _spoken("callback", "CALLBK", 80, mistaken="NI"),
    _spoken("interested", "INFO", 210, mistaken="NI"),
    _spoken("sale", "SALE", 480, 55, closes="sold", mistaken="APPT"),
    _spoken("appointment", "APPT", 320, 45, mistaken="CALLBK"),
    _spoken("qualified", "QUAL", 260, 40, mistaken="INFO"),
    _spoken("do_not_call", "DNC", 40, closes="asked never to be called"),
    _spoken("wrong_party", "WRONGP", 26, closes="wrong number"),
    _spoken("not_qualified", "NQ", 135, closes="not qualified"),
    _spoken("too_dear", UNTOLD_CODE, 110, closes="not interested"),
    _spoken("not_interested", "NI", 85, closes="not interested", mistaken="INFO"),
)

PLACES = {outcome.name: place for place, outcome in enumerate(OUTCOMES)}

# When nobody picks up, when somebody does and it leads on, and when it settles the matter. The best results are first
# in the last: whoever persuades better has more of them.
UNANSWERED = {
    "no_answer": 62.0,
    "machine": 14.0,
    "voicemail": 9.0,
    "busy": 6.5,
    "rejected": 4.0,
    "network_failure": 2.0,
    "cancelled": 1.2,
    "blocked": 0.6,
    "dead": 0.7,
}
GOES_ON = {"callback": 33.0, "gatekeeper": 18.0, "hung_up": 24.0, "interested": 20.0, "dropped": 5.0}
SETTLES = {
    "sale": 8.0,
    "appointment": 11.0,
    "qualified": 5.0,
    "do_not_call": 3.0,
    "wrong_party": 8.0,
    "not_qualified": 10.0,
    "too_dear": 4.0,
    "not_interested": 51.0,
}

# A dialer that rings by itself hands no machine over; where agents listen from the first ring nobody is dropped.
_AUTOMATIC = {"machine": "machine_heard", "voicemail": "machine_heard", "fax": "machine_heard"}
_LISTENING = {"dropped": "hung_up"}


def drawn(from_: dict[str, float], place: pl.Expr) -> pl.Expr:
    """The outcome at a place among some, as a place among all."""
    return look_up([PLACES[name] for name in from_], place)


def on_line(outcome: pl.Expr, automatic: pl.Expr) -> pl.Expr:
    """The outcome as it is on an automatic line or on one that agents listen to."""
    by_dialer, by_agent = (
        look_up([PLACES[other.get(each.name, each.name)] for each in OUTCOMES], outcome)
        for other in (_AUTOMATIC, _LISTENING)
    )
    return pl.when(automatic).then(by_dialer).otherwise(by_agent)


def of(outcome: pl.Expr, name: str) -> pl.Expr:
    """What an attribute of the outcome is; null for no outcome."""
    return look_up([getattr(each, name) for each in OUTCOMES], outcome)


def came_to(*names: str) -> pl.Expr:
    """Whether a call came to one of these; false while it has come to nothing."""
    return pl.col("outcome").is_in([PLACES[name] for name in names]).fill_null(value=False)
