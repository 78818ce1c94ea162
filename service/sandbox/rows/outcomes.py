"""The outcomes of a dial, how likely each is, and how long it takes.

The column `outcome` holds indexes of OUTCOMES throughout the simulation.
"""

from dataclasses import dataclass

import polars as pl

from service.sandbox.scenario.codes import UNMAPPED_CODE
from service.sandbox.scenario.rng import attribute, look_up


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a dial can end.

    ring: shortest and longest, in seconds; talk, wrap: typical seconds, 0 for none; code: its disposition code.
    closes: the reason to close the lead after it; mistaken: the code that agents set now and then by mistake.
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
    def connected(self) -> bool:
        """Whether an agent was on the line."""
        return self.handled == "agent"

    @property
    def detector(self) -> str | None:
        """Who detected what had answered: the agent or the dialer."""
        return None if self.answered_by is None else "agent" if self.connected else "amd"


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
    _spoken("too_dear", UNMAPPED_CODE, 110, closes="not interested"),
    _spoken("not_interested", "NI", 85, closes="not interested", mistaken="INFO"),
)

INDEXES = {outcome.name: index for index, outcome in enumerate(OUTCOMES)}

# When no person picks up; when a person does and will be called again; and when the call settles the matter. The best
# results stand first in the last table: an agent who persuades better has more of them.
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

# An automatic dialer hands no machine over to agents; where agents listen from the first ring no call is dropped.
_AUTOMATIC = {"machine": "machine_heard", "voicemail": "machine_heard", "fax": "machine_heard"}
_LISTENING = {"dropped": "hung_up"}


def drawn(weights: dict[str, float], index: pl.Expr) -> pl.Expr:
    """The outcome at an index of some outcomes, as an index of all of them."""
    return look_up([INDEXES[name] for name in weights], index)


def on_line(outcome: pl.Expr, automatic: pl.Expr) -> pl.Expr:
    """The outcome as it is on an automatic line, or on one that agents listen to."""
    by_dialer, by_agent = (
        look_up([INDEXES[other.get(known.name, known.name)] for known in OUTCOMES], outcome)
        for other in (_AUTOMATIC, _LISTENING)
    )
    return pl.when(automatic).then(by_dialer).otherwise(by_agent)


def of_outcome(name: str) -> pl.Expr:
    """An attribute of the call's outcome; null without an outcome."""
    return attribute(OUTCOMES, name, pl.col("outcome"))


def is_any(*names: str) -> pl.Expr:
    """Whether the call's outcome is one of these; false without an outcome."""
    return pl.col("outcome").is_in([INDEXES[name] for name in names]).fill_null(value=False)
