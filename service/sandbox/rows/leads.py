"""Leads: who asked, when, for what, where from, and how often somebody means to call them."""

import polars as pl

from service.sandbox.rows.blocks import Block
from service.sandbox.scenario import phone_numbers as numbers
from service.sandbox.scenario.fixtures import OFFERS, SOURCE_WEIGHTS, SOURCES, TEAMS
from service.sandbox.scenario.instants import HOUR, MINUTE
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Floor

# How many of a hundred leads are meant to be called so many times: never, once, twice ...
_TRIES = (4, 17, 17, 14, 12, 9, 8, 6, 4, 3, 2.5, 2, 1.5)
_ASKS_AGAIN = 0.04
_ASKED_SINCE = 2_000  # leads ago, at most
_DEAD, _FAX = 0.025, 0.006
_TEST = 0.001
_SOURCE_UNKNOWN = 0.02
_OWNED = 0.7


def draw_leads(floor: Floor, block: Block, count: int) -> pl.DataFrame:
    """So many leads of a block, in no order of time.

    Columns speak of places in the cast; `person` is who has the phone number, `clock` and `place` where that is.
    """
    luck = floor.luck
    row = pl.int_range(count, dtype=pl.Int64)
    return (
        pl.select(row=row, key=row + block.first_lead)
        .with_columns(arrival=luck.between("arrival", block.from_level, block.to_level), person=_person(floor, block))
        .with_columns(received_at=floor.arrivals.moment(pl.col("arrival")), place=numbers.place(pl.col("person")))
        .with_columns(clock=look_up(numbers.places()["clock"], pl.col("place")))
        .with_columns(team=_team(floor))
        .with_columns(campaign=pl.col("team") * len(OFFERS) + luck.one_of("offer", [each.weight for each in OFFERS]))
        .with_columns(source=_source(floor), tries=luck.one_of("tries", _TRIES), line=luck.share("line"))
        .with_columns(pickup=_quality(floor, "pickup", 0.35), appeal=_quality(floor, "appeal", 0.3))
        .with_columns(
            dead=pl.col("line") < _DEAD,
            fax=pl.col("line") >= 1 - _FAX,
            test=luck.happens("test", _TEST),
        )
        .with_columns(tries=pl.when("dead").then(pl.min_horizontal("tries", 1)).otherwise("tries"))
        .pipe(_assigned, floor)
    )


def _person(floor: Floor, block: Block) -> pl.Expr:
    """A new person, or now and then one who has asked not long ago."""
    ago = 1 + (floor.luck.share("asked") * pl.min_horizontal("row", _ASKED_SINCE)).floor().cast(pl.Int64)
    again = floor.luck.happens("asks again", _ASKS_AGAIN) & (pl.col("row") > 0)
    asked = pl.when(again).then(pl.col("row") - ago).otherwise(pl.col("row"))
    return asked * block.of + block.index


def _team(floor: Floor) -> pl.Expr:
    clocks = [team.clock for team in TEAMS]
    first = [clocks.index(clock) for clock in sorted(set(clocks))]
    sizes = [clocks.count(clock) for clock in sorted(set(clocks))]
    which = (floor.luck.share("team") * look_up(sizes, pl.col("clock"))).floor().cast(pl.Int64)
    return look_up(first, pl.col("clock")) + which


def _source(floor: Floor) -> pl.Expr:
    """One of the campaign's sources; null where nobody noted it."""
    sources = [source for campaign in floor.cast.campaigns for source in campaign.sources]
    which = pl.col("campaign") * len(SOURCE_WEIGHTS) + floor.luck.one_of("source", SOURCE_WEIGHTS)
    return pl.when(~floor.luck.happens("source unknown", _SOURCE_UNKNOWN)).then(look_up(sources, which))


def _quality(floor: Floor, name: str, spread: float) -> pl.Expr:
    """How easily a lead is reached or persuaded, beside the average one."""
    of_source = look_up([getattr(source, name) for source in SOURCES], pl.col("source")).fill_null(1.0)
    of_offer = look_up([getattr(each.offer, name) for each in floor.cast.campaigns], pl.col("campaign"))
    return floor.luck.around(name, of_source * of_offer, spread)


def _assigned(leads: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """Most who ask by themselves get an agent of their own; bought lists and automatic lines have none."""
    luck, cast = floor.luck, floor.cast
    listed = look_up([source.medium == "list" for source in SOURCES], pl.col("source")).fill_null(value=True)
    automatic = look_up([team.automatic for team in TEAMS], pl.col("team"))
    which = (luck.share("owner") * look_up(cast.team_sizes(), pl.col("team"))).floor().cast(pl.Int64)
    slow = pl.when(luck.happens("slow", 0.15)).then(3 * HOUR).otherwise(2 * MINUTE)
    at = pl.col("received_at") + luck.around("assigned", slow, 0.9).cast(pl.Int64)
    owned = ~listed & ~automatic & luck.happens("owned", _OWNED) & (at <= floor.plan.ends_at)
    return leads.with_columns(
        owner=pl.when(owned).then(look_up(cast.first_agent(), pl.col("team")) + which),
        assigned_at=pl.when(owned).then(at),
    )
