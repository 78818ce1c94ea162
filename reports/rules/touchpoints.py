"""Goals, and the touchpoints before them that share their credit.

A goal is a lead received, a lead's right party reached for the first time, an appointment, a sale, or a deal won. A
touchpoint is an earlier contact with the same person. It is a lead of theirs that came in, or a call of ours that
reached the right party. Leads with one phone number are one person.

The rules; their numbers mark the code that applies them:

 1  A repeat request within 30 days of the last one is no other lead, but it is a touchpoint.
 2  Calls to one person through one number within half an hour are one touchpoint, the first of them.
 3  The touchpoint that created the lead is the arrival of the goal's own lead.
 4  The touchpoint that opened the opportunity is the last one before it was opened. The opportunity is the goal's own,
    or else the first of its lead, if that was before the goal.
 5  A goal counts for the agent of its own call. Else it counts for the agent of the last call before it that reached
    the right party of its lead, else for the lead's owner. A lead without any of these counts for the agent who called
    it first.
 6  A test is no touchpoint, and a goal that is a test has none.
"""

from datetime import timedelta

import polars as pl

from reports.model.codes import Codes
from reports.rules.attribution_models import collapse
from reports.rules.last_contact import read_origin, with_last_call

LOOKBACK_DAYS = 90

# The results of calls that are goals.
RESULTS_OF_GOALS = ("appointment", "sale")
# The separator within a name; no code contains it.
_AND = "\0"


def find_goals(leads: pl.LazyFrame, calls: pl.LazyFrame, deals: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """The goals that were reached, one row each.

    Columns: goal (an identifier), kind (lead, contact, appointment, sale or deal), dialer (of a call) and name (of the
    lead, the call or the opportunity), lead, person, goal_at, agent, opened_at, test and duplicate. A deal also has
    amount, gross_profit, currency, and whether it is the `first` that its lead has won.
    """
    contacts = calls.filter(pl.col("reached") & ~pl.col("test"))
    opened = deals.group_by("lead").agg(first_opened_at=pl.col("opened_at").min())
    goals = (
        _leads(leads),
        _contacts(contacts),
        *(_results(calls, result) for result in RESULTS_OF_GOALS),
        _deals(deals),
    )
    return (
        pl.concat(goals, how="diagonal")
        .with_columns(goal=name_goal().rank("dense"))
        .join(opened, on="lead", how="left")
        .join(leads.select("lead", "person", "owner"), on="lead", how="left")
        .with_columns(opened_at=pl.coalesce("opened_at", "first_opened_at"), person=_person("name"))  # 4
        .pipe(_by_agents, contacts, calls, codes)
    )


def name_goal() -> pl.Expr:
    """What names a goal: its kind, and its lead, call or deal."""
    return _named("kind", pl.col("dialer").fill_null(""), "name")


def holder(goal: str = "name") -> pl.Expr:
    """Whose history decides about a goal: its lead; without one its call (`dialer` and `name`), or else its deal."""
    call, deal = _named(pl.lit(""), "dialer", goal), _named(pl.lit(""), goal)
    return pl.coalesce("lead", call, deal)


def _named(*parts: str | pl.Expr) -> pl.Expr:
    return pl.concat_str(parts, separator=_AND)


def _person(call: str) -> pl.Expr:
    """The person of a lead; a call without a lead is a person of its own."""
    return pl.coalesce("person", "lead", _named(pl.lit("call"), "dialer", call))


def _leads(leads: pl.LazyFrame) -> pl.LazyFrame:
    return leads.select("lead", "test", "duplicate", kind=pl.lit("lead"), name="lead", goal_at="received_at")  # 1


def _contacts(contacts: pl.LazyFrame) -> pl.LazyFrame:
    first = contacts.filter(pl.col("lead").is_not_null()).sort("dialed_at", "dialer", "external_id").group_by("lead")
    return first.agg(by=pl.col("agent").first(), goal_at=pl.col("dialed_at").first()).with_columns(
        kind=pl.lit("contact"), name=pl.col("lead"), test=pl.lit(value=False)
    )


def _results(calls: pl.LazyFrame, result: str) -> pl.LazyFrame:
    return calls.filter(pl.col("result") == result).select(
        "dialer", "lead", "test", kind=pl.lit(result), name="external_id", goal_at="dialed_at", by="agent"
    )


def _deals(deals: pl.LazyFrame) -> pl.LazyFrame:
    place = pl.int_range(pl.len()).over("lead", order_by=["closed_at", "opportunity"])
    return (
        deals.filter(pl.col("stage") == "won")
        .with_columns(first=(place == 0) | pl.col("lead").is_null())
        .select(
            *("lead", "test", "opened_at", "amount", "gross_profit", "currency", "first"),
            kind=pl.lit("deal"),
            name="opportunity",
            goal_at="closed_at",
        )
    )


def _by_agents(goals: pl.LazyFrame, contacts: pl.LazyFrame, calls: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:  # 5
    called = calls.filter(pl.col("agent").is_not_null() & ~pl.col("test")).sort("dialed_at", "dialer", "external_id")
    callers = called.group_by("lead").agg(first_caller=pl.col("agent").first())
    takes_up = pl.when(pl.col("kind") == "lead").then("first_caller")
    return (
        with_last_call(goals, "goal_at", contacts)
        .join(callers, on="lead", how="left")
        .with_columns(agent=pl.coalesce("by", "call_agent", codes.read("owner", "agent"), takes_up))
        .select(pl.exclude("owner", "by", "first_caller", "first_opened_at", "^call_.*$"))
    )


def find_touchpoints(goals: pl.LazyFrame, leads: pl.LazyFrame, calls: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """The touchpoints of all persons with a goal, one row each.

    Columns: touch (an identifier, in order), person, touch_at, touch_kind (lead or call), touch_dialer and touch_name
    (of the call, or of the lead), created (the lead, if it came in then), campaign, source, tracking_number.
    """
    theirs = leads.join(goals, on="person", how="semi")
    received = read_origin(theirs, codes).filter(~pl.col("test") & pl.col("received_at").is_not_null())  # 6
    came_in = received.select(
        *("person", "campaign", "source"),
        touch=_named(pl.lit("0"), "lead"),
        touch_at="received_at",
        touch_kind=pl.lit("lead"),
        touch_name="lead",
        created="lead",
    )
    known = leads.select("lead", "person")
    reached = calls.filter(pl.col("reached") & ~pl.col("test")).join(known, on="lead", how="left")
    to_persons = reached.with_columns(person=_person("external_id")).join(goals, on="person", how="semi")
    called = to_persons.select(
        *("campaign", "source", "tracking_number", "person"),
        number="tracking_number",
        touch=_named(pl.lit("1"), "dialer", "external_id"),
        touch_at="dialed_at",
        touch_kind=pl.lit("call"),
        touch_dialer="dialer",
        touch_name="external_id",
    )
    touchpoints = pl.concat([came_in, called], how="diagonal")
    return collapse(touchpoints.with_columns(pl.col("touch").rank("dense"))).drop("number")  # 2


def pair_touchpoints(goals: pl.LazyFrame, touchpoints: pl.LazyFrame) -> pl.LazyFrame:
    """Every goal with each of its touchpoints, their place in time, and their roles.

    Roles are creates_lead, opens_opportunity and direct.
    """
    at, goal_at = pl.col("touch_at"), pl.col("goal_at")
    place = pl.int_range(pl.len()).over("goal", order_by=["touch_at", "touch"])
    before = (at <= pl.col("opened_at")) & (pl.col("opened_at") <= goal_at)
    return (
        goals.filter(~pl.col("test"))  # 6
        .join(touchpoints, on="person")
        .filter((at <= goal_at) & (at >= goal_at - timedelta(days=LOOKBACK_DAYS)))
        .with_columns(
            place=place,
            before=before.fill_null(value=False),
            creates_lead=(pl.col("created") == pl.col("lead")).fill_null(value=False),  # 3
            direct=pl.col("source").is_null(),
        )
        .with_columns(last_before=pl.when("before").then("place").max().over("goal"))
        .with_columns(opens_opportunity=(pl.col("place") == pl.col("last_before")).fill_null(value=False))  # 4
        .drop("before", "last_before", "created")
    )
