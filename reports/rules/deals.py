"""A deal, resolved from its moves: when it became an opportunity, whether it is won or lost, and its money.

The rules; their numbers mark the code that applies them:

 1  The latest move decides the stage of a deal; of moves at one moment the later stage counts.
 2  A deal becomes an opportunity when it is first qualified, or reaches a stage that implies it: opportunity, proposal
    or won. A deal lost before that is no opportunity.
 3  A deal is won, or lost, since it last became so. A reopened deal is open, a withdrawn win is lost, and reporting the
    same end twice changes nothing.
 4  Its currency is the latest known, and its amount and gross profit are the latest known in that currency.
 5  Its lead is the latest known.
"""

import polars as pl

from reports.measures.frame import Input
from reports.model.tables import STAGES
from reports.model.types import INSTANT, Schema
from reports.rules import inputs

STAGE = pl.Enum(STAGES)
# Money is counted in ten-thousandths.
MONEY = 10_000

MOVES: Schema = {
    "change": pl.String,
    "opportunity": pl.String,
    "lead": pl.String,
    "stage": STAGE,
    "changed_at": INSTANT,
    "amount": pl.Int128,
    "gross_profit": pl.Int128,
    "currency": pl.String,
    # Those of the lead itself.
    "source": pl.String,
    "campaign": pl.String,
    "owner": pl.String,
    "test": pl.Boolean,
}
STAGE_CHANGES = Input("stage_changes", MOVES, inputs.stage_changes, any_window=True)

_MONEYS = ("amount", "gross_profit")
_OF_THE_LEAD = ("source", "campaign", "owner", "test")
_QUALIFIED = ("qualified", "opportunity", "proposal", "won")


def resolve_deals(moves: pl.LazyFrame) -> pl.LazyFrame:
    """One row per deal, from its MOVES.

    Columns: opportunity, lead, stage, opened_at, closed_at, amount, gross_profit, currency, and the lead's own source,
    campaign, owner and test. Unknown values, and moments that have not happened, are null.
    """
    stage = pl.col("stage").last()
    # Sorted and marked before grouping: expressions of groups are slow where there are many groups.
    ordered = moves.sort("opportunity", "changed_at", "stage", "change").with_columns(_since())
    now = ordered.group_by("opportunity").agg(currency_now=_latest_known("currency"), lead_now=_latest_known("lead"))
    return (
        ordered.join(now, on="opportunity", maintain_order="left")
        .with_columns(
            *(pl.when(pl.col("currency") == pl.col("currency_now")).then(name).alias(name) for name in _MONEYS),
            *(pl.when(pl.col("lead") == pl.col("lead_now")).then(name).alias(name) for name in _OF_THE_LEAD),
            opened_at=pl.when(qualifies()).then("changed_at"),
        )
        .group_by("opportunity")
        .agg(
            *(_latest_known(name) for name in (*_MONEYS, "currency")),  # 4
            *(_latest_known(name) for name in ("lead", *_OF_THE_LEAD)),  # 5
            stage=stage,  # 1
            opened_at=pl.col("opened_at").min(),  # 2
            closed_at=pl.when(stage.is_in(["won", "lost"])).then(pl.col("since").last()),  # 3
        )
        .with_columns(pl.col("test").fill_null(value=False))
    )


def _since() -> pl.Expr:
    """For each of some sorted moves, since when the deal has been in that stage."""
    first = pl.col("opportunity") != pl.col("opportunity").shift(1)
    moved = (first | (pl.col("stage") != pl.col("stage").shift(1))).fill_null(value=True)
    return pl.when(moved).then("changed_at").forward_fill().alias("since")


def qualifies() -> pl.Expr:
    """Whether a move makes its deal an opportunity."""
    return pl.any_horizontal(pl.col("stage") == stage for stage in _QUALIFIED)


def _latest_known(column: str) -> pl.Expr:
    return pl.col(column).last(ignore_nulls=True)
