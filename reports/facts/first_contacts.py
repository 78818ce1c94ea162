"""First contacts: the first time an agent spoke with a lead's right party, and which attempt that was.

One row is a lead's first right-party contact ever. `ordinal` counts the attempts to the lead by any agent at any time,
from the first one up to this one. Test calls are neither attempts nor contacts.
"""

import polars as pl

from reports.facts.attempts import ATTEMPTS
from reports.measures.frame import MATERIALISED, CurrentRows, Frame, Input, Stages
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules import inputs, lead_selection
from reports.rules.call_populations import right_party
from reports.rules.calls import CALL, count_calls

FIRST_CONTACT: Schema = {**CALL, "ordinal": pl.Int64}

_LEAD = ("lead", "test")
_IN_ORDER = ("dialed_at", "dialer", "external_id")


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    del codes
    calls = rows["calls_until_window_end"].filter(pl.col("lead").is_not_null())
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(_LEAD, order_by=_IN_ORDER)
    contacts = calls.with_columns(ordinal=place).filter(right_party())
    return contacts.filter(pl.col("ordinal") == pl.col("ordinal").min().over(_LEAD)).select(*FIRST_CONTACT)


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    return count_calls(rows[MATERIALISED].with_columns(team=context.codes.team_of("agent")), context)


STAGES = Stages(_materialise, FIRST_CONTACT, _finish, subject="lead", at="dialed_at")


FIRST_CONTACTS = Frame(
    name="first_contacts",
    label="first contacts",
    grain="lead",
    inputs=(Input("calls_until_window_end", CALL, inputs.calls_until_window_end, lead_selection.leads_worked),),
    columns=FIRST_CONTACT,
    key=("dialer", "external_id"),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="dialed_at",
    dimensions=ATTEMPTS.dimensions,
    calls={"external_id": "attempt"},
    display_columns=("dialed_at", "lead", "ordinal", "party", "disposition", "result"),
    population=~pl.col("test"),
    exclusions={"test": pl.col("test")},
)
