"""A block as the ledger stores it: one frame per table, with its column names.

Columns whose names end in `_at` are still milliseconds; service/sandbox/bulk/copying.py writes them as the ledger reads
them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from service.sandbox.rows import outcomes
from service.sandbox.rows.attribution import attribute
from service.sandbox.rows.blocks import Block
from service.sandbox.rows.calls import call
from service.sandbox.rows.dispositions import note
from service.sandbox.rows.dividing import meet
from service.sandbox.rows.followups import closings, deals, follow_ups, visits
from service.sandbox.rows.revisions import before_closing, before_the_end, learn, learn_leads, learned
from service.sandbox.rows.schedule import states
from service.sandbox.scenario import phone_numbers as numbers
from service.sandbox.scenario.fixtures import SOURCES, TEAMS
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Floor

Tables = dict[str, pl.DataFrame]

_LISTED = '{"list": "spring"}'
_SOURCES = [source.code for source in SOURCES]


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids a floor's rows have in the ledger: those of the first attempt and of the first lead.

    xid: the transaction by which versions that are no longer believed were last changed.
    """

    first_attempt: int
    first_lead: int
    xid: str


def tables(floor: Floor, block: Block, ids: Ids) -> Tables:
    """Everything that happened in a block, in an order in which it may be written."""
    leads, dials = meet(floor, block)
    calls = note(call(floor, leads, dials), floor).pipe(attribute, floor).sort("dialed_at", "key")
    calls = calls.with_row_index("number", offset=block.first_attempt).pipe(_named, floor, block).pipe(learn, floor)
    received = leads.join(closings(calls), left_on="row", right_on="lead_row", how="left", maintain_order="left")
    received = received.sort("received_at", "key").pipe(learn_leads, floor)
    held = visits(calls, floor)
    return {
        "leads": _leads(received, floor, ids),
        "leads_history": _outdated(_leads, before_closing(received), floor, ids),
        "attempts": _attempts(calls, floor, ids),
        "attempts_history": _outdated(_attempts, before_the_end(calls), floor, ids),
        "dispositions": _dispositions(calls),
        "appointments": _appointments(held, floor),
        "follow_ups": _follow_ups(follow_ups(calls, floor), floor),
        "stage_changes": _stage_changes(deals(calls, held, floor), floor),
        "agent_states": _agent_states(states(floor, block.days), floor),
    }


def _outdated(
    put: Callable[[pl.DataFrame, Floor, Ids], pl.DataFrame], versions: pl.DataFrame, floor: Floor, ids: Ids
) -> pl.DataFrame:
    """Versions that are no longer believed, put as the current ones are."""
    return put(versions, floor, ids).with_columns(superseded_at=versions["superseded_at"], changed_xid=pl.lit(ids.xid))


def _lead(number: pl.Expr) -> pl.Expr:
    return pl.lit("lead-") + number.cast(pl.String).str.zfill(10)


def _named(calls: pl.DataFrame, floor: Floor, block: Block) -> pl.DataFrame:
    """The calls with the codes that are told of more than once."""
    agents = [agent.code for agent in floor.cast.agents]
    return calls.with_columns(
        attempt=pl.lit("call-") + pl.col("number").cast(pl.String).str.zfill(10),
        dialer=look_up([team.dialer for team in TEAMS], pl.col("team")),
        lead=_lead(pl.col("lead_row") + block.first_lead),
        agent=look_up(agents, pl.col("agent")),
        noted_by=look_up(agents, pl.col("noted_by")),
    )


def _leads(leads: pl.DataFrame, floor: Floor, ids: Ids) -> pl.DataFrame:
    listed = look_up([source.medium == "list" for source in SOURCES], pl.col("source"))
    places = numbers.places()
    return leads.select(
        external_id=_lead(pl.col("key")),
        id=pl.col("key") + ids.first_lead,
        received_at="received_at",
        source=look_up(_SOURCES, pl.col("source")),
        campaign=look_up([each.code for each in floor.cast.campaigns], pl.col("campaign")),
        phone_number=numbers.number(pl.col("person")),
        phone_country=look_up(places["country"], pl.col("place")),
        phone_region=look_up(places["region"], pl.col("place")),
        phone_zones=look_up(places["zones"], pl.col("place")),
        owner=look_up([each.code for each in floor.cast.agents], pl.col("owner")),
        assigned_at="assigned_at",
        closed_at="closed_at",
        close_reason="close_reason",
        attributes=pl.when(listed).then(pl.lit(_LISTED)),
        test=pl.when("test").then(pl.lit(value=True)),
        observed_at="observed_at",
        recorded_at="recorded_at",
    )


def _attempts(calls: pl.DataFrame, floor: Floor, ids: Ids) -> pl.DataFrame:
    places, shown = numbers.places(), look_up([each.number for each in floor.cast.caller_ids], pl.col("shown"))
    return calls.select(
        dialer="dialer",
        external_id="attempt",
        id=pl.col("number") + ids.first_attempt,
        campaign=look_up([each.code for each in floor.cast.campaigns], pl.col("campaign")),
        agent="agent",
        lead=pl.when(~pl.col("to_nobody")).then("lead"),
        said_source=look_up(_SOURCES, pl.col("said")),
        source=look_up(_SOURCES, pl.col("credited")),
        tracking_number=pl.when("tracked").then(shown),
        attributed_by="attributed_by",
        to_number=numbers.number(pl.col("person")),
        to_country=look_up(places["country"], pl.col("place")),
        to_region=look_up(places["region"], pl.col("place")),
        to_zones=look_up(places["zones"], pl.col("place")),
        from_number=shown,
        dialed_at="dialed_at",
        answered_at="answered_at",
        agent_joined_at="agent_joined_at",
        ended_at="ended_at",
        ring_ms="ring_ms",
        talk_ms="talk_ms",
        hold_ms="hold_ms",
        wrap_ms="wrap_ms",
        dead_ms="dead_ms",
        network_result=outcomes.of(pl.col("outcome"), "network"),
        answered_by=outcomes.of(pl.col("outcome"), "answered_by"),
        detector=outcomes.of(pl.col("outcome"), "detector"),
        handled=outcomes.of(pl.col("outcome"), "handled"),
        test="test",
        disposition="code",
        disposition_set_at="set_at",
        disposition_agent="noted_by",
        callback_at="callback_at",
        observed_at="observed_at",
        recorded_at="recorded_at",
    )


def _dispositions(calls: pl.DataFrame) -> pl.DataFrame:
    """What was noted of calls, first notes that were corrected among them."""
    rows = {"dialer": "dialer", "attempt": "attempt", "agent": "noted_by"}
    mistaken = calls.filter("mistaken").select(
        **rows,
        set_at="first_set_at",
        code="first_code",
        callback_at=pl.lit(None, pl.Int64),
        recorded_at=pl.coalesce("first_recorded_at", "recorded_at"),
    )
    noted = calls.filter("noted").select(
        **rows, set_at="set_at", code="code", callback_at="callback_at", recorded_at="recorded_at"
    )
    return pl.concat([noted, mistaken]).with_columns(observed_at="set_at")


def _appointments(held: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    return held.select(
        external_id=pl.col("attempt") + "-visit",
        lead="lead",
        dialer="dialer",
        attempt="attempt",
        agent="agent",
        set_at="set_at",
        scheduled_at="scheduled_at",
        status="status",
        status_at="status_at",
        observed_at="status_at",
        recorded_at=learned(floor, "visit told", pl.col("status_at")),
    )


def _follow_ups(promises: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    return promises.select(
        external_id=pl.col("attempt") + "-" + pl.col("channel"),
        lead="lead",
        agent=pl.when(pl.col("automated").is_null()).then("agent"),
        channel="channel",
        due_at="due_at",
        done_at="done_at",
        automated="automated",
        observed_at="observed_at",
        recorded_at=learned(floor, "promise told", pl.col("observed_at")),
    )


def _stage_changes(moves: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    deal = pl.lit("deal-") + pl.col("lead").str.strip_prefix("lead-")
    return moves.select(
        external_id=deal + "-" + pl.col("stage"),
        opportunity=deal,
        lead="lead",
        stage="stage",
        changed_at="changed_at",
        amount="amount",
        gross_profit="gross_profit",
        currency=pl.when(pl.col("amount").is_not_null()).then(pl.lit(floor.plan.currency)),
        observed_at="changed_at",
        recorded_at=learned(floor, "move told", pl.col("changed_at")),
    )


def _agent_states(shifts: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    told_at = pl.coalesce("to_at", "from_at")
    return shifts.select(
        agent=look_up([each.code for each in floor.cast.agents], pl.col("agent")),
        from_at="from_at",
        state="state",
        reason="reason",
        to_at="to_at",
        observed_at=told_at,
        recorded_at=learned(floor, "state told", told_at),
    )
