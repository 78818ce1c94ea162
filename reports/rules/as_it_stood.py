"""Rows as they stood at an earlier moment: whatever happened later is taken away, by the time at which it happened.

A report compares two periods at equal age. It reads the earlier one from the rows that are known today, corrections
included, without what happened after that moment:

 1  Calls dialed, leads received, dispositions, appointments set, stage changes and agent states that came later.
 2  A later disposition of an earlier call: the last one set by then counts, or none.
 3  The end of a call that went on, its durations, and its result unless it had been answered.
 4  A later assignment of a lead, with its owner, and its later closing.
 5  A later outcome of an appointment: until then it was set.
 6  A follow-up done later: until then it was not done. A later end of an agent's state: until then it went on.
 7  Costs that begin on a later day of the account.
 8  Inbound calls as attempts are; a later choice of a callback, or escalation.
 9  Cases opened later; what happened to a case later.
10  A later answer to a survey, and a later dispute of an evaluation: until then there was none.
11  A call shared later for coaching. A later end of it: until then it was shared.

Plans, employments, running costs and contracts need nothing here: no report counts their time after its moment.

Rows carry no other times. So the call's lead, source and tests, the time an appointment is scheduled for, and the owner
of a lead before its last assignment are those of today, or unknown.
"""

from datetime import datetime

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES, Tables
from reports.rules.lead_selection import KEY, happened_by

_SET = ("disposition", "disposition_set_at", "disposition_agent", "callback_at")
_CHOICE = {"disposition": "code", "disposition_set_at": "set_at", "disposition_agent": "agent"}
_MOMENTS = ("rang_at", "answered_at", "agent_joined_at", "ended_at")
_MOMENTS_OF_CALLER = ("queued_at", "answered_at", "ended_at", "callback_chosen_at", "escalated_at")
_KNOWN_AT_THE_END = ("talk_ms", "hold_ms", "wrap_ms", "dead_ms", "shares")
_KNOWN_AT_THE_ANSWER = ("ring_ms", "network_result", "answered_by", "handled")

# The moments that come after the beginning of a row.
_LATER = {
    "follow_ups": ("done_at",),
    "agent_states": ("to_at",),
    "cases": ("resolved_at", "reopened_at", "closed_at", "escalated_at"),
    "shared_calls": ("withdrawn_at",),
}

# The columns that this needs of each table that a report reads: by that table, those of it and of others.
STOOD = {
    "attempts": {
        "attempts": (*KEY, "dialed_at", "answered_at", "ended_at", *_SET, "outcomes_at"),
        "dispositions": (*KEY, "code", "agent", "set_at", "callback_at"),
    },
    "inbound_calls": {
        "inbound_calls": ("arrived_at", "answered_at", "ended_at", "queued_at", "callback_chosen_at", "escalated_at")
    },
    "leads": {"leads": ("received_at", "assigned_at", "closed_at")},
    "dispositions": {"dispositions": ("set_at",)},
    "appointments": {"appointments": ("set_at", "status_at")},
    "follow_ups": {"follow_ups": ("done_at",)},
    "stage_changes": {"stage_changes": ("changed_at",)},
    "spend": {"spend": ("from_on",)},
    "agent_states": {"agent_states": ("from_at", "to_at")},
    "cases": {"cases": ("opened_at", "resolved_at", "reopened_at", "closed_at", "escalated_at")},
    "surveys": {"surveys": ("asked_at", "answered_at")},
    "evaluations": {"evaluations": ("evaluated_at", "dispute_at")},
    "shared_calls": {"shared_calls": ("shared_at", "withdrawn_at")},
}


def as_it_stood(tables: Tables, at: datetime, context: ResolveContext) -> dict[str, pl.LazyFrame]:
    """The tables of today without what happened after a moment. Every table has all its columns."""
    filters = {
        "dispositions": happened_by("set_at", at),
        "appointments": _by("set_at", at),
        "stage_changes": _by("changed_at", at),
        "spend": pl.col("from_on") <= at.astimezone(context.account_zone).date(),
        "agent_states": happened_by("from_at", at),
        "cases": _by("opened_at", at),
        "surveys": happened_by("asked_at", at).fill_null(happened_by("answered_at", at)).fill_null(value=True),
        "evaluations": _by("evaluated_at", at),
        "shared_calls": _by("shared_at", at),
    }
    stood = {name: rows.filter(filters[name]) if name in filters else rows for name, rows in tables.items()}
    if "attempts" in stood:
        stood["attempts"] = _attempts(stood, at, context)
    if "inbound_calls" in stood:
        stood["inbound_calls"] = _inbound_calls(stood["inbound_calls"], at)
    if "leads" in stood:
        stood["leads"] = _leads(stood["leads"], at)
    if "appointments" in stood:
        later = pl.col("status_at") > at
        status = pl.when(later).then(pl.lit("set")).otherwise("status").cast(TABLES["appointments"].columns["status"])
        stood["appointments"] = stood["appointments"].with_columns(status=status)
    for name, columns in _LATER.items():
        if name in stood:
            stood[name] = stood[name].with_columns(_unless_later(column, at) for column in columns)
    for name, column, value in (("surveys", "answered_at", "score"), ("evaluations", "dispute_at", "dispute")):
        if name in stood:
            by_then = happened_by(column, at)
            stood[name] = stood[name].with_columns(pl.when(by_then).then(part).alias(part) for part in (value, column))
    return stood


def _by(column: str, at: datetime) -> pl.Expr:
    """Whether something had happened by a moment; without a time, it counts as before."""
    return happened_by(column, at).fill_null(value=True)


def _unless_later(column: str, at: datetime) -> pl.Expr:
    return pl.when(happened_by(column, at)).then(column).alias(column)


def _attempts(tables: Tables, at: datetime, context: ResolveContext) -> pl.LazyFrame:  # 1, 2, 3
    schema = TABLES["attempts"].columns
    dialed = tables["attempts"].filter(_by("dialed_at", at))
    taken_back = pl.col("disposition").is_null() & (pl.col("outcomes_at") > at)
    later = ((pl.col("disposition_set_at") > at) | taken_back).fill_null(value=False)
    # Few calls get a later disposition. Only those are joined; filters reach the rows of the others.
    revised = dialed.filter(later).drop(_SET)
    dispositions = tables["dispositions"].join(revised.select(KEY), on=KEY, how="semi")
    earlier = revised.join(_last(dispositions, context), on=KEY, how="left")
    both = pl.concat([dialed.filter(~later), earlier.select(*schema)])
    return _so_far(both, at)


def _last(dispositions: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """The last disposition of each call; of several at one moment the one that says most."""
    codes = context.codes.dispositions
    result = pl.col("code").replace_strict(codes["code"], codes["result"].to_physical(), default=None)
    in_order = dispositions.with_columns(result=result).sort("set_at", "result", "code", "agent", nulls_last=False)
    columns = {name: pl.col(_CHOICE.get(name, name)).last() for name in _SET}
    return in_order.group_by(KEY, maintain_order=True).agg(**columns)


def _so_far(attempts: pl.LazyFrame, at: datetime) -> pl.LazyFrame:  # 3
    goes_on = (pl.col("ended_at") > at).fill_null(value=False)
    unanswered = goes_on & ~happened_by("answered_at", at).fill_null(value=False)
    return attempts.with_columns(
        *(_unless_later(name, at) for name in _MOMENTS),
        *(pl.when(~goes_on).then(name).alias(name) for name in _KNOWN_AT_THE_END),
        *(pl.when(~unanswered).then(name).alias(name) for name in _KNOWN_AT_THE_ANSWER),
    )


def _inbound_calls(calls: pl.LazyFrame, at: datetime) -> pl.LazyFrame:  # 8
    arrived = calls.filter(_by("arrived_at", at))
    goes_on = (pl.col("ended_at") > at).fill_null(value=False)
    unanswered = goes_on & ~happened_by("answered_at", at).fill_null(value=False)
    escalated_later = (pl.col("escalated_at") > at).fill_null(value=False)
    return arrived.with_columns(
        *(_unless_later(name, at) for name in _MOMENTS_OF_CALLER),
        *(
            pl.when(~goes_on).then(name).alias(name)
            for name in ("talk_ms", "hold_ms", "wrap_ms", "shares", "transferred")
        ),
        *(pl.when(~unanswered).then(name).alias(name) for name in ("outcome", "queue_ms")),
        pl.when(~escalated_later).then("escalated_to").alias("escalated_to"),
    )


def _leads(leads: pl.LazyFrame, at: datetime) -> pl.LazyFrame:  # 1, 4
    """A lead received later is known at most by its code, from the calls to it."""
    known = _by("received_at", at)
    names = [name for name in TABLES["leads"].columns if name != "lead"]
    assigned_later = (pl.col("assigned_at") > at).fill_null(value=False)
    return leads.with_columns(pl.when(known).then(name).alias(name) for name in names).with_columns(
        pl.when(~assigned_later).then("owner").alias("owner"),
        _unless_later("assigned_at", at),
        _unless_later("closed_at", at),
    )
