"""What each dial came to, who was on the line, and how long everything took."""

import polars as pl

from service.sandbox.rows import outcomes
from service.sandbox.rows.outcomes import GOES_ON, SETTLES, UNANSWERED, drawn
from service.sandbox.rows.schedule import on_duty, somebody
from service.sandbox.scenario.fixtures import TEAMS
from service.sandbox.scenario.instants import SECOND
from service.sandbox.scenario.rng import Luck, look_up, place_of
from service.sandbox.scenario.scenario import Floor

# How likely somebody picks up, at a first call; less at each further one. More often when it was to be the last call:
# who settles a matter is not called again.
_PICKS_UP, _PICKS_UP_LAST = 0.12, 0.43
_EACH_TRY_LESS = 0.95
_AT_MOST = 0.75
_OWNER_CALLS = 0.85
_LOST = 0.0015  # of the ends of calls, so many never arrive
_LONGEST = 55 * 60
_HOLDS, _HOLDS_FROM = 0.12, 100  # talks that usually take so many seconds
_TEST = 0.0005
_NOBODY_IN_PARTICULAR = 0.003


def call(floor: Floor, leads: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """The calls with what they came to by the end of the plan; a call of which no end is known has no `outcome`.

    Moments and durations are milliseconds; agents, campaigns, sources and outcomes are places; `next_at` is when the
    lead was called next.
    """
    again = pl.col("lead_row").shift(-1) == pl.col("lead_row")
    return (
        calls.with_columns(next_at=pl.when(again).then(pl.col("dialed_at").shift(-1)))
        .with_columns(_of_lead(leads, name) for name in _FROM_LEAD)
        .with_columns(
            automatic=look_up([team.automatic for team in TEAMS], pl.col("team")),
            day=floor.calling.day(pl.col("dialed_at"), pl.col("team")),
        )
        .with_columns(agent=_agent(floor))
        .with_columns(outcome=outcomes.on_line(_outcome(floor), pl.col("automatic")).cast(pl.Int64))
        .pipe(_timed, floor)
        .pipe(_known, floor)
    )


_FROM_LEAD = (
    *("team", "campaign", "source", "owner", "pickup", "appeal", "dead", "fax", "test"),
    *("place", "person"),
)


def _of_lead(leads: pl.DataFrame, name: str) -> pl.Expr:
    return look_up(leads[name], pl.col("lead_row")).alias(name)


def _agent(floor: Floor) -> pl.Expr:
    """The lead's own agent when there, else somebody; who it would be, on an automatic line."""
    owners = on_duty(floor, pl.col("owner"), pl.col("team"), pl.col("day"))
    theirs = (owners & floor.luck.happens("owner calls", _OWNER_CALLS)).fill_null(value=False)
    return pl.when(theirs).then("owner").otherwise(somebody(floor, pl.col("team"), pl.col("day")))


def _outcome(floor: Floor) -> pl.Expr:
    luck = floor.luck
    likely = pl.when("last").then(_PICKS_UP_LAST).otherwise(_PICKS_UP) * pl.col("pickup")
    person = luck.share("answer") < (likely * _EACH_TRY_LESS ** pl.col("ordinal")).clip(upper_bound=_AT_MOST)
    persuasion = pl.col("appeal") * look_up([agent.skill for agent in floor.cast.agents], pl.col("agent"))
    settles = place_of(luck.share("settles") / persuasion, tuple(SETTLES.values()))
    return (
        pl.when("dead").then(outcomes.PLACES["dead"])
        .when("fax").then(outcomes.PLACES["fax"])
        .when(person & pl.col("last")).then(drawn(SETTLES, settles))
        .when(person).then(drawn(GOES_ON, luck.one_of("goes on", tuple(GOES_ON.values()))))
        .when("last").then(drawn(UNANSWERED, luck.one_of("unanswered", tuple(UNANSWERED.values()))))
        .otherwise(drawn(_TRIED_AGAIN, luck.one_of("unanswered", tuple(_TRIED_AGAIN.values()))))
    )  # fmt: skip


# Nobody calls a number again that does not exist.
_TRIED_AGAIN = {name: weight for name, weight in UNANSWERED.items() if name != "dead"}


def _timed(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    luck, is_met = floor.luck, pl.col("met")
    joins = pl.when("automatic").then(luck.between("joins", 250, 1_400).cast(pl.Int64)).otherwise(0)
    return (
        calls.with_columns(met=outcomes.of(pl.col("outcome"), "met"), answered=_is_answered())
        .with_columns(ring_ms=_ring(luck), talk_ms=_talk(floor), wrap_ms=_wrap(luck), agent=_on_line())
        .with_columns(hold_ms=_hold(luck), dead_ms=_dead(luck))
        .with_columns(answered_at=pl.when("answered").then(pl.col("dialed_at") + pl.col("ring_ms")))
        .with_columns(agent_joined_at=pl.when(is_met).then(pl.col("answered_at") + joins))
        .with_columns(
            ended_at=pl.when(is_met)
            .then(pl.col("agent_joined_at") + pl.col("talk_ms") + pl.col("hold_ms"))
            .when("answered")
            .then(pl.col("answered_at") + luck.between("ends", 2 * SECOND, 6 * SECOND).cast(pl.Int64))
            .otherwise(pl.col("dialed_at") + pl.col("ring_ms")),
        )
    )


def _is_answered() -> pl.Expr:
    return outcomes.of(pl.col("outcome"), "network") == "answered"


def _on_line() -> pl.Expr:
    """On an automatic line nobody is there unless somebody was met."""
    return pl.when(pl.col("met") | ~pl.col("automatic")).then("agent")


def _milliseconds(seconds: pl.Expr) -> pl.Expr:
    return (seconds.clip(upper_bound=_LONGEST) * SECOND).cast(pl.Int64)


def _ring(luck: Luck) -> pl.Expr:
    shortest, longest = ([each.ring[end] for each in outcomes.OUTCOMES] for end in (0, 1))
    outcome = pl.col("outcome")
    return _milliseconds(luck.between("ring", look_up(shortest, outcome), look_up(longest, outcome)))


def _talk(floor: Floor) -> pl.Expr:
    pace = look_up([agent.pace for agent in floor.cast.agents], pl.col("agent"))
    typical = outcomes.of(pl.col("outcome"), "talk").cast(pl.Float64) * pace
    return pl.when("met").then(_milliseconds(floor.luck.around("talk", typical, 0.55)))


def _wrap(luck: Luck) -> pl.Expr:
    typical = outcomes.of(pl.col("outcome"), "wrap").cast(pl.Float64)
    return pl.when(pl.col("met") | ~pl.col("automatic")).then(_milliseconds(luck.around("wrap", typical, 0.5)))


def _hold(luck: Luck) -> pl.Expr:
    long = outcomes.of(pl.col("outcome"), "talk") >= _HOLDS_FROM
    held = _milliseconds(luck.around("hold", 40.0, 0.5))
    return pl.when(long & luck.happens("holds", _HOLDS)).then(held).when("met").then(0)


def _dead(luck: Luck) -> pl.Expr:
    """The customer has gone and the agent listens on: a part of the talk of those who hang up."""
    gone = outcomes.came_to("hung_up") & luck.happens("gone", 0.4)
    return pl.when(gone).then((pl.col("talk_ms") * 0.6).cast(pl.Int64)).when("met").then(0)


def _known(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """What is known by the end of the plan: of calls in progress, and of some others, no more than that they began."""
    luck = floor.luck
    told_at = pl.col("ended_at") + pl.col("wrap_ms").fill_null(0)
    in_progress = told_at >= floor.plan.ends_at
    unknown = in_progress | (pl.col("answered") & luck.happens("lost", _LOST))
    to_nobody = outcomes.came_to("no_answer") & luck.happens("no lead", _NOBODY_IN_PARTICULAR)
    later = ("outcome", "ring_ms", "talk_ms", "wrap_ms", "hold_ms", "dead_ms", "answered_at", "agent_joined_at")
    return (
        calls.with_columns(
            observed_at=pl.when(unknown).then("dialed_at").otherwise(told_at),
            test=pl.when(pl.col("test") | luck.happens("test call", _TEST)).then(pl.lit(value=True)),
            to_nobody=to_nobody,
            unknown=unknown,
        )
        .with_columns(pl.when(~pl.col("unknown")).then(name).alias(name) for name in (*later, "ended_at"))
        .with_columns(met=pl.col("met") & ~pl.col("unknown"))
    )
