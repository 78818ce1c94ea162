"""Leads: when each arrives, for which campaign, from which source, and how often it will be called."""

import polars as pl

from service.sandbox.rows.blocks import Block
from service.sandbox.scenario.homes import HOMES
from service.sandbox.scenario.instants import HOUR, MINUTE
from service.sandbox.scenario.phone_numbers import CLOCKS
from service.sandbox.scenario.rng import attribute, look_up
from service.sandbox.scenario.scenario import Scenario

# How many of a hundred leads are to be called never, once, twice ...
_TRIES = (4, 17, 17, 14, 12, 9, 8, 6, 4, 3, 2.5, 2, 1.5)
_ASKS_AGAIN = 0.04
_ASKS_AGAIN_WITHIN = 2_000  # leads
_DEAD, _FAX = 0.025, 0.006
_OWNED = 0.7


def draw_leads(scenario: Scenario, block: Block, count: int) -> pl.DataFrame:
    """The first leads of a block, `count` of them, in no order of time.

    `team`, `campaign`, `source` and `owner` are indexes of the fixtures, `home` of HOMES. `person` stands for the
    holder of the phone number; `place` and `clock` are where that number is.
    """
    rng, fixtures = scenario.rng, scenario.fixtures
    row = pl.int_range(count, dtype=pl.Int64)
    campaign = look_up(fixtures.first_campaign(), pl.col("team"))
    return (
        pl.select(row=row, key=row + block.first_lead)
        .with_columns(arrival=rng.between("arrival", block.from_level, block.to_level), person=_person(scenario, block))
        .with_columns(
            received_at=scenario.arrivals.moment(pl.col("arrival")), place=fixtures.numbers.place(pl.col("person"))
        )
        .with_columns(clock=look_up(fixtures.numbers.places["clock"], pl.col("place")))
        .with_columns(team=_team(scenario))
        .with_columns(campaign=campaign + rng.choice_by("offer", fixtures.team_weights(), pl.col("team")))
        .with_columns(source=_source(scenario), tries=rng.choice("tries", _TRIES), line=rng.fraction("line"))
        .with_columns(home=rng.choice("home", [home.weight for home in HOMES]))
        .with_columns(pickup=_quality(scenario, "pickup", 0.35), appeal=_quality(scenario, "appeal", 0.3))
        .with_columns(
            dead=pl.col("line") < _DEAD,
            fax=pl.col("line") >= 1 - _FAX,
            test=rng.chance("test", fixtures.traits.test_leads),
        )
        .with_columns(tries=pl.when("dead").then(pl.min_horizontal("tries", 1)).otherwise("tries"))
        .pipe(_assigned, scenario)
    )


def _person(scenario: Scenario, block: Block) -> pl.Expr:
    """A new person, or now and then the person of a recent lead."""
    earlier = scenario.rng.fraction("asked") * pl.min_horizontal("row", _ASKS_AGAIN_WITHIN)
    again = scenario.rng.chance("asks again", _ASKS_AGAIN) & (pl.col("row") > 0)
    person = pl.when(again).then(pl.col("row") - 1 - earlier.floor().cast(pl.Int64)).otherwise(pl.col("row"))
    return person * block.of + block.index


def _team(scenario: Scenario) -> pl.Expr:
    """One of the teams on the clock of the lead."""
    clocks = [team.clock for team in scenario.fixtures.teams]
    first = [clocks.index(clock) if clock in clocks else None for clock in CLOCKS]
    sizes = [clocks.count(clock) for clock in CLOCKS]
    which = (scenario.rng.fraction("team") * look_up(sizes, pl.col("clock"))).floor().cast(pl.Int64)
    return look_up(first, pl.col("clock")) + which


def _source(scenario: Scenario) -> pl.Expr:
    """One of the campaign's sources; null where the CRM did not note it."""
    of_campaign = [campaign.sources for campaign in scenario.fixtures.campaigns]
    first = [sum(map(len, of_campaign[:index])) for index in range(len(of_campaign))]
    weights = [list(sources.values()) for sources in of_campaign]
    drawn = look_up(first, pl.col("campaign")) + scenario.rng.choice_by("source", weights, pl.col("campaign"))
    known = ~scenario.rng.chance("source unknown", scenario.fixtures.traits.source_unknown)
    return pl.when(known).then(look_up([source for sources in of_campaign for source in sources], drawn))


def _quality(scenario: Scenario, name: str, spread: float) -> pl.Expr:
    """How easily a lead is reached or persuaded, beside the average lead."""
    of_source = attribute(scenario.fixtures.sources, name, pl.col("source")).fill_null(1.0)
    of_offer = attribute([campaign.offer for campaign in scenario.fixtures.campaigns], name, pl.col("campaign"))
    of_home = attribute(HOMES, "appeal", pl.col("home")) if name == "appeal" else 1.0
    return scenario.rng.around(name, of_source * of_offer * of_home, spread)


def _assigned(leads: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Most leads get an agent of their own; those of bought lists and automatic lines get none."""
    rng, fixtures = scenario.rng, scenario.fixtures
    listed = (attribute(fixtures.sources, "medium", pl.col("source")) == "list").fill_null(value=True)
    automatic = attribute(fixtures.teams, "automatic", pl.col("team"))
    which = (rng.fraction("owner") * look_up(fixtures.team_sizes(), pl.col("team"))).floor().cast(pl.Int64)
    slow = pl.when(rng.chance("slow", 0.15)).then(3 * HOUR).otherwise(2 * MINUTE)
    at = pl.col("received_at") + rng.around("assigned", slow, 0.9).cast(pl.Int64)
    owned = ~listed & ~automatic & rng.chance("owned", _OWNED) & (at <= scenario.plan.ends_at)
    return leads.with_columns(
        owner=pl.when(owned).then(look_up(fixtures.first_agent(), pl.col("team")) + which),
        assigned_at=pl.when(owned).then(at),
    )
