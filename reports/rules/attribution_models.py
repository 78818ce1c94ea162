"""The attribution models: how each shares the credit for a goal among touchpoints, from first touch to time decay.

A touchpoint is one contact of a person with us before the goal. It is a call to a tracking number, a visit, a form, or
an attempt that reached them. Every model gives the credit for a goal exactly once. The rules of all models:

 1  Touchpoints after the goal, and those before the lookback, do not count. Those at the very moment of the goal do.
 2  A single touchpoint gets all credit.
 3  A touchpoint in two roles gets the shares of both.
 4  A role without a touchpoint, and an empty middle, are left out; the others keep their proportions to each other.
 5  Only one touchpoint has a role. If several are marked as having created the lead or opened the opportunity, the
    earliest has it.
 6  The lead creation model falls back on the first touchpoint if none created the lead.
 7  Position-based, two touchpoints get half each, regardless of their roles.

Goals without a touchpoint that counts are not in the result: the caller books them as unattributed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from reports.model.language import marked
from reports.stats.allocation import share_out

# What a goal's weights add up to.
WHOLE = 1_000_000

# The weight of a goal's last touchpoint under time decay; older ones have fractions of it.
_UNDECAYED = 10**12


@dataclass(frozen=True, eq=False)
class Model:
    """A way to share the credit for a goal among the touchpoints before it.

    held: the share of a touchpoint for its roles, an integer over the columns that `_with_places` adds.
    rest: the share, in the same units, that all touchpoints without a role divide equally.
    """

    title: str
    meaning: str
    held: pl.Expr
    rest: int = 0


def credit(touchpoints: pl.LazyFrame, model: str, lookback_days: float = 90, half_life_days: float = 7) -> pl.LazyFrame:
    """Share the credit for every goal among the touchpoints that led to it.

    Touchpoints have the columns goal, touch (its identifier within the goal), touch_at, goal_at (UTC), and the flags
    creates_lead, opens_opportunity and direct (of no known source). Other columns stay as they are. A touchpoint with a
    null flag has no such role, and is direct. Days have 24 hours; the half-life, longer than 0, is for time decay only.

    Returns the touchpoints that count, sorted by goal and time, with two integer columns. `weight` is in millionths of
    the goal and adds up to 1,000,000 exactly. `parts` has the exact proportions of the model. Share money by `parts`: a
    third of 3,000,000.00 is not 333,334 millionths of it.
    """
    chosen = MODELS[model]
    age = pl.col("goal_at") - pl.col("touch_at")
    return (
        touchpoints.filter(age.is_between(timedelta(0), timedelta(days=lookback_days)))  # 1
        .pipe(_with_places)
        .with_columns(_half_lives=age / timedelta(days=half_life_days), _whole=pl.lit(WHOLE, dtype=pl.Int64))
        .with_columns(_held=chosen.held)
        .with_columns(_others=(pl.col("_held") == 0).sum().over("goal").cast(pl.Int64).clip(lower_bound=1))
        # Times the number of others, so that their parts of the rest are whole numbers.
        .with_columns(
            parts=pl.when(pl.col("_held") > 0).then(pl.col("_held") * pl.col("_others")).otherwise(chosen.rest)
        )
        .pipe(share_out, "_whole", "parts", of=["goal"], order=["touch_at", "touch"], into="weight")
        .drop(*_PLACED, "_half_lives", "_whole", "_held", "_others")
    )


def collapse(touchpoints: pl.LazyFrame, minutes: float = 30) -> pl.LazyFrame:
    """Count calls in a row between one person and one number as one touchpoint: the first of them.

    Calls within so many minutes after a touchpoint belong to it; the next call is a touchpoint again. So a person who
    calls every 20 minutes has a touchpoint every 40. Roles are assigned afterwards, to the touchpoints that remain.

    Touchpoints have the columns person, number (one of the account's own), touch_at and touch (an identifier). Those
    without a person or a number are no such calls, and stay. The result is sorted by person, number and time.
    """
    within = timedelta(minutes=minutes)
    # No filter may run before this step: removing a call first would make the next one a touchpoint.
    return touchpoints.map_batches(
        lambda rows: pl.concat(_first_of_chains(rows, within)),
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
    ).sort("person", "number", "touch_at", "touch")


def _first_of_chains(touchpoints: pl.DataFrame, within: timedelta) -> Iterator[pl.DataFrame]:
    """The touchpoints that remain, in rounds: each takes the first of every chain of calls, and drops those it covers.

    A chain has no gap longer than `within`. There are as many rounds as the longest chain has touchpoints: a few.
    """
    called = pl.all_horizontal(pl.col("person", "number").is_not_null())
    yield touchpoints.filter(~called)
    gap = pl.col("touch_at").diff().over("person", "number")
    chains = (
        touchpoints.filter(called)
        .sort("person", "number", "touch_at", "touch")
        .with_columns(_chain=((gap > within) | gap.is_null()).cum_sum())
    )
    while chains.height:
        yield chains.unique("_chain", keep="first", maintain_order=True).drop("_chain")
        chains = chains.filter(pl.col("touch_at") - pl.col("touch_at").min().over("_chain") > within)


# A touchpoint's place among those of its goal, from 0, and the places that have a role; null where none has.
_PLACED = ("_place", "_last", "_lead", "_opportunity", "_known")


def _with_places(touchpoints: pl.LazyFrame) -> pl.LazyFrame:
    return touchpoints.with_columns(
        _place=pl.int_range(pl.len()).over("goal", order_by=["touch_at", "touch"]),
        _last=pl.len().over("goal").cast(pl.Int64) - 1,
    ).with_columns(
        _lead=pl.when("creates_lead").then("_place").min().over("goal"),  # 5
        _opportunity=pl.when("opens_opportunity").then("_place").min().over("goal"),  # 5
        _known=pl.when(~pl.col("direct")).then("_place").max().over("goal"),
    )


_FIRST = pl.lit(0)
_LAST = pl.col("_last")
_LEAD = pl.col("_lead")
_LEAD_OR_FIRST = pl.coalesce(_LEAD, _FIRST)  # 6
_SECOND_ANCHOR = pl.when(_LAST == 1).then(_LAST).otherwise(_LEAD)  # 7
_OPPORTUNITY = pl.col("_opportunity")
_LAST_KNOWN = pl.coalesce("_known", _LAST)


def _roles(*roles: tuple[int, pl.Expr]) -> pl.Expr:
    """The shares of all the roles of a touchpoint, added up."""  # 3
    shares = [share * (pl.col("_place") == place).fill_null(value=False).cast(pl.Int64) for share, place in roles]
    return pl.sum_horizontal(shares)


def _decay() -> pl.Expr:
    """Half for every half-life between a touchpoint and the goal's last."""
    older = pl.col("_half_lives") - pl.col("_half_lives").min().over("goal")
    return (_UNDECAYED * pl.lit(2.0).pow(-older)).round().cast(pl.Int64)


MODELS: dict[str, Model] = {
    "first_touch": Model(
        marked("First touch"),
        marked("All credit goes to the first touch."),
        _roles((1, _FIRST)),
    ),
    "lead_creation": Model(
        marked("Lead source"),
        marked("All credit goes to the touch that created the lead."),
        _roles((1, _LEAD_OR_FIRST)),
    ),
    "first_and_lead": Model(
        marked("50/50"),
        marked("Half goes to the first touch, half to the one that created the lead."),
        _roles((1, _FIRST), (1, _LEAD)),
    ),
    "last_touch": Model(
        marked("Last touch"),
        marked("All credit goes to the last touch before the goal."),
        _roles((1, _LAST)),
    ),
    "last_non_direct": Model(
        marked("Last known source"),
        marked("All credit goes to the last touch whose source is known, or to the last one if no source is."),
        _roles((1, _LAST_KNOWN)),
    ),
    "linear": Model(
        marked("Linear"),
        marked("Every touch gets the same share."),
        pl.lit(0),
        rest=1,
    ),
    "position_based": Model(
        marked("Position-based (U)"),
        marked("40% each go to the first touch and the one that created the lead, 20% are shared by the others."),
        _roles((40, _FIRST), (40, _SECOND_ANCHOR)),
        rest=20,
    ),
    "w_shaped": Model(
        marked("W-shaped"),
        marked(
            "30% each go to the first touch, the one that created the lead and the one that opened the opportunity, "
            "10% are shared by the others."
        ),
        _roles((30, _FIRST), (30, _LEAD), (30, _OPPORTUNITY)),
        rest=10,
    ),
    "full_path": Model(
        marked("Full path"),
        marked(
            "22.5% each go to the first touch, the one that created the lead, the one that opened the opportunity and "
            "the last, 10% are shared by the others."
        ),
        _roles((225, _FIRST), (225, _LEAD), (225, _OPPORTUNITY), (225, _LAST)),
        rest=100,
    ),
    "time_decay": Model(
        marked("Time decay"),
        marked("The closer a touch is to the goal, the more it gets: half as much for every half-life earlier."),
        _decay(),
    ),
}
