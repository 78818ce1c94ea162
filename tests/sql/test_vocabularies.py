"""Every word has one definition: PostgreSQL's enums hold the words of the Python types, in the same order."""

from typing import Any, get_args

from reports.model import types
from reports.model.times import zone_names
from service.accounts.keys import SCOPES
from service.hooks.parse import Status
from tests.conftest import Owner

VOCABULARIES: dict[str, Any] = {
    "network_result": types.NetworkResult,
    "answered_by": types.AnsweredBy,
    "party": types.Party,
    "handled": types.Handled,
    "result": types.Result,
    "next_step": types.NextStep,
    "detector": types.Detector,
    "inbound_outcome": types.InboundOutcome,
    "agent_state": types.AgentActivity,
    "stage": types.Stage,
    "appointment_status": types.AppointmentStatus,
    "follow_up_channel": types.Channel,
    "delivery_status": Status,
}
# Only SQL makes these: no item and no report has a type for them.
IN_SQL_ONLY = {"attributed_by": ("sender", "tracking_number"), "lead_match": ("sender", "number")}


async def test_the_enums_of_the_ledger_are_the_types_of_the_code(owner: Owner) -> None:
    rows = await owner.fetch("""
        SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
        FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
        GROUP BY t.typname""")
    defined = {name: get_args(vocabulary) for name, vocabulary in VOCABULARIES.items()}
    assert {row["name"]: tuple(row["labels"]) for row in rows} == defined | IN_SQL_ONLY | {"scope": SCOPES}


async def test_postgresql_knows_every_time_zone(owner: Owner) -> None:
    names = await owner.fetch("SELECT name FROM pg_timezone_names")
    assert zone_names() <= {row["name"] for row in names}
