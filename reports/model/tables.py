"""The ledger's tables that facts are made from: their columns, their keys, and the day of each row.

A query of the same name in sql/fact_rows makes the rows. The table in the lake has the same columns, with ids in place
of phone numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from reports.model.types import (
    AGENT_STATE,
    APPOINTMENT_STATUS,
    AXIS,
    CHANNEL,
    DISPUTE,
    INBOUND_OUTCOME,
    INSTANT,
    LEAD_MATCH,
    PLANNED_ACTIVITY,
    SURVEY_KIND,
    VALUE_PERIOD,
    Schema,
)
from reports.model.vocabulary import STAGES

Tables: TypeAlias = Mapping[str, pl.LazyFrame]

# From when until when a version of a row was current; the end is null for the current version.
VERSION: Schema = {"recorded_at": INSTANT, "superseded_at": INSTANT}
# As exactly as the ledger has it.
AMOUNT = pl.Decimal(20, 4)


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """One table of the ledger.

    key: the columns that identify a row in all its versions. at: the first of these columns that is not null gives the
    day of a row. order: the sort order of a day's rows in the lake, so that one campaign is in one place. numbers:
    columns that hold phone numbers.
    """

    columns: Schema
    key: tuple[str, ...]
    at: tuple[str, ...]
    order: tuple[str, ...]
    numbers: tuple[str, ...] = ()


def _texts(*names: str) -> Schema:
    return dict.fromkeys(names, pl.String)


TABLES = {
    "attempts": Table(
        columns={
            **_texts("dialer", "external_id", "campaign", "agent", "source", "tracking_number", "lead"),
            # Where the called party is, according to their number.
            **_texts("country", "region"),
            # The called phone number, as an id; the same as that of a caller with this number.
            "callee": pl.Int64,
            # How the call got its lead; null without one.
            "lead_by": LEAD_MATCH,
            **dict.fromkeys(("dialed_at", "rang_at", "answered_at", "ended_at", "agent_joined_at"), INSTANT),
            # dialed_at on the clock of the called party; null when their zone is unknown.
            "callee_at": pl.Datetime("us"),
            **dict.fromkeys(("ring_ms", "talk_ms", "hold_ms", "wrap_ms", "dead_ms"), pl.Int32),
            **{name: AXIS[name] for name in ("network_result", "answered_by", "handled")},
            # From which talk time on an answered call counts as answered by a person; null: it never does by itself.
            "person_after_ms": pl.Int32,
            # Each agent's part of a call with several agents, as JSON; null for other calls.
            "shares": pl.String,
            **dict.fromkeys(("test", "spam"), pl.Boolean),
            "disposition": pl.String,
            "disposition_set_at": INSTANT,
            "disposition_agent": pl.String,
            "callback_at": INSTANT,
            # When all outcomes of the call were last stated, where a call can have several.
            "outcomes_at": INSTANT,
        },
        key=("dialer", "external_id"),
        at=("dialed_at",),
        order=("campaign", "dialed_at"),
        numbers=("tracking_number",),
    ),
    "inbound_calls": Table(
        columns={
            **_texts("dialer", "external_id", "campaign", "agent", "disposition_agent", "source", "tracking_number"),
            # country, region: where the caller's number is from.
            **_texts("lead", "country", "region"),
            # The same for all calls of one caller; null for a caller without a number or an id.
            "caller": pl.Int64,
            # Of the agents who took part, the one who came first.
            "first_participant": pl.String,
            **_texts("menu_path", "topic", "case_id", "queue"),
            **dict.fromkeys(("arrived_at", "queued_at", "answered_at", "ended_at"), INSTANT),
            **dict.fromkeys(("callback_chosen_at", "escalated_at"), INSTANT),
            "escalated_to": pl.String,
            **dict.fromkeys(("menu_ms", "queue_ms", "talk_ms", "hold_ms", "wrap_ms"), pl.Int32),
            "outcome": INBOUND_OUTCOME,
            "transferred": pl.Boolean,
            # Each agent's part of a call, each wait in a queue and each offer to an agent, as JSON.
            **_texts("shares", "segments", "offers"),
            **dict.fromkeys(("test", "spam"), pl.Boolean),
        },
        key=("dialer", "external_id"),
        at=("arrived_at",),
        order=("queue", "arrived_at"),
        numbers=("tracking_number",),
    ),
    "leads": Table(
        columns={
            "lead": pl.String,
            # The same for all leads with the same phone number; null without one.
            "person": pl.Int64,
            "received_at": INSTANT,
            **_texts("source", "campaign", "owner"),
            "assigned_at": INSTANT,
            "closed_at": INSTANT,
            "test": pl.Boolean,
        },
        key=("lead",),
        at=("received_at",),
        order=("received_at",),
    ),
    "dispositions": Table(
        columns={
            **_texts("dialer", "external_id", "listed", "code", "agent"),
            "set_at": INSTANT,
            "callback_at": INSTANT,
        },
        key=("dialer", "external_id", "set_at", "listed"),
        at=("set_at",),
        order=("set_at",),
    ),
    "appointments": Table(
        columns={
            **_texts("external_id", "lead", "dialer", "attempt", "agent"),
            "set_at": INSTANT,
            "scheduled_at": INSTANT,
            "status": APPOINTMENT_STATUS,
            "status_at": INSTANT,
        },
        key=("external_id",),
        at=("set_at",),
        order=("set_at",),
    ),
    "follow_ups": Table(
        columns={
            **_texts("external_id", "lead", "agent"),
            "channel": CHANNEL,
            "due_at": INSTANT,
            "done_at": INSTANT,
            "automated": pl.Boolean,
        },
        key=("external_id",),
        at=("due_at", "done_at"),
        order=("due_at",),
    ),
    "stage_changes": Table(
        columns={
            **_texts("change", "opportunity", "lead"),
            "stage": pl.Enum(STAGES),
            "changed_at": INSTANT,
            "amount": AMOUNT,
            "gross_profit": AMOUNT,
            "currency": pl.String,
        },
        key=("change",),
        at=("changed_at",),
        order=("changed_at",),
    ),
    "spend": Table(
        columns={
            **_texts("spend", "source", "campaign", "tracking_number"),
            "from_on": pl.Date,
            "to_on": pl.Date,
            "amount": AMOUNT,
            "currency": pl.String,
        },
        key=("spend",),
        at=("from_on",),
        order=("from_on",),
        numbers=("tracking_number",),
    ),
    "exchange_rates": Table(
        # How many units of quote one unit of base is worth.
        columns={**_texts("base", "quote"), "rate_on": pl.Date, "rate": pl.Decimal(20, 10)},
        key=("base", "quote", "rate_on"),
        at=("rate_on",),
        order=("rate_on", "base", "quote"),
    ),
    "cases": Table(
        columns={
            **_texts("external_id", "lead", "agent", "queue", "topic", "source", "campaign"),
            **dict.fromkeys(("opened_at", "resolved_at", "reopened_at", "closed_at", "escalated_at"), INSTANT),
            "escalated_to": pl.String,
            # Its calls by dialer and id, as JSON.
            "calls": pl.String,
            "test": pl.Boolean,
        },
        key=("external_id",),
        at=("opened_at",),
        order=("opened_at",),
    ),
    "agent_states": Table(
        columns={
            "agent": pl.String,
            "from_at": INSTANT,
            "state": AGENT_STATE,
            "reason": pl.String,
            "to_at": INSTANT,
        },
        key=("agent", "from_at"),
        at=("from_at",),
        order=("agent", "from_at"),
    ),
    "schedules": Table(
        columns={"agent": pl.String, "from_at": INSTANT, "activity": PLANNED_ACTIVITY, "to_at": INSTANT},
        key=("agent", "from_at"),
        at=("from_at",),
        order=("agent", "from_at"),
    ),
    "staff": Table(
        columns={
            **_texts("employment", "agent", "team", "manager"),
            "joined_on": pl.Date,
            "left_on": pl.Date,
            "voluntary": pl.Boolean,
        },
        key=("employment",),
        at=("joined_on",),
        order=("joined_on",),
    ),
    "running_costs": Table(
        columns={
            **_texts("cost", "team"),
            "overhead": pl.Boolean,
            "from_on": pl.Date,
            "to_on": pl.Date,
            "amount": AMOUNT,
            "currency": pl.String,
        },
        key=("cost",),
        at=("from_on",),
        order=("from_on",),
    ),
    "customers": Table(
        columns={
            **_texts("contract", "customer", "lead"),
            "since_on": pl.Date,
            "until_on": pl.Date,
            "value": AMOUNT,
            "gross_profit": AMOUNT,
            "value_per": VALUE_PERIOD,
            "currency": pl.String,
        },
        key=("contract",),
        at=("since_on",),
        order=("since_on",),
    ),
    "surveys": Table(
        columns={
            "external_id": pl.String,
            "kind": SURVEY_KIND,
            "scale": pl.String,
            "asked_at": INSTANT,
            "delivered": pl.Boolean,
            "answered_at": INSTANT,
            "score": AMOUNT,
            **_texts("dialer", "call", "case_id", "lead", "agent", "queue"),
        },
        key=("external_id",),
        at=("asked_at", "answered_at"),
        order=("asked_at",),
    ),
    "form_items": Table(
        columns={
            **_texts("form", "form_version", "item", "section"),
            "weight": AMOUNT,
            "max_points": AMOUNT,
            "auto_fail": pl.Boolean,
            # Whether it is a part of the script.
            "script": pl.Boolean,
            "from_on": pl.Date,
        },
        key=("form", "form_version", "item"),
        at=("from_on",),
        order=("form", "form_version", "item"),
    ),
    "evaluations": Table(
        columns={
            **_texts("external_id", "form", "form_version"),
            "evaluated_at": INSTANT,
            **_texts("evaluator", "dialer", "call", "case_id", "agent", "queue", "session"),
            "auto_failed": pl.Boolean,
            "dispute_at": INSTANT,
            "dispute": DISPUTE,
        },
        key=("external_id",),
        at=("evaluated_at",),
        order=("evaluated_at",),
    ),
    "evaluation_scores": Table(
        columns={
            **_texts("evaluation", "item"),
            "evaluated_at": INSTANT,
            "not_applicable": pl.Boolean,
            "points": AMOUNT,
        },
        key=("evaluation", "item"),
        at=("evaluated_at",),
        order=("evaluated_at", "evaluation", "item"),
    ),
    "shared_calls": Table(
        columns={
            **_texts("external_id", "dialer", "call", "team", "manager"),
            "shared_at": INSTANT,
            "withdrawn_at": INSTANT,
        },
        key=("external_id",),
        at=("shared_at",),
        order=("shared_at",),
    ),
}
