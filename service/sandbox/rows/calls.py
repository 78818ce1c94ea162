"""The outcome of each dial, the agent on the line, and how long everything took."""

import polars as pl

from service.sandbox.rows import outcomes
from service.sandbox.rows.outcomes import GOES_ON, SETTLES, UNANSWERED, drawn, is_any, of_outcome
from service.sandbox.rows.schedule import any_agent, on_duty
from service.sandbox.scenario.instants import SECOND
from service.sandbox.scenario.rng import Rng, attribute, choice_at, look_up
from service.sandbox.scenario.scenario import OPENS, Scenario

# How likely a person picks up at a first call; less at each further call. More often at a call that was to be the last:
# people who settle a matter are not called again.
_PICKS_UP, _PICKS_UP_LAST = 0.12, 0.43
_EACH_TRY_LESS = 0.95
_AT_MOST = 0.75
_OWNER_CALLS = 0.85
_END_LOST = 0.0015  # of the ends of calls, this share never arrives
_LONGEST = 55 * 60
_HOLDS, _HOLDS_FROM = 0.12, 100  # talks that usually take this many seconds
_TEST = 0.0005
_WITHOUT_LEAD = 0.003

_LATER = (
    "outcome",
    "ring_ms",
    "talk_ms",
    "wrap_ms",
    "hold_ms",
    "dead_ms",
    "answered_at",
    "agent_joined_at",
    "ended_at",
)
_FROM_LEAD = (
    *("team", "campaign", "source", "owner", "pickup", "appeal", "dead", "fax", "test"),
    *("place", "person"),
)


def call(scenario: Scenario, leads: pl.DataFrame, dials: pl.DataFrame) -> pl.DataFrame:
    """The dials with their outcome by the end of the plan; a call without a known end has no `outcome`.

    Moments and durations are milliseconds; agents, campaigns, sources and outcomes are indexes; `next_at` is when the
    lead was called next.
    """
    again = pl.col("lead_row").shift(-1) == pl.col("lead_row")
    return (
        dials.with_columns(next_at=pl.when(again).then(pl.col("dialed_at").shift(-1)))
        .with_columns(look_up(leads[name], pl.col("lead_row")).alias(name) for name in _FROM_LEAD)
        .with_columns(
            automatic=attribute(scenario.fixtures.teams, "automatic", pl.col("team")),
            day=scenario.calling.day(pl.col("dialed_at"), pl.col("team")),
        )
        .with_columns(agent=_agent(scenario))
        .with_columns(outcome=outcomes.on_line(_outcome(scenario), pl.col("automatic")).cast(pl.Int64))
        .pipe(_timed, scenario)
        .pipe(_known, scenario)
    )


def _agent(scenario: Scenario) -> pl.Expr:
    """The lead's own agent when on duty, else any agent of the team."""
    owner_is_there = on_duty(scenario, pl.col("owner"), pl.col("team"), pl.col("day"))
    by_owner = (owner_is_there & scenario.rng.chance("owner calls", _OWNER_CALLS)).fill_null(value=False)
    return pl.when(by_owner).then("owner").otherwise(any_agent(scenario, pl.col("team"), pl.col("day")))


def _outcome(scenario: Scenario) -> pl.Expr:
    rng = scenario.rng
    likely = _at_this_hour(scenario, pl.when("last").then(_PICKS_UP_LAST).otherwise(_PICKS_UP) * pl.col("pickup"))
    person = rng.fraction("answer") < (likely * _EACH_TRY_LESS ** pl.col("ordinal")).clip(upper_bound=_AT_MOST)
    persuasion = pl.col("appeal") * attribute(scenario.fixtures.agents, "skill", pl.col("agent"))
    settles = choice_at(rng.fraction("settles") / persuasion, tuple(SETTLES.values()))
    return (
        pl.when("dead").then(outcomes.INDEXES["dead"])
        .when("fax").then(outcomes.INDEXES["fax"])
        .when(person & pl.col("last")).then(drawn(SETTLES, settles))
        .when(person).then(drawn(GOES_ON, rng.choice("goes on", tuple(GOES_ON.values()))))
        .when("last").then(drawn(UNANSWERED, rng.choice("unanswered", tuple(UNANSWERED.values()))))
        .otherwise(drawn(_TRIED_AGAIN, rng.choice("unanswered", tuple(_TRIED_AGAIN.values()))))
    )  # fmt: skip


def _at_this_hour(scenario: Scenario, likely: pl.Expr) -> pl.Expr:
    """How likely a person picks up at the hour of the call, on the clock of its team."""
    by_hour = scenario.fixtures.traits.pickup_by_hour
    if not by_hour:
        return likely
    called_at = pl.from_epoch("dialed_at", "ms").dt.replace_time_zone("UTC")
    hours = [called_at.dt.convert_time_zone(team.zone).dt.hour() for team in scenario.fixtures.teams]
    of_team = [pl.when(pl.col("team") == index).then(hour) for index, hour in enumerate(hours)]
    return likely * look_up(by_hour, pl.coalesce(of_team) - OPENS)


# No number that does not exist is called again.
_TRIED_AGAIN = {name: weight for name, weight in UNANSWERED.items() if name != "dead"}


def _timed(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    rng = scenario.rng
    joins = pl.when("automatic").then(rng.between("joins", 250, 1_400).cast(pl.Int64)).otherwise(0)
    return (
        calls.with_columns(connected=of_outcome("connected"), answered=of_outcome("network") == "answered")
        .with_columns(ring_ms=_ring(rng), talk_ms=_talk(scenario), wrap_ms=_wrap(rng), agent=_on_line())
        .with_columns(hold_ms=_hold(rng), dead_ms=_dead(rng))
        .with_columns(answered_at=pl.when("answered").then(pl.col("dialed_at") + pl.col("ring_ms")))
        .with_columns(agent_joined_at=pl.when("connected").then(pl.col("answered_at") + joins))
        .with_columns(
            ended_at=pl.when("connected")
            .then(pl.col("agent_joined_at") + pl.col("talk_ms") + pl.col("hold_ms"))
            .when("answered")
            .then(pl.col("answered_at") + rng.between("ends", 2 * SECOND, 6 * SECOND).cast(pl.Int64))
            .otherwise(pl.col("dialed_at") + pl.col("ring_ms")),
        )
    )


def _on_line() -> pl.Expr:
    """On an automatic line there is an agent only in connected calls."""
    return pl.when(pl.col("connected") | ~pl.col("automatic")).then("agent")


def _milliseconds(seconds: pl.Expr) -> pl.Expr:
    return (seconds.clip(upper_bound=_LONGEST) * SECOND).cast(pl.Int64)


def _ring(rng: Rng) -> pl.Expr:
    shortest, longest = ([outcome.ring[end] for outcome in outcomes.OUTCOMES] for end in (0, 1))
    outcome = pl.col("outcome")
    return _milliseconds(rng.between("ring", look_up(shortest, outcome), look_up(longest, outcome)))


def _talk(scenario: Scenario) -> pl.Expr:
    pace = attribute(scenario.fixtures.agents, "pace", pl.col("agent"))
    typical = of_outcome("talk").cast(pl.Float64) * pace
    return pl.when("connected").then(_milliseconds(scenario.rng.around("talk", typical, 0.55)))


def _wrap(rng: Rng) -> pl.Expr:
    typical = of_outcome("wrap").cast(pl.Float64)
    by_agent = pl.col("connected") | ~pl.col("automatic")
    return pl.when(by_agent).then(_milliseconds(rng.around("wrap", typical, 0.5)))


def _hold(rng: Rng) -> pl.Expr:
    long = of_outcome("talk") >= _HOLDS_FROM
    held = _milliseconds(rng.around("hold", 40.0, 0.5))
    return pl.when(long & rng.chance("holds", _HOLDS)).then(held).when("connected").then(0)


def _dead(rng: Rng) -> pl.Expr:
    """The customer has gone and the agent listens on: a part of the talk of people who hang up."""
    hung_up = is_any("hung_up") & rng.chance("gone", 0.4)
    return pl.when(hung_up).then((pl.col("talk_ms") * 0.6).cast(pl.Int64)).when("connected").then(0)


def _known(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The calls as known at the end of the plan: of calls in progress, and of some others, only the beginning."""
    rng = scenario.rng
    finished_at = pl.col("ended_at") + pl.col("wrap_ms").fill_null(0)
    in_progress = finished_at >= scenario.plan.ends_at
    unknown = in_progress | (pl.col("answered") & rng.chance("lost", _END_LOST))
    without_lead = is_any("no_answer") & rng.chance("no lead", _WITHOUT_LEAD)
    return (
        calls.with_columns(
            observed_at=pl.when(unknown).then("dialed_at").otherwise(finished_at),
            test=pl.when(pl.col("test") | rng.chance("test call", _TEST)).then(pl.lit(value=True)),
            without_lead=without_lead,
            unknown=unknown,
        )
        .with_columns(pl.when(~pl.col("unknown")).then(name).alias(name) for name in _LATER)
        .with_columns(connected=pl.col("connected") & ~pl.col("unknown"))
    )
