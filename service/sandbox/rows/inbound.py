"""Calls that come in: customers ring back, wait in a queue, and get an agent or give up; and the cases they leave.

People whom the floor tried to reach ring the number that they saw, and ask for sales or service. Service answers late
around noon, when half of its agents have lunch: a report by queue and hour shows it.

Moments are whole seconds, so that they read alike in both drivers.
"""

import polars as pl

from service.sandbox.rows.revisions import received
from service.sandbox.scenario.instants import HOUR, MINUTE, SECOND
from service.sandbox.scenario.plan import ZONE
from service.sandbox.scenario.rng import attribute, look_up
from service.sandbox.scenario.scenario import Scenario

# Shares of calls that go out, then of calls that come in.
_RINGS_BACK = 0.12
_LEAVES_MESSAGE, _CHOOSES_CALLBACK = 0.04, 0.25
_HOLDS, _TRANSFERRED, _ESCALATED, _MISSES = 0.2, 0.08, 0.03, 0.15
_HAS_CASE, _SOLVED, _REOPENED = 0.35, 0.8, 0.1

_QUEUES, _TOPICS = ("sales", "service"), ("offer", "appointment", "invoice", "installation")
_MENUS = ("1", "1 > 2", "2", "2 > 1")
_LUNCH = (12, 13)
_WAIT, _WAIT_AT_LUNCH, _PATIENCE = 8 * SECOND, 75 * SECOND, 110 * SECOND
_RINGING = 5 * SECOND


def callers(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The calls that come in after these calls, with what decides their rows."""
    rng = scenario.rng
    back = calls.filter(
        pl.col("agent").is_not_null() & pl.col("ended_at").is_not_null() & rng.chance("rings back", _RINGS_BACK)
    )
    later = scenario.calling.moment(pl.col("level") + rng.around("rings after", 0.7, 0.8))
    return (
        back.with_columns(arrived_at=_whole(pl.max_horizontal(later, pl.col("ended_at") + MINUTE)))
        .with_columns(queue=rng.choice("queue", (0.6, 0.4)), topic=rng.choice("topic", (4, 2, 3, 2)))
        .with_columns(menu_ms=_seconds(rng.around("menu", 9 * SECOND, 0.5)), lunch=_at_lunch())
        .with_columns(queued_at=pl.col("arrived_at") + pl.col("menu_ms"))
        .pipe(_with_wait, scenario)
        .pipe(_with_talk, scenario)
        .filter(pl.col("ended_at") < scenario.plan.ends_at)
        .pipe(_with_names, scenario)
    )


def _whole(moment: pl.Expr) -> pl.Expr:
    return moment // SECOND * SECOND


def _seconds(length: pl.Expr) -> pl.Expr:
    return _whole(length.cast(pl.Int64))


def _at_lunch() -> pl.Expr:
    """Whether a call to service arrives at noon on the floor's clock."""
    clock = pl.col("arrived_at").cast(pl.Datetime("ms")).dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)
    return clock.dt.hour().is_in(list(_LUNCH)) & (pl.col("queue") == _QUEUES.index("service"))


def _with_wait(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """How long the caller would wait for an agent, how long at most, and which comes first."""
    rng = scenario.rng
    typical = pl.when("lunch").then(_WAIT_AT_LUNCH).otherwise(_WAIT)
    waits, patience = rng.around("waits", typical, 0.9), rng.around("patience", _PATIENCE, 0.8)
    gives_up = pl.col("patience") < pl.col("waits")
    turns_away = pl.when(rng.chance("message", _LEAVES_MESSAGE)).then(pl.lit("voicemail"))
    turns_away = turns_away.when(gives_up & rng.chance("callback", _CHOOSES_CALLBACK)).then(pl.lit("callback"))
    return (
        calls.with_columns(waits=_seconds(waits), patience=_seconds(patience))
        .with_columns(outcome=turns_away.when(gives_up).then(pl.lit("abandoned")).otherwise(pl.lit("answered")))
        .with_columns(queue_ms=pl.min_horizontal("waits", "patience"), answered=pl.col("outcome") == "answered")
        .with_columns(left_at=pl.col("queued_at") + pl.col("queue_ms"))
    )


def _with_talk(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    rng = scenario.rng
    talked = {
        "talk_ms": rng.around("inbound talk", 150 * SECOND, 0.6),
        "wrap_ms": rng.around("wraps", 30 * SECOND, 0.6),
    }
    talked["hold_ms"] = pl.when(rng.chance("inbound hold", _HOLDS)).then(rng.around("on hold", 25 * SECOND, 0.5))
    lasts = pl.when("answered").then(pl.col("talk_ms") + pl.col("hold_ms").fill_null(0)).otherwise(2 * SECOND)
    escalated = pl.col("answered") & rng.chance("escalated", _ESCALATED)
    return (
        calls.with_columns(pl.when("answered").then(_seconds(value)).alias(name) for name, value in talked.items())
        .with_columns(
            agent=pl.when("answered").then("agent"),
            answered_at=pl.when("answered").then("left_at"),
            callback_chosen_at=pl.when(pl.col("outcome") == "callback").then("left_at"),
            ended_at=pl.col("left_at") + lasts,
            transferred=pl.when(pl.col("answered") & rng.chance("transferred", _TRANSFERRED)).then(pl.lit(value=True)),
            offers=pl.when("answered").then(_offers(rng.chance("misses", _MISSES))),
        )
        .with_columns(escalated_at=pl.when(escalated).then("ended_at"))
        .with_columns(escalated_to=pl.when(pl.col("escalated_at").is_not_null()).then(pl.lit("second-line")))
    )


def _offers(misses: pl.Expr) -> pl.Expr:
    """The call rings at the agent until the answer; some agents miss the first ring and take the second."""
    rang_at, answered_at = pl.col("left_at") - _RINGING, pl.col("left_at")
    taken = pl.format(
        '{{"agent": "{}", "answered": true, "from_at": "{}", "to_at": "{}"}}',
        "agent",
        _written(rang_at),
        _written(answered_at),
    )
    missed = pl.format(
        '{{"agent": "{}", "answered": false, "from_at": "{}", "to_at": "{}"}}',
        "agent",
        _written(rang_at - 2 * _RINGING),
        _written(rang_at - _RINGING),
    )
    both = pl.concat_str(pl.lit("["), missed, pl.lit(", "), taken, pl.lit("]"))
    return pl.when(misses).then(both).otherwise(pl.concat_str(pl.lit("["), taken, pl.lit("]")))


def _written(moment: pl.Expr) -> pl.Expr:
    return moment.cast(pl.Datetime("ms")).dt.to_string("%Y-%m-%dT%H:%M:%SZ")


def _with_names(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    number = pl.col("attempt").str.strip_prefix("call-")
    has_case = (
        pl.col("answered") & (pl.col("queue") == _QUEUES.index("service")) & scenario.rng.chance("case", _HAS_CASE)
    )
    return calls.with_columns(
        external_id=pl.lit("in-") + number,
        said_case=pl.when(has_case).then(pl.lit("case-") + number),
        queue=look_up(_QUEUES, pl.col("queue")),
        topic=look_up(_TOPICS, pl.col("topic")),
        menu_path=look_up(_MENUS, pl.col("topic")),
        observed_at="ended_at",
        recorded_at=received(scenario, "caller told", pl.col("ended_at")),
    )


def inbound_calls(came_in: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The calls that came in, with the columns of their table."""
    fixtures, places = scenario.fixtures, scenario.fixtures.numbers.places
    dialed = attribute(fixtures.caller_ids, "number", pl.col("shown"))
    lead = pl.when(~pl.col("without_lead")).then("lead")
    source = attribute(fixtures.sources, "code", pl.col("credited"))
    return came_in.select(
        *("dialer", "external_id", "agent", "arrived_at", "queued_at", "answered_at", "ended_at", "callback_chosen_at"),
        *("menu_path", "menu_ms", "topic", "said_case", "queue", "queue_ms", "outcome", "offers", "transferred"),
        *("escalated_at", "escalated_to", "talk_ms", "hold_ms", "wrap_ms"),
        campaign=attribute(fixtures.campaigns, "code", pl.col("campaign")),
        lead=lead,
        said_lead=lead,
        lead_by=pl.when(lead.is_not_null()).then(pl.lit("sender")),
        lead_matching=pl.when(lead.is_null()).then(pl.lit(value=False)),
        said_source=source,
        source=source,
        attributed_by=pl.when(source.is_not_null()).then(pl.lit("sender")),
        to_number=dialed,
        tracking_number=pl.when("tracked").then(dialed),
        from_number=fixtures.numbers.number(pl.col("person")),
        from_country=look_up(places["country"], pl.col("place")),
        from_region=look_up(places["region"], pl.col("place")),
        from_zones=look_up(places["zones"], pl.col("place")),
        said_talk_ms="talk_ms",
        said_hold_ms="hold_ms",
        test="test",
        observed_at="observed_at",
        recorded_at="recorded_at",
    )


def cases(came_in: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The cases of these calls, as they stand at the end of the plan."""
    rng, end = scenario.rng, scenario.plan.ends_at
    solved_at = pl.col("answered_at") + _seconds(rng.around("solved", 3.0 * HOUR, 1.2))
    solved = rng.chance("is solved", _SOLVED) & (solved_at < end)
    reopened_at = pl.col("resolved_at") + _seconds(rng.around("comes again", 5.0 * HOUR, 0.8))
    reopened = rng.chance("reopened", _REOPENED) & (reopened_at < end)
    return (
        came_in.filter(pl.col("said_case").is_not_null())
        .with_columns(resolved_at=pl.when(solved).then(solved_at))
        .with_columns(reopened_at=pl.when(reopened).then(reopened_at))
        .with_columns(updated_at=pl.max_horizontal("answered_at", "escalated_at", "resolved_at", "reopened_at"))
        .select(
            external_id="said_case",
            lead=pl.when(~pl.col("without_lead")).then("lead"),
            agent="agent",
            queue="queue",
            topic="topic",
            source=attribute(scenario.fixtures.sources, "code", pl.col("credited")),
            campaign=attribute(scenario.fixtures.campaigns, "code", pl.col("campaign")),
            opened_at="answered_at",
            resolved_at="resolved_at",
            reopened_at="reopened_at",
            escalated_at="escalated_at",
            escalated_to="escalated_to",
            test=pl.when("test").then(pl.lit(value=True)),
            observed_at="updated_at",
            recorded_at=received(scenario, "case told", pl.col("updated_at")),
        )
    )
