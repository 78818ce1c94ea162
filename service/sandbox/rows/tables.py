"""A block as rows of the ledger: one frame per table, with its column names.

Columns that end in `_at` hold instants in milliseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from service.sandbox.rows.attribution import attribute_calls
from service.sandbox.rows.blocks import Block
from service.sandbox.rows.calls import call
from service.sandbox.rows.configuration import configuration
from service.sandbox.rows.customers import buyers, subscribers
from service.sandbox.rows.deals import stage_changes
from service.sandbox.rows.dispositions import dispose
from service.sandbox.rows.dividing import divide, draw_block
from service.sandbox.rows.followups import appointments, closings, follow_ups
from service.sandbox.rows.inbound import callers, cases, inbound_calls
from service.sandbox.rows.outcomes import of_outcome
from service.sandbox.rows.people import running_costs, schedules, staff
from service.sandbox.rows.quality import evaluations, scores, shared_calls, surveys
from service.sandbox.rows.quality_tables import (
    evaluation_rows,
    form_item_rows,
    score_rows,
    shared_call_rows,
    survey_rows,
)
from service.sandbox.rows.revisions import before_closing, before_the_end, received, revise_calls, revise_leads
from service.sandbox.rows.schedule import states
from service.sandbox.rows.spend import bills
from service.sandbox.scenario.homes import attributes_of_leads
from service.sandbox.scenario.rng import attribute, look_up
from service.sandbox.scenario.scenario import Scenario

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a floor's rows in the ledger: those of the first attempt and of the first lead.

    xid: the transaction that last changed the versions that are no longer current.
    """

    first_attempt: int = 1
    first_lead: int = 1
    xid: str = "0"


def first_tables(scenario: Scenario, blocks: list[Block]) -> Tables:
    """The tables that are written before any block: the configuration, the form, the costs, people, past customers."""
    customers, past_leads = subscribers(scenario)
    return {
        **configuration(scenario),
        "spend": bills(scenario, sum(block.leads for block in blocks)),
        "schedules": schedules(scenario),
        "staff": staff(scenario),
        "running_costs": running_costs(scenario),
        "form_items": form_item_rows(scenario),
        "leads": past_leads,
        "customers": customers,
    }


def all_tables(scenario: Scenario) -> Tables:
    """Every row of a floor at once, for floors that fit into memory."""
    blocks = divide(scenario)
    of_blocks = [tables(scenario, block, Ids()) for block in blocks]
    first = first_tables(scenario, blocks)
    whole = {table: pl.concat(of_block[table] for of_block in of_blocks) for table in of_blocks[0]}
    both = {table: pl.concat([whole[table], first[table]], how="diagonal") for table in whole if table in first}
    return first | whole | both


def tables(scenario: Scenario, block: Block, ids: Ids) -> Tables:
    """Everything that happened in a block, in an order in which it may be written."""
    leads, dials = draw_block(scenario, block)
    calls = dispose(call(scenario, leads, dials), scenario).pipe(attribute_calls, scenario).sort("dialed_at", "key")
    calls = (
        calls.with_row_index("number", offset=block.first_attempt)
        .pipe(_named, scenario, block)
        .pipe(revise_calls, scenario)
    )
    arrived = leads.join(closings(calls), left_on="row", right_on="lead_row", how="left", maintain_order="left")
    arrived = arrived.sort("received_at", "key").pipe(revise_leads, scenario)
    came_in = callers(calls, scenario)
    visits, evaluated = appointments(calls, scenario), evaluations(calls, scenario)
    moves = _stage_changes(stage_changes(calls, visits, scenario), scenario)
    return {
        "leads": _leads(arrived, scenario, ids),
        "leads_history": _superseded(_leads, before_closing(arrived), scenario, ids),
        "attempts": _attempts(calls, scenario, ids),
        "attempts_history": _superseded(_attempts, before_the_end(calls), scenario, ids),
        "dispositions": _dispositions(calls),
        "appointments": _appointments(visits, scenario),
        "follow_ups": _follow_ups(follow_ups(calls, scenario), scenario),
        "stage_changes": moves,
        "customers": buyers(moves),
        "agent_states": _agent_states(states(scenario, block.days), scenario),
        "inbound_calls": inbound_calls(came_in, scenario),
        "cases": cases(came_in, scenario),
        "surveys": survey_rows(surveys(calls, scenario), scenario),
        "evaluations": evaluation_rows(evaluated, scenario),
        "evaluation_scores": score_rows(scores(evaluated, scenario), scenario),
        "shared_calls": shared_call_rows(shared_calls(evaluated, scenario), scenario),
    }


def _superseded(
    rows: Callable[[pl.DataFrame, Scenario, Ids], pl.DataFrame], versions: pl.DataFrame, scenario: Scenario, ids: Ids
) -> pl.DataFrame:
    """Versions that are no longer current, with the columns of the current ones."""
    made = rows(versions, scenario, ids)
    return made.with_columns(superseded_at=versions["superseded_at"], changed_xid=pl.lit(ids.xid))


def _lead(number: pl.Expr) -> pl.Expr:
    return pl.lit("lead-") + number.cast(pl.String).str.zfill(10)


def _named(calls: pl.DataFrame, scenario: Scenario, block: Block) -> pl.DataFrame:
    """The calls with the codes that several tables hold."""
    fixtures = scenario.fixtures
    return calls.with_columns(
        attempt=pl.lit("call-") + pl.col("number").cast(pl.String).str.zfill(10),
        dialer=attribute(fixtures.teams, "dialer", pl.col("team")),
        lead=_lead(pl.col("lead_row") + block.first_lead),
        agent=attribute(fixtures.agents, "code", pl.col("agent")),
        noted_by=attribute(fixtures.agents, "code", pl.col("noted_by")),
    )


def _leads(leads: pl.DataFrame, scenario: Scenario, ids: Ids) -> pl.DataFrame:
    fixtures, places = scenario.fixtures, scenario.fixtures.numbers.places
    listed = attribute(fixtures.sources, "medium", pl.col("source")) == "list"
    return leads.select(
        external_id=_lead(pl.col("key")),
        id=pl.col("key") + ids.first_lead,
        received_at="received_at",
        source=attribute(fixtures.sources, "code", pl.col("source")),
        campaign=attribute(fixtures.campaigns, "code", pl.col("campaign")),
        phone_number=fixtures.numbers.number(pl.col("person")),
        phone_country=look_up(places["country"], pl.col("place")),
        phone_region=look_up(places["region"], pl.col("place")),
        phone_zones=look_up(places["zones"], pl.col("place")),
        owner=attribute(fixtures.agents, "code", pl.col("owner")),
        assigned_at="assigned_at",
        closed_at="closed_at",
        close_reason="close_reason",
        attributes=look_up(attributes_of_leads(), 2 * pl.col("home") + listed.fill_null(value=False).cast(pl.Int64)),
        test=pl.when("test").then(pl.lit(value=True)),
        observed_at="observed_at",
        recorded_at="recorded_at",
    )


def _attempts(calls: pl.DataFrame, scenario: Scenario, ids: Ids) -> pl.DataFrame:
    fixtures, places = scenario.fixtures, scenario.fixtures.numbers.places
    shown = attribute(fixtures.caller_ids, "number", pl.col("shown"))
    lead = pl.when(~pl.col("without_lead")).then("lead")
    return calls.select(
        dialer="dialer",
        external_id="attempt",
        id=pl.col("number") + ids.first_attempt,
        campaign=attribute(fixtures.campaigns, "code", pl.col("campaign")),
        agent="agent",
        lead=lead,
        said_lead=lead,
        lead_by=pl.when(lead.is_not_null()).then(pl.lit("sender")),
        lead_matching=pl.when(lead.is_null()).then(pl.lit(value=False)),
        said_source=attribute(fixtures.sources, "code", pl.col("sent_source")),
        source=attribute(fixtures.sources, "code", pl.col("credited")),
        tracking_number=pl.when("tracked").then(shown),
        attributed_by="attributed_by",
        to_number=fixtures.numbers.number(pl.col("person")),
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
        said_talk_ms="talk_ms",
        hold_ms="hold_ms",
        said_hold_ms="hold_ms",
        wrap_ms="wrap_ms",
        dead_ms="dead_ms",
        network_result=of_outcome("network"),
        answered_by=of_outcome("answered_by"),
        detector=of_outcome("detector"),
        handled=of_outcome("handled"),
        test="test",
        disposition="code",
        disposition_set_at="set_at",
        disposition_agent="noted_by",
        callback_at="callback_at",
        observed_at="observed_at",
        recorded_at="recorded_at",
    )


def _dispositions(calls: pl.DataFrame) -> pl.DataFrame:
    """The dispositions of calls, first ones that were corrected among them."""
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


def _appointments(visits: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    return visits.select(
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
        recorded_at=received(scenario, "visit told", pl.col("status_at")),
    )


def _follow_ups(promises: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    return promises.select(
        external_id=pl.col("attempt") + "-" + pl.col("channel"),
        lead="lead",
        agent=pl.when(pl.col("automated").is_null()).then("agent"),
        channel="channel",
        due_at="due_at",
        done_at="done_at",
        automated="automated",
        observed_at="observed_at",
        recorded_at=received(scenario, "promise told", pl.col("observed_at")),
    )


def _stage_changes(moves: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    currency = attribute(scenario.fixtures.campaigns, "currency", pl.col("campaign"))
    deal = pl.lit("deal-") + pl.col("lead").str.strip_prefix("lead-")
    return moves.select(
        external_id=deal + "-" + pl.col("stage"),
        opportunity=deal,
        lead="lead",
        stage="stage",
        changed_at="changed_at",
        amount="amount",
        gross_profit="gross_profit",
        currency=pl.when(pl.col("amount").is_not_null()).then(currency),
        observed_at="changed_at",
        recorded_at=received(scenario, "move told", pl.col("changed_at")),
    )


def _agent_states(shifts: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    reported_at = pl.coalesce("to_at", "from_at")
    return shifts.select(
        agent=attribute(scenario.fixtures.agents, "code", pl.col("agent")),
        from_at="from_at",
        state="state",
        reason="reason",
        to_at="to_at",
        observed_at=reported_at,
        recorded_at=received(scenario, "state told", reported_at),
    )
