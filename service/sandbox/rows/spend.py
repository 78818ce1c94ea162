"""The cost of marketing: one bill for each source, campaign and day."""

import polars as pl

from service.sandbox.scenario.fixtures import Campaign, Fixtures
from service.sandbox.scenario.instants import DAY, HOUR, at_hour
from service.sandbox.scenario.plan import ZONE
from service.sandbox.scenario.scenario import Scenario

_BILLED_AFTER = DAY + 6 * HOUR


def bills(scenario: Scenario, leads: float) -> pl.DataFrame:
    """The spend of every day, billed the next morning; the last day's bill holds the cost so far.

    leads: how many leads the whole floor gets.
    """
    plan, fixtures = scenario.plan, scenario.fixtures
    usual_leads = leads / plan.days
    rows = [
        (campaign.code, fixtures.sources[source].code, campaign.currency, cost * usual_leads * part)
        for campaign in fixtures.campaigns
        for source, part in _parts(fixtures, campaign).items()
        if (cost := fixtures.sources[source].cost)
    ]
    days = [(day, at_hour(day, 0, ZONE)) for day in plan.dates]
    day = pl.col("day").dt.to_string()
    return (
        pl.DataFrame(rows, schema=("campaign", "source", "currency", "usual"), orient="row")
        .join(pl.DataFrame(days, schema=("day", "begins_at"), orient="row"), how="cross", maintain_order="left_right")
        .with_row_index("key")
        .select(
            external_id=pl.col("source") + "-" + pl.col("campaign") + "-" + day,
            source="source",
            campaign="campaign",
            from_on="day",
            to_on="day",
            amount=(pl.col("usual") * scenario.rng.around("cost", 1.0, 0.15)).round(2),
            currency="currency",
            observed_at=(pl.col("begins_at") + _BILLED_AFTER).clip(upper_bound=plan.ends_at),
        )
        .with_columns(recorded_at="observed_at")
    )


def _parts(fixtures: Fixtures, campaign: Campaign) -> dict[int, float]:
    """The part of the floor's leads that comes to a campaign from each of its sources."""
    clocks = fixtures.numbers.places["clock"].to_list()
    team = campaign.team
    of_team = clocks.count(team.clock) / len(clocks) / sum(other.clock == team.clock for other in fixtures.teams)
    of_campaign = campaign.weight / sum(other.weight for other in fixtures.campaigns if other.team is team)
    whole = sum(campaign.sources.values())
    return {source: of_team * of_campaign * weight / whole for source, weight in campaign.sources.items()}
