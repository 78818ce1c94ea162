"""Credit for goals: every model by hand, the degenerate paths, and an independent reckoning in exact fractions."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from reports.rules.attribution_models import MODELS, WHOLE, collapse, credit
from reports.stats.allocation import share_out
from tests.proof import examples

GOAL_AT = datetime(2026, 3, 31, 15, tzinfo=UTC)
INSTANT = pl.Datetime("us", "UTC")
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "goal": pl.String,
    "touch": pl.String,
    "touch_at": INSTANT,
    "goal_at": INSTANT,
    "creates_lead": pl.Boolean,
    "opens_opportunity": pl.Boolean,
    "direct": pl.Boolean,
}


class Touch(NamedTuple):
    """A touch so many days before the goal."""

    touch: str
    days: float
    lead: bool | None = False
    opportunity: bool | None = False
    direct: bool | None = False
    goal: str = "sale"


def frame(path: list[Touch]) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            "goal": [touch.goal for touch in path],
            "touch": [touch.touch for touch in path],
            "touch_at": [GOAL_AT - timedelta(days=touch.days) for touch in path],
            "goal_at": [GOAL_AT] * len(path),
            "creates_lead": [touch.lead for touch in path],
            "opens_opportunity": [touch.opportunity for touch in path],
            "direct": [touch.direct for touch in path],
        },
        schema=SCHEMA,
    )


def weights(model: str, *path: Touch) -> dict[str, int]:
    made = credit(frame(list(path)), model).collect()
    return dict(zip(made["touch"], made["weight"], strict=True))


def cents(model: str, whole: int, *path: Touch) -> list[int]:
    made = credit(frame(list(path)), model).with_columns(amount=pl.lit(whole))
    shared = share_out(made, "amount", "parts", of=["goal"], order=["touch_at", "touch"], into="cents")
    return shared.collect()["cents"].to_list()


# The worked example of the catalogue, a week between the touches: A first, D created the lead. A saved address is
# all we know about where D came from.
A, B, C, D = (Touch("A", 21), Touch("B", 14), Touch("C", 7), Touch("D", 0, lead=True, direct=True))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first_touch", [100_00, 0, 0, 0]),
        ("lead_creation", [0, 0, 0, 100_00]),
        ("first_and_lead", [50_00, 0, 0, 50_00]),
        ("last_touch", [0, 0, 0, 100_00]),
        ("last_non_direct", [0, 0, 100_00, 0]),
        ("linear", [25_00, 25_00, 25_00, 25_00]),
        ("position_based", [40_00, 10_00, 10_00, 40_00]),
        # 30 + 30 + 10 = 70 are assigned: 30/70 = 42.857 and 5/70 = 7.143. Rounded down 42.85 + 7.14 + 7.14 + 42.85 =
        # 99.98; the two cents left go to the remainders of 0.71, not to those of 0.29.
        ("w_shaped", [42_86, 7_14, 7_14, 42_86]),
        # 22.5 first + 22.5 lead + 22.5 last + 10 = 77.5: 22.5/77.5 = 29.0323, 5/77.5 = 6.4516, 45/77.5 = 58.0645.
        # 29.03 + 6.45 + 6.45 + 58.06 = 99.99; remainders 0.23, 0.16, 0.16, 0.45.
        ("full_path", [29_03, 6_45, 6_45, 58_07]),
        # 1/8 + 1/4 + 1/2 + 1 = 15/8: 1/15, 2/15, 4/15, 8/15 = 6.6667, 13.3333, 26.6667, 53.3333.
        # 6.66 + 13.33 + 26.66 + 53.33 = 99.98; remainders 2/3, 1/3, 2/3, 1/3.
        ("time_decay", [6_67, 13_33, 26_67, 53_33]),
    ],
)
def test_the_worked_example_of_100_00_under_every_model(model: str, expected: list[int]) -> None:
    assert cents(model, 100_00, A, B, C, D) == expected


def test_the_worked_examples_of_shorter_paths() -> None:
    assert cents("position_based", 100_00, A, D) == [50_00, 50_00]
    assert cents("position_based", 100_00, A) == [100_00]
    assert cents("linear", 100_00, A, B, D) == [33_34, 33_33, 33_33]


def test_the_touch_that_opened_the_opportunity_has_its_share() -> None:
    opened = C._replace(opportunity=True)
    assert cents("w_shaped", 100_00, A, B, opened, D) == [30_00, 10_00, 30_00, 30_00]
    assert cents("full_path", 100_00, A, B, opened, D) == [22_50, 10_00, 22_50, 45_00]  # D is lead and last


def test_a_third_of_three_millions_is_one_though_it_is_not_333_334_millionths() -> None:
    assert cents("linear", 3_000_000_00, A, B, C) == [1_000_000_00] * 3
    assert weights("linear", A, B, C) == {"A": 333_334, "B": 333_333, "C": 333_333}


@pytest.mark.parametrize("model", MODELS)
def test_one_touch_gets_everything_whatever_it_is(model: str) -> None:
    assert weights(model, Touch("only", 3)) == {"only": WHOLE}
    assert weights(model, Touch("only", 3, lead=True, opportunity=True, direct=True)) == {"only": WHOLE}


@pytest.mark.parametrize("path", [(A, B), (A._replace(lead=True), B), (A, B._replace(lead=True))])
def test_two_touches_share_a_position_based_goal_whatever_is_known_of_them(path: tuple[Touch, Touch]) -> None:
    assert weights("position_based", *path) == {"A": WHOLE / 2, "B": WHOLE / 2}


def test_a_touch_in_two_roles_gets_the_shares_of_both() -> None:
    first = A._replace(lead=True)
    assert weights("position_based", first, B, C) == {"A": 800_000, "B": 100_000, "C": 100_000}
    assert weights("first_and_lead", first, B, C) == {"A": WHOLE, "B": 0, "C": 0}
    assert weights("w_shaped", first, B._replace(opportunity=True)) == {"A": 666_667, "B": 333_333}


def test_what_nobody_did_is_left_out_and_the_others_keep_their_proportions() -> None:
    assert weights("position_based", A, B, C) == {"A": 666_667, "B": 166_667, "C": 166_666}  # 40 : 10 : 10
    assert weights("first_and_lead", A, B, C) == {"A": WHOLE, "B": 0, "C": 0}
    assert weights("lead_creation", A, B, C) == {"A": WHOLE, "B": 0, "C": 0}
    assert weights("w_shaped", A, D, Touch("E", 0, opportunity=True)) == {"A": 333_334, "D": 333_333, "E": 333_333}


def test_only_the_earliest_of_several_that_claim_a_role_has_it() -> None:
    assert weights("lead_creation", A, B._replace(lead=True), D) == {"A": 0, "B": WHOLE, "D": 0}


def test_the_last_known_source_is_the_last_touch_when_none_is_known() -> None:
    assert weights("last_non_direct", *(touch._replace(direct=True) for touch in (A, B))) == {"A": 0, "B": WHOLE}
    assert weights("last_non_direct", A, B._replace(direct=None)) == {"A": WHOLE, "B": 0}


def test_what_is_not_said_is_no_role() -> None:
    assert weights("lead_creation", A._replace(lead=None), D) == {"A": 0, "D": WHOLE}


def test_touches_count_from_the_lookback_to_the_moment_of_the_goal_both_included() -> None:
    moment = 1e-6 / 86_400
    path = [Touch("late", -moment), Touch("with it", 0), Touch("oldest", 90), Touch("too old", 90 + 60 * moment)]
    assert weights("linear", *path) == {"oldest": WHOLE / 2, "with it": WHOLE / 2}
    assert credit(frame(path), "linear", lookback_days=0).collect()["touch"].to_list() == ["with it"]


def test_a_goal_without_a_touch_that_counts_is_left_to_be_unattributed() -> None:
    assert weights("time_decay", Touch("too old", 91), Touch("late", -1)) == {}
    assert weights("time_decay") == {}


def test_the_half_life_can_be_chosen_and_forgets_what_is_very_old() -> None:
    made = credit(frame([A, C, D]), "time_decay", half_life_days=14).collect()
    total = 2**-1.5 + 2**-0.5 + 1
    assert made["weight"].to_list() == [round(2**-power / total * WHOLE) for power in (1.5, 0.5, 0)]
    fast = credit(frame([A, C, Touch("E", 5)]), "time_decay", half_life_days=0.001).collect()
    assert fast["weight"].to_list() == [0, 0, WHOLE]


def test_what_else_is_said_of_a_touch_stays_with_it() -> None:
    touches = frame([D, A]).with_columns(source=pl.col("touch") + " ads")
    made = credit(touches, "w_shaped").collect()
    assert made.columns == [*touches.collect_schema(), "parts", "weight"]
    assert made["source"].to_list() == ["A ads", "D ads"]


def test_every_model_is_told_to_a_marketer() -> None:
    assert len({model.title for model in MODELS.values()}) == len(MODELS)
    assert all(model.meaning.endswith(".") for model in MODELS.values())


def reckoned(model: str, path: list[Touch]) -> dict[str, Fraction]:
    """The credit of every touch in exact fractions, by the rules of the catalogue: assign shares, then divide."""
    path = sorted((touch for touch in path if 0 <= touch.days <= 90), key=lambda touch: (-touch.days, touch.touch))
    if not path:
        return {}
    first, last = path[0], path[-1]
    lead = next((touch for touch in path if touch.lead), None)
    opportunity = next((touch for touch in path if touch.opportunity), None)
    if model == "position_based" and len(path) == 2:
        lead = last
    roles: dict[str, list[tuple[Touch | None, Fraction]]] = {
        "first_touch": [(first, Fraction(1))],
        "lead_creation": [(lead or first, Fraction(1))],
        "first_and_lead": [(first, Fraction(1, 2)), (lead, Fraction(1, 2))],
        "last_touch": [(last, Fraction(1))],
        "last_non_direct": [(next((touch for touch in reversed(path) if not touch.direct), last), Fraction(1))],
        "linear": [(touch, Fraction(1, len(path))) for touch in path],
        "position_based": [(first, Fraction(2, 5)), (lead, Fraction(2, 5))],
        "w_shaped": [(touch, Fraction(3, 10)) for touch in (first, lead, opportunity)],
        "full_path": [(touch, Fraction(9, 40)) for touch in (first, lead, opportunity, last)],
        "time_decay": [(touch, Fraction(2 ** (-touch.days / 7))) for touch in path],
    }
    rest = {"position_based": Fraction(1, 5), "w_shaped": Fraction(1, 10), "full_path": Fraction(1, 10)}
    got = {touch.touch: Fraction(0) for touch in path}
    for touch, share in roles[model]:
        if touch:
            got[touch.touch] += share
    idle = [name for name, share in got.items() if not share]
    got |= {name: rest.get(model, Fraction(0)) / len(idle) for name in idle}
    return {name: share / sum(got.values()) for name, share in got.items()}


PATHS = st.lists(
    st.tuples(st.integers(-100, 2000), st.booleans(), st.booleans(), st.booleans(), st.sampled_from("xyz")), max_size=25
).map(
    lambda touches: [
        Touch(f"touch {number}", hours / 20, *flags, goal=goal) for number, (hours, *flags, goal) in enumerate(touches)
    ]
)
NAMES = st.sampled_from(list(MODELS))


@settings(max_examples=examples(40, 400), deadline=None)
@given(model=NAMES, path=PATHS, seed=st.integers(0, 10**6))
def test_weights_are_those_of_exact_fractions_and_every_goal_is_given_away_once(
    model: str, path: list[Touch], seed: int
) -> None:
    made = credit(frame(Random(seed).sample(path, len(path))), model).collect()
    with pl.Config(engine_affinity="in-memory"):
        assert made.equals(credit(frame(path), model).collect())
    assert made.select(pl.col("weight").ge(0).all()).item()
    for goal in "xyz":
        expected = reckoned(model, [touch for touch in path if touch.goal == goal])
        credited = made.filter(goal=goal)
        assert sorted(credited["touch"]) == sorted(expected)
        assert credited["weight"].sum() == (WHOLE if expected else 0)
        for touch, weight in zip(credited["touch"], credited["weight"], strict=True):
            assert abs(weight - expected[touch] * WHOLE) < 1 + 1e-4


@settings(max_examples=30, deadline=None)
@given(path=PATHS, model=st.sampled_from(["linear", "time_decay"]))
def test_a_later_touch_decays_less_and_linear_knows_no_later(path: list[Touch], model: str) -> None:
    made = credit(frame(path), model).collect()
    steps = made.select(later=pl.col("weight").diff().over("goal"))["later"].drop_nulls()
    # One millionth is left over; the first of equal touches gets it.
    assert all((step >= -1 if model == "time_decay" else step in {-1, 0}) for step in steps)


@settings(max_examples=30, deadline=None)
@given(path=PATHS, model=NAMES)
def test_a_goal_is_credited_the_same_with_and_without_the_others(path: list[Touch], model: str) -> None:
    together = credit(frame(path), model).filter(pl.col("goal") == "x").collect()
    alone = credit(frame([touch for touch in path if touch.goal == "x"]), model).collect()
    assert_frame_equal(together, alone)


def calls(*minutes: float, person: str | None = "P", number: str | None = "N") -> pl.LazyFrame:
    """Calls of one person to one number, so many minutes after noon."""
    rows = {
        "person": [person] * len(minutes),
        "number": [number] * len(minutes),
        "touch_at": [datetime(2026, 3, 3, 12, tzinfo=UTC) + timedelta(minutes=minute) for minute in minutes],
        "touch": [f"call {place}" for place in range(len(minutes))],
    }
    text = dict.fromkeys(("person", "number", "touch"), pl.String)
    return pl.LazyFrame(rows, schema_overrides={**text, "touch_at": INSTANT})


def distinct_touches(touches: pl.LazyFrame, minutes: float = 30) -> list[str]:
    return sorted(collapse(touches, minutes).collect()["touch"])


def test_repeat_calls_within_half_an_hour_of_the_first_are_one_touch() -> None:
    assert distinct_touches(calls(0, 5, 30)) == ["call 0"]
    assert distinct_touches(calls(0, 30.1)) == ["call 0", "call 1"]
    # 20 minutes apart: the third is 40 after the first, a new touch. The fourth is within 30 minutes of the third.
    assert distinct_touches(calls(0, 20, 40, 60, 80)) == ["call 0", "call 2", "call 4"]
    assert distinct_touches(calls(0, 0, 0)) == ["call 0"]
    assert distinct_touches(calls(0, 5), minutes=3) == ["call 0", "call 1"]
    assert distinct_touches(calls()) == []


def test_only_calls_of_a_known_person_to_the_same_number_are_repeats() -> None:
    for other in ({"person": "Q"}, {"number": "M"}):
        assert distinct_touches(pl.concat([calls(0, 1), calls(0, 1, **other)])) == ["call 0", "call 0"]
    assert distinct_touches(calls(0, 1, person=None)) == ["call 0", "call 1"]
    assert distinct_touches(calls(0, 1, number=None)) == ["call 0", "call 1"]


def test_a_filter_afterwards_does_not_keep_what_was_dropped() -> None:
    assert collapse(calls(0, 5)).filter(pl.col("touch") == "call 1").select("touch").collect().is_empty()
    assert collapse(calls(0, 5, 40)).tail(1).select("touch").collect().item() == "call 2"


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.lists(st.tuples(st.integers(0, 300), st.sampled_from("PQ")), max_size=40),
    seed=st.integers(0, 10**6),
)
def test_every_call_is_within_half_an_hour_after_exactly_one_that_is_kept(
    minutes: list[tuple[int, str]], seed: int
) -> None:
    touches = pl.concat([calls(minute, person=person) for minute, person in minutes] or [calls()])
    touches = touches.with_columns(touch=pl.int_range(pl.len()).cast(pl.String)).collect()
    shuffled = touches.sample(fraction=1, shuffle=True, seed=seed).lazy()
    made = collapse(shuffled).collect()
    assert_frame_equal(made, collapse(touches.lazy()).collect())
    for call in touches.iter_rows(named=True):
        since = call["touch_at"] - pl.col("touch_at")
        covering = made.filter(
            pl.col("person") == call["person"], since.is_between(timedelta(0), timedelta(minutes=30))
        )
        assert covering.height == 1
