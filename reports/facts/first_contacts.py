"""First contacts: the first time an agent spoke with the person a lead stands for, and which attempt that was.

One row is a lead's first right-party contact ever; `ordinal` counts the attempts to the lead from its very first one,
whoever made it and whenever, up to and with this one. Test calls are neither attempts nor contacts.
"""

import polars as pl

from reports.facts.attempts import ATTEMPT_DIMENSIONS, right_party
from reports.model.types import Schema
from reports.rules import inputs, lead_selection
from reports.rules.calls import CALL
from reports.rules.frame import CurrentRows, Frame, Input, ResolveContext

FIRST_CONTACT: Schema = {**CALL, "ordinal": pl.Int64}

_LEAD = ("lead", "test")
_IN_ORDER = ("dialed_at", "dialer", "external_id")


def _settle(believed: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    del context
    calls = believed["lives"].filter(pl.col("lead").is_not_null())
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(_LEAD, order_by=_IN_ORDER)
    contacts = calls.with_columns(ordinal=place).filter(right_party())
    return contacts.filter(pl.col("ordinal") == pl.col("ordinal").min().over(_LEAD))


FRAME = Frame(
    name="first_contacts",
    label="first contacts",
    inputs=(Input("lives", CALL, inputs.lives, lead_selection.worked),),
    columns=FIRST_CONTACT,
    key=("dialer", "external_id"),
    resolve=_settle,
    dimensions=ATTEMPT_DIMENSIONS,
    display_columns=("dialed_at", "lead", "ordinal", "party", "disposition", "result"),
    population=~pl.col("test"),
    exclusions={"test": pl.col("test")},
)
