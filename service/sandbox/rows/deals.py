"""Deals that calls lead to: every stage each deal reached, with the amount and the gross profit."""

import polars as pl

from service.sandbox.rows.outcomes import is_any
from service.sandbox.scenario.instants import DAY, MINUTE
from service.sandbox.scenario.rng import attribute
from service.sandbox.scenario.scenario import Scenario

_SIGNS, _SIGNS_AFTER_VISIT = 0.86, 0.42
_WITHDRAWS = 0.05


def stage_changes(calls: pl.DataFrame, visits: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """One row per deal and stage, moments in milliseconds. visits: the appointments of these calls."""
    rng, campaigns = scenario.rng, scenario.fixtures.campaigns
    visited_at = visits.filter(pl.col("status") == "held").select("key", visited_at="status_at")
    sold, visited = is_any("sale"), pl.col("visited_at").is_not_null()
    worth = rng.around("amount", pl.col("typical"), 0.4)
    opened_at = pl.when(sold).then(pl.col("ended_at") + 2 * MINUTE).otherwise("visited_at")
    deals = (
        calls.filter(is_any("sale", "appointment", "qualified") & ~pl.col("test").fill_null(value=False))
        .join(visited_at, on="key", how="left", maintain_order="left")
        .with_columns(typical=attribute([campaign.offer for campaign in campaigns], "deal", pl.col("campaign")))
        .with_columns(amount=(worth / 10).ceil().cast(pl.Int64) * 10, opened_at=opened_at)
        .with_columns(profit=(pl.col("amount") * rng.between("profit", 0.18, 0.36)).cast(pl.Int64))
        .with_columns(decided_at=pl.col("opened_at") + _decision(scenario, sold))
        .with_columns(won=rng.fraction("signs") < pl.when(sold).then(_SIGNS).when(visited).then(_SIGNS_AFTER_VISIT))
    )
    return pl.concat(_stages(deals, scenario)).filter(pl.col("changed_at") < scenario.plan.ends_at)


def _decision(scenario: Scenario, sold: pl.Expr) -> pl.Expr:
    """The time until a customer decides, after a sale on the phone or after a visit."""
    traits = scenario.fixtures.traits
    typical = pl.when(sold).then(traits.decides_after_sale).otherwise(traits.decides_after_visit)
    return scenario.rng.around("decides", typical, 0.9).cast(pl.Int64)


def _stages(deals: pl.DataFrame, scenario: Scenario) -> list[pl.DataFrame]:
    """The deals at each stage they reach, with the time and the amount known then."""
    won, wait = pl.col("won"), pl.col("decided_at") - pl.col("opened_at")
    withdrawn = won & scenario.rng.chance("withdraws", _WITHDRAWS)
    forgotten_at = pl.col("ended_at") + scenario.rng.around("forgets it", 12 * DAY, 0.4).cast(pl.Int64)
    lost_at = (
        pl.when(withdrawn).then(pl.col("decided_at") + 5 * DAY)
        .when(~won).then("decided_at")
        .when(won.is_null()).then(forgotten_at)
    )  # fmt: skip
    stages = {
        "contacted": pl.col("agent_joined_at"),
        "qualified": pl.col("ended_at"),
        "opportunity": pl.col("opened_at"),
        "proposal": pl.col("opened_at") + wait // 3,
        "won": pl.when(won).then("decided_at"),
        "lost": lost_at,
    }
    priced = {"opportunity", "proposal", "won", "lost"}
    unknown = pl.lit(None, pl.Int64)
    return [
        deals.select(
            "key",
            "lead",
            "campaign",
            stage=pl.lit(stage),
            changed_at=at,
            amount=pl.col("amount") if stage in priced else unknown,
            gross_profit=pl.col("profit") if stage == "won" else unknown,
        ).filter(pl.col("changed_at").is_not_null())
        for stage, at in stages.items()
    ]
