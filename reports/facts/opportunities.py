"""Opportunities: one row is one qualified deal with its money, resolved by the rules of reports/rules/deals.py.

Its agent, campaign, source and tracking number are those of the last call that reached the right party of its lead.
Calls count up to its close or, if it is open, up to the report. Where that call has no value, or there is no such call,
the lead's owner, campaign and source count. Without either it has none.

A row has two moments: closed_at, when it was won or lost, and open_at, when it was first open in the window.
"""

from datetime import UTC, datetime, timedelta

import polars as pl

from reports.measures.frame import (
    CODE_DIMENSIONS,
    MATERIALISED,
    TIME_DIMENSIONS,
    CurrentRows,
    Frame,
    Input,
    Money,
    Stages,
)
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.calls import CALL
from reports.rules.deals import MONEY, STAGE, STAGE_CHANGES, resolve_deals
from reports.rules.exchange import CONVERSION, RATES, add_conversion
from reports.rules.last_contact import CREDIT, CREDITED, calls_to_leads, credit_to_last_call

# A deal without a call or a move for so many days is not being worked on.
STALE_DAYS = 30

# Every call counts for a deal that is still open.
_STILL_OPEN = datetime(9000, 1, 1, tzinfo=UTC)

OPPORTUNITY: Schema = {
    "opportunity": pl.String,
    "lead": pl.String,
    "stage": STAGE,
    "opened_at": INSTANT,
    "open_at": INSTANT,
    "closed_at": INSTANT,
    "first_contact_at": INSTANT,
    "last_activity_at": INSTANT,
    "cycle_ms": pl.Int64,
    # Ten-thousandths of the deal's currency, and of the report's; a day's worth in millionths.
    "amount": pl.Int128,
    "gross_profit": pl.Int128,
    "currency": pl.String,
    "converted_amount": pl.Int128,
    "converted_gross_profit": pl.Int128,
    "amount_a_day": pl.Int128,
    **CONVERSION,
    "stale": pl.Boolean,
    "test": pl.Boolean,
    **CREDIT,
}


def still_open() -> pl.Expr:
    """Open at some moment of the window, and being worked on."""
    return pl.col("open_at").is_not_null() & ~pl.col("stale")


def won() -> pl.Expr:
    """The deal is won, as far as is known."""
    return pl.col("stage") == "won"


def decided() -> pl.Expr:
    """The deal is won or lost."""
    return pl.col("closed_at").is_not_null()


# What is known of a deal whatever the question: its credit, and when it was called and moved.
_KNOWN: Schema = {
    **{name: OPPORTUNITY[name] for name in ("opportunity", "lead", "stage", "opened_at", "closed_at")},
    **{name: OPPORTUNITY[name] for name in ("first_contact_at", "amount", "gross_profit", "currency", "test")},
    **dict.fromkeys(CREDITED, pl.String),
    **dict.fromkeys(("called_at", "moved_at"), pl.List(INSTANT)),
}


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    calls = calls_to_leads(rows["deal_calls"]).filter(~pl.col("test"))
    contacts = calls.filter("reached")
    return (
        resolve_deals(rows["stage_changes"])
        .filter(pl.col("opened_at").is_not_null())
        .with_columns(seen_at=pl.coalesce("closed_at", pl.lit(_STILL_OPEN, dtype=INSTANT)))
        .pipe(credit_to_last_call, "seen_at", contacts, codes)
        .join(contacts.group_by("lead").agg(first_contact_at=pl.col("dialed_at").min()), on="lead", how="left")
        .join(calls.group_by("lead").agg(called_at="dialed_at"), on="lead", how="left")
        .join(rows["stage_changes"].group_by("opportunity").agg(moved_at="changed_at"), on="opportunity", how="left")
        .select(*_KNOWN)
    )


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    converted = {"amount": "converted_amount", "gross_profit": "converted_gross_profit"}
    last = [_latest(name, context) for name in ("called_at", "moved_at")]
    return (
        rows[MATERIALISED]
        .with_columns(team=context.codes.team_of("agent"), last_activity_at=pl.max_horizontal(last))
        .with_columns(_open_at(context), _stale(context), _cycle())
        .pipe(add_conversion, rows["exchange_rates"], context, _day_of_money(context), converted)
        .with_columns(_a_day(context))
    )


def _latest(moments: str, context: ResolveContext) -> pl.Expr:
    happened = pl.when(pl.element() <= _moment_of_report(context)).then(pl.element())
    return pl.col(moments).list.eval(happened).list.max()


def _moment_of_report(context: ResolveContext) -> pl.Expr:
    """The moment that decides whether a deal is open or stale: the end of the window, or now."""
    return pl.lit(min(context.window.end, context.until), dtype=INSTANT)


def _open_at(context: ResolveContext) -> pl.Expr:
    start = pl.max_horizontal("opened_at", pl.lit(context.window.start, dtype=INSTANT))
    ends = pl.min_horizontal("closed_at", pl.lit(context.window.end, dtype=INSTANT))
    return pl.when(start < ends).then(start).alias("open_at")


def _stale(context: ResolveContext) -> pl.Expr:
    silent = pl.col("last_activity_at") < _moment_of_report(context) - timedelta(days=STALE_DAYS)
    is_open = (pl.col("closed_at") > _moment_of_report(context)).fill_null(value=True)
    return (is_open & silent).fill_null(value=False).alias("stale")


def _cycle() -> pl.Expr:
    """The time from the first contact, or else from the opening, to the end, in ms."""
    contact = pl.when(pl.col("first_contact_at") <= pl.col("closed_at")).then("first_contact_at")
    start = pl.coalesce(contact, "opened_at")
    return (pl.col("closed_at") - start).dt.total_milliseconds().alias("cycle_ms")


def _day_of_money(context: ResolveContext) -> pl.Expr:
    """The day whose rate converts the money of a deal: that of its close, or for an open deal that of the report."""
    moment = pl.coalesce("closed_at", _moment_of_report(context))
    return moment.dt.convert_time_zone(context.account_zone.key).dt.date()


def _a_day(context: ResolveContext) -> pl.Expr:
    """The amount that a deal adds to a day of the window, so that days of revenue add up."""
    return (pl.col("converted_amount") * 100 * 86_400_000 // max(_elapsed_ms(context), 1)).alias("amount_a_day")


def _elapsed_ms(context: ResolveContext) -> int:
    """How much of the window is over, on the clock of its zone: a day in which clocks change is one day."""
    window = context.window
    start, end = (window.local(edge).replace(tzinfo=None) for edge in (window.start, min(window.end, context.until)))
    return int((end - start).total_seconds() * 1_000)


DEAL_CALLS = Input("deal_calls", CALL, inputs.deal_calls, lead_selection.leads_with_deals, any_window=True)

STAGES = Stages(_materialise, _KNOWN, _finish, subject="opportunity", at="opened_at", also=(RATES,))

OPPORTUNITIES = Frame(
    name="opportunities",
    label="opportunities",
    sent_as=("stage-changes",),
    grain="deal",
    inputs=(STAGE_CHANGES, RATES, DEAL_CALLS),
    columns=OPPORTUNITY,
    key=("opportunity",),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="closed_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=(
        *("lead", "stage", "opened_at", "closed_at", "amount", "gross_profit", "currency"),
        *("converted_amount", "converted_gross_profit", "rate", "rate_on"),
    ),
    scale=dict.fromkeys(("amount", "gross_profit", "converted_amount", "converted_gross_profit"), MONEY),
    population=~pl.col("test"),
    money=Money(
        where=won(),
        of="opportunity",
        label="won deals",
        sent={"converted_amount": "amount", "amount_a_day": "amount", "converted_gross_profit": "gross_profit"},
    ),
    exclusions={
        "test": pl.col("test"),
        "stale": ~pl.col("test") & pl.col("open_at").is_not_null() & pl.col("stale"),
        "no_rate": ~pl.col("test") & won() & pl.col("no_rate"),
        "unpriced": ~pl.col("test") & won() & pl.col("amount").is_null(),
        "unattributed": ~pl.col("test") & pl.col("source").is_null(),
    },
)
