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

from reports import extracts
from reports.fact import Extract
from reports.frames import INSTANT, Schema
from reports.tables import STAGES

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
STAGE_CHANGES = Extract("stage_changes", MOVES, extracts.stage_changes)

_QUALIFIED = ("qualified", "opportunity", "proposal", "won")


def settle_deals(moves: pl.LazyFrame) -> pl.LazyFrame:
    """One row per deal, from its MOVES.

    Columns: opportunity, lead, stage, opened_at, closed_at, amount, gross_profit, currency, and the lead's own source,
    campaign, owner and test. What is not known, or has not happened, is null.
    """
    run = pl.col("stage").rle_id()
    since = pl.col("changed_at").filter(run == run.max()).first()
    stage = pl.col("stage").last()
    return (
        moves.sort("changed_at", "stage", "change")
        .group_by("opportunity")
        .agg(
            stage=stage,  # 1
            opened_at=pl.col("changed_at").filter(qualifies()).first(),  # 2
            closed_at=pl.when(stage.is_in(["won", "lost"])).then(since),  # 3
            amount=_latest("amount"),  # 4
            gross_profit=_latest("gross_profit"),
            currency=_said("currency").last(),
            lead=_said("lead").last(),  # 5
            source=_of_the_lead("source"),
            campaign=_of_the_lead("campaign"),
            owner=_of_the_lead("owner"),
            test=_of_the_lead("test").fill_null(value=False),
        )
    )


def qualifies() -> pl.Expr:
    """Whether a move makes its deal an opportunity, if it was none."""
    return pl.col("stage").cast(pl.String).is_in(_QUALIFIED)


def _said(column: str) -> pl.Expr:
    return pl.col(column).filter(pl.col(column).is_not_null())


def _latest(money: str) -> pl.Expr:
    same = pl.col("currency") == _said("currency").last()
    return pl.col(money).filter(same & pl.col(money).is_not_null()).last()


def _of_the_lead(column: str) -> pl.Expr:
    return pl.col(column).filter(pl.col("lead") == _said("lead").last()).last()
