"""Every word has one definition: PostgreSQL's enums and the rest of the code have the same words, in the same order."""

from typing import Any, get_args

from reports.model import vocabulary
from reports.model.times import zone_names
from reports.query.request import DEFAULT_MODELS
from reports.render.export import FORMATS
from reports.render.formats import FORMAT_NAMES
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS
from service.accounts.audit_log import Action
from service.accounts.demo_floors import State
from service.accounts.links import Purpose
from service.accounts.roles import RoleName
from service.accounts.scopes import SCOPES
from service.hooks.vocabulary import Status
from service.importing.language.choices import TARGET_NAMES
from service.importing.language.targets import TARGETS
from service.importing.uploads.records import State as UploadState
from service.platform.actor import ActorKind
from tests.conftest import Owner

VOCABULARIES: dict[str, Any] = {
    "network_result": vocabulary.NetworkResult,
    "answered_by": vocabulary.AnsweredBy,
    "party": vocabulary.Party,
    "handled": vocabulary.Handled,
    "result": vocabulary.Result,
    "next_step": vocabulary.NextStep,
    "detector": vocabulary.Detector,
    "inbound_outcome": vocabulary.InboundOutcome,
    "agent_state": vocabulary.AgentActivity,
    "planned_activity": vocabulary.PlannedActivity,
    "value_period": vocabulary.ValuePeriod,
    "stage": vocabulary.Stage,
    "appointment_status": vocabulary.AppointmentStatus,
    "follow_up_channel": vocabulary.Channel,
    "survey_kind": vocabulary.SurveyKind,
    "dispute": vocabulary.Dispute,
    "delivery_status": Status,
    "demo_state": State,
    "user_role": RoleName,
    "link_purpose": Purpose,
    "actor_kind": ActorKind,
    "audited_action": Action,
    "upload_state": UploadState,
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


def test_the_words_that_commands_offer_are_those_of_the_code() -> None:
    assert tuple(GOALS) == vocabulary.GOAL_NAMES
    assert tuple(MODELS) == vocabulary.MODEL_NAMES
    assert vocabulary.DEFAULT_MODELS == DEFAULT_MODELS
    assert tuple(FORMATS) == FORMAT_NAMES
    assert tuple(TARGETS) == TARGET_NAMES
