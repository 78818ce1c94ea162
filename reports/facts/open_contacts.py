"""Open contacts: one row is one lead, at its first conversation that needs a follow-up, and whether it got one.

A contact is an attempt in which a person answered and an agent spoke with them, unless it was the wrong person. It
needs a follow-up unless it ended with a sale, an appointment, or a no: not interested, not qualified, do not call. Each
lead counts once, at its first such contact ever, for the agent who had it.

A follow-up is the next attempt that could have rung, by any agent. It is also any other follow-up that a person did,
such as an e-mail or a text message. The latter counts only with the time at which it was done. In time means by the end
of the third business day after the contact, in the calendar of the agent's team. Until that day is over the lead is
excluded, followed up or not: counting only the quick follow-ups would flatter. A lead closed before any follow-up is
excluded too.

A lead without such a contact has a row as well if a call may have been one: nothing tells who answered it, or who
handled it. Such a row is not certain, and counts only in the range of a rate.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, MATERIALISED, TIME_DIMENSIONS, CurrentRows, Frame, Input, Stages
from reports.model.calendars import business_days_after
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.call_populations import human_with_agent, possibly_human_with_agent, valid
from reports.rules.lead_history import LEAD_HISTORY

BUSINESS_DAYS = 3

# Results after which no follow-up is needed.
FINAL = ("sale", "appointment", "not_interested", "not_qualified", "do_not_call")

_LEAD = ("lead", "test")
_IN_ORDER = ("dialed_at", "dialer", "external_id")

_OPEN_CONTACT: Schema = {
    **LEAD_HISTORY,
    # The end of the last day on which a follow-up is in time.
    "in_time_until": INSTANT,
    # The moment of the first follow-up; null while there is none.
    "followed_at": INSTANT,
    **dict.fromkeys(("followed", "closed", "over", "certain"), pl.Boolean),
}


def due() -> pl.Expr:
    """The lead was spoken with, the time to follow up is over, and the lead was not closed before."""
    return _due() & pl.col("certain")


def perhaps_due() -> pl.Expr:
    """The same for a lead of which it is not certain that an agent spoke with a person."""
    return _due() & ~pl.col("certain")


def _due() -> pl.Expr:
    return pl.col("over") & ~pl.col("closed")


def followed() -> pl.Expr:
    """The lead was followed up in time."""
    return pl.col("followed")


_KNOWN: Schema = {**LEAD_HISTORY, "certain": pl.Boolean, "followed_at": INSTANT}


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    del codes
    calls = rows["calls_until_report"].filter(pl.col("lead").is_not_null()).cache()
    contacts = _first_open(calls).cache()
    done = rows["follow_ups_done"].select("lead", at="done_at")
    dials = calls.filter(valid() & ~pl.col("test")).select("lead", at="dialed_at")
    known = contacts.join(_next(contacts, pl.concat([done, dials])), on=_LEAD, how="left")
    return known.select(*_KNOWN)


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    known = rows[MATERIALISED].with_columns(team=context.codes.team_of("agent"))
    timed = business_days_after(known, "dialed_at", BUSINESS_DAYS, "team", context.codes.calendars, "in_time_until")
    in_time = pl.col("in_time_until")
    return (
        timed.with_columns(
            followed=(pl.col("followed_at") < in_time).fill_null(value=False), over=in_time <= context.until
        )
        .with_columns(closed=(pl.col("lead_closed_at") < in_time).fill_null(value=False) & ~pl.col("followed"))
        .select(*_OPEN_CONTACT)
    )


def _first_open(calls: pl.LazyFrame) -> pl.LazyFrame:
    """The first contact of each lead that needs a follow-up; for a lead without one, the first possible contact."""
    still_open = (pl.col("party") != "wrong_party") & ~pl.col("result").is_in(FINAL)
    contacts = calls.filter((human_with_agent() | possibly_human_with_agent()) & still_open)
    in_order = (pl.col("uncertain"), *map(pl.col, _IN_ORDER))
    first = pl.int_range(pl.len()).over(_LEAD, order_by=in_order) == 0
    return contacts.with_columns(uncertain=~human_with_agent()).filter(first).with_columns(certain=~pl.col("uncertain"))


def _next(contacts: pl.LazyFrame, actions: pl.LazyFrame) -> pl.LazyFrame:
    """Lead, test and the moment of the first follow-up after its contact."""
    later = contacts.select(*_LEAD, "dialed_at").join(actions, on="lead").filter(pl.col("at") > pl.col("dialed_at"))
    return later.group_by(_LEAD).agg(followed_at=pl.col("at").min())


_COUNTED = ~pl.col("test")

STAGES = Stages(_materialise, _KNOWN, _finish, subject="lead", at="dialed_at")

OPEN_CONTACTS = Frame(
    name="open_contacts",
    label="leads spoken with and left open",
    grain="lead",
    inputs=(
        Input("calls_until_report", LEAD_HISTORY, inputs.calls_until_report, lead_selection.leads_worked),
        Input("follow_ups_done", {"lead": pl.String, "done_at": INSTANT}, inputs.follow_ups_done),
    ),
    columns=_OPEN_CONTACT,
    key=("lead", "test"),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="dialed_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    calls={"external_id": "attempt"},
    display_columns=(
        "dialed_at",
        "followed_at",
        "in_time_until",
        "followed",
        "dialer",
        "external_id",
        "disposition",
        "result",
    ),
    population=_COUNTED,
    exclusions={
        "test": pl.col("test"),
        "too_early_to_tell": _COUNTED & ~pl.col("over"),
        "closed": _COUNTED & pl.col("over") & pl.col("closed"),
        "perhaps_spoken": _COUNTED & ~pl.col("certain"),
    },
)
