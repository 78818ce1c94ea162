"""What the moves of a deal make of it: when it became an opportunity, whether it is won or lost, and its money.

The rules, each applied where its number stands below:

 1  A deal is as its latest move says; of moves at one moment the later stage counts.
 2  It becomes an opportunity when it is first qualified, or reaches any stage that takes that for granted: opportunity,
    proposal or won. A deal given up before is none.
 3  It is won, or lost, since it last became so: a deal that was reopened is open, a win that was withdrawn is lost, and
    telling the same end twice changes nothing.
 4  Its currency is the latest said, and its amount and gross profit the latest said in that currency.
 5  Its lead is the latest said.
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
    "amount": pl.Int64,
    "gross_profit": pl.Int64,
    "currency": pl.String,
    # As the lead itself says.
    "source": pl.String,
    "campaign": pl.String,
    "owner": pl.String,
    "test": pl.Boolean,
}
STAGE_CHANGES = Input("stage_changes", MOVES, inputs.stage_changes)

_MONEYS = ("amount", "gross_profit")
_OF_THE_LEAD = ("source", "campaign", "owner", "test")
_QUALIFIED = ("qualified", "opportunity", "proposal", "won")


def resolve_deals(moves: pl.LazyFrame) -> pl.LazyFrame:
    """One row per deal, from its MOVES.

    Columns: opportunity, lead, stage, opened_at, closed_at, amount, gross_profit, currency, and the lead's own source,
    campaign, owner and test. What is not known, or has not happened, is null.
    """
    stage = pl.col("stage").last()
    # Sorted, and with what belongs together marked before: expressions of groups are slow where there are many.
    ordered = moves.sort("opportunity", "changed_at", "stage", "change").with_columns(_since())
    now = ordered.group_by("opportunity").agg(currency_now=_said("currency"), lead_now=_said("lead"))
    return (
        ordered.join(now, on="opportunity", maintain_order="left")
        .with_columns(
            *(pl.when(pl.col("currency") == pl.col("currency_now")).then(name).alias(name) for name in _MONEYS),
            *(pl.when(pl.col("lead") == pl.col("lead_now")).then(name).alias(name) for name in _OF_THE_LEAD),
            opened_at=pl.when(qualifies()).then("changed_at"),
        )
        .group_by("opportunity")
        .agg(
            *(_said(name) for name in (*_MONEYS, "currency")),  # 4
            *(_said(name) for name in ("lead", *_OF_THE_LEAD)),  # 5
            stage=stage,  # 1
            opened_at=pl.col("opened_at").min(),  # 2
            closed_at=pl.when(stage.is_in(["won", "lost"])).then(pl.col("since").last()),  # 3
        )
        .with_columns(pl.col("test").fill_null(value=False))
    )


def _since() -> pl.Expr:
    """Of sorted moves, since when the deal has been where the move put it."""
    first = pl.col("opportunity") != pl.col("opportunity").shift(1)
    moved = (first | (pl.col("stage") != pl.col("stage").shift(1))).fill_null(value=True)
    return pl.when(moved).then("changed_at").forward_fill().alias("since")


def qualifies() -> pl.Expr:
    """Whether a move makes its deal an opportunity, if it was none."""
    return pl.col("stage").cast(pl.String).is_in(_QUALIFIED)


def _said(column: str) -> pl.Expr:
    return pl.col(column).last(ignore_nulls=True)
