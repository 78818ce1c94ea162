"""Opportunities: one row is one qualified deal with its money, resolved by the rules of reports/rules/deals.py.

Its agent, campaign, source and tracking number are those of the last call that reached the right party of its lead.
Calls count up to its close or, if it is open, up to the report. Where that call has no value, or there is no such call,
the lead's owner, campaign and source count. Without either it has none.

A row has two moments: closed_at, when it was won or lost, and open_at, when it was first open in the window.
"""

from datetime import timedelta

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input, Money
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.calls import CALL
from reports.rules.deals import MONEY, STAGE, STAGE_CHANGES, resolve_deals
from reports.rules.exchange import CONVERSION, RATES, add_conversion
from reports.rules.last_contact import CREDIT, calls_to_leads, credit_to_last_call

# A deal without a call or a move for so many days is not being worked on.
STALE_DAYS = 30

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


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    calls = calls_to_leads(rows["deal_calls"]).filter(~pl.col("test"))
    contacts = calls.filter("reached")
    deals = (
        resolve_deals(rows["stage_changes"])
        .filter(pl.col("opened_at").is_not_null())
        .with_columns(seen_at=pl.coalesce("closed_at", pl.lit(context.until, dtype=INSTANT)))
        .pipe(credit_to_last_call, "seen_at", contacts, context.codes)
        .join(contacts.group_by("lead").agg(first_contact_at=pl.col("dialed_at").min()), on="lead", how="left")
        .join(_latest(calls, "lead", "dialed_at", context), on="lead", how="left")
        .join(_latest(rows["stage_changes"], "opportunity", "changed_at", context), on="opportunity", how="left")
        .with_columns(last_activity_at=pl.max_horizontal("dialed_at", "changed_at"))
    )
    converted = {"amount": "converted_amount", "gross_profit": "converted_gross_profit"}
    return (
        deals.with_columns(_open_at(context), _stale(context), _cycle())
        .pipe(add_conversion, rows["exchange_rates"], context, _day_of_money(context), converted)
        .with_columns(_a_day(context))
    )


def _latest(facts: pl.LazyFrame, of: str, at: str, context: ResolveContext) -> pl.LazyFrame:
    return facts.filter(pl.col(at) <= _moment_of_report(context)).group_by(of).agg(pl.col(at).max())


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

OPPORTUNITIES = Frame(
    name="opportunities",
    label="opportunities",
    grain="deal",
    inputs=(STAGE_CHANGES, RATES, DEAL_CALLS),
    columns=OPPORTUNITY,
    key=("opportunity",),
    resolve=_resolve,
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
