"""Leads: one row is one lead received in the window, and when it was assigned, called, spoken with and reached.

A repeat request under the same number within 30 days is no new lead. The first record counts, and a call to a later
record is a call to it. Tests are excluded. Calls at any time up to the moment of the report count, except test calls.

Each clock gives a length of time in ms, and whether its event has happened. Without the event, the clock shows the time
that the lead has waited: until the moment of the report, or until it was closed. A negative time is null, and the lead
counts as skewed. A lead that was called before it was received (the call made the record) waits for no call, and counts
as pre-existing.

Dimensions: the agent is the lead's owner, else the agent of the first call. The campaign is the lead's, else that of
the first call. The source is the lead's, else the campaign's. The tracking number is that of the first call, and null
while there is none. Times are those at which leads were received.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, MATERIALISED, TIME_DIMENSIONS, CurrentRows, Frame, Input, Stages
from reports.model.calendars import business_ms
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.types import COUNTED_AXIS, INSTANT, Schema
from reports.rules import inputs, lead_selection
from reports.rules.call_populations import human, possibly_human, possibly_right_party, right_party
from reports.rules.calls import CALL

_LEAD: Schema = {
    "lead": pl.String,
    "received_at": INSTANT,
    "source": pl.String,
    "campaign": pl.String,
    "owner": pl.String,
    "assigned_at": INSTANT,
    "closed_at": INSTANT,
    "person": pl.Int64,
    "has_number": pl.Boolean,
    "test": pl.Boolean,
    "duplicate": pl.Boolean,
}

LEAD: Schema = {
    "lead": pl.String,
    "received_at": INSTANT,
    "agent": pl.String,
    "team": pl.String,
    "campaign": pl.String,
    "source": pl.String,
    "tracking_number": pl.String,
    "assigned_at": INSTANT,
    "closed_at": INSTANT,
    # The moments of events; null where they have not happened by the moment of the report.
    "first_attempt_at": INSTANT,
    "first_human_at": INSTANT,
    "first_contact_at": INSTANT,
    # The same if every call that may have been answered by a person, or may have reached the right party, was or did.
    "first_possible_human_at": INSTANT,
    "first_possible_contact_at": INSTANT,
    "first_since_assigned_at": INSTANT,
    # The clocks.
    "response_ms": pl.Int64,
    "business_response_ms": pl.Int64,
    "human_ms": pl.Int64,
    "contact_ms": pl.Int64,
    "possible_human_ms": pl.Int64,
    "possible_contact_ms": pl.Int64,
    "assignment_ms": pl.Int64,
    "assigned_response_ms": pl.Int64,
    # The populations of the lead.
    "assigned": pl.Boolean,
    "waiting": pl.Boolean,
    "dialable": pl.Boolean,
    "pre_existing": pl.Boolean,
    "skewed": pl.Boolean,
    "duplicate": pl.Boolean,
    "test": pl.Boolean,
}

FIVE_MINUTES_MS, HOUR_MS, DAY_MS = 300_000, 3_600_000, 86_400_000


def received() -> pl.Expr:
    """Every lead that is neither a test nor a repeat request."""
    return ~pl.col("test") & ~pl.col("duplicate")


def called() -> pl.Expr:
    """Leads that were called, before they were received or since."""
    return pl.col("first_attempt_at").is_not_null()


def spoken() -> pl.Expr:
    """Leads in which a person has picked up."""
    return pl.col("first_human_at").is_not_null()


def contacted() -> pl.Expr:
    """Leads in which an agent has spoken with the right person."""
    return pl.col("first_contact_at").is_not_null()


def possibly_spoken() -> pl.Expr:
    """Leads in which a person has picked up, or may have."""
    return pl.col("first_possible_human_at").is_not_null()


def possibly_contacted() -> pl.Expr:
    """Leads in which an agent has spoken with the right person, or may have."""
    return pl.col("first_possible_contact_at").is_not_null()


def assigned() -> pl.Expr:
    """Leads that were assigned to an agent."""
    return pl.col("assigned")


def called_since_assigned() -> pl.Expr:
    """Leads that were called after they were assigned to an agent."""
    return pl.col("first_since_assigned_at").is_not_null()


def waiting() -> pl.Expr:
    """Leads that were neither called nor closed."""
    return pl.col("waiting")


def dialable() -> pl.Expr:
    """Leads that can and may be called: the number is valid, and the lead did not ask not to be called."""
    return pl.col("dialable")


_CALLED: Schema = {
    **dict.fromkeys(("first_attempt_at", "first_human_at", "first_contact_at"), INSTANT),
    **dict.fromkeys(("first_possible_human_at", "first_possible_contact_at", "first_since_assigned_at"), INSTANT),
    "owners_already": pl.Boolean,
    **dict.fromkeys(("first_agent", "first_campaign", "first_tracking_number"), pl.String),
    "asked_not_to_be_called": pl.Boolean,
    "last_network_result": COUNTED_AXIS["network_result"],
}


def _materialise(rows: CurrentRows, codes: Codes) -> pl.LazyFrame:
    leads = rows["leads"]
    calls = rows["lead_calls"].filter(~pl.col("test")).with_columns(pl.col("agent", "campaign").cast(pl.String))
    owned = leads.with_columns(owner=codes.read("owner", "agent"))
    # The lead keeps the owner it was sent with: these rows also serve as the leads of the account.
    return leads.join(_called(owned, calls), on="lead", how="left").select(*_LEAD, *_CALLED)


def _finish(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    return (
        rows[MATERIALISED]
        .with_columns(owner=context.codes.read("owner", "agent"))
        .pipe(_with_dimensions, context)
        .pipe(_with_times, context)
        .pipe(_with_clocks)
        .pipe(business_ms, "waits_from", "waits_until", "team", context.codes.calendars, "business_response_ms")
        .with_columns(business_response_ms=pl.when(pl.col("response_ms").is_not_null()).then("business_response_ms"))
        .with_columns(dialable=_dialable())
        .select(*LEAD)
    )


def _called(leads: pl.LazyFrame, calls: pl.LazyFrame) -> pl.LazyFrame:
    """The first calls to each lead, and the outcomes of all."""
    in_order = ("dialed_at", "dialer", "external_id")  # two calls of one moment need an order
    since = pl.col("dialed_at") >= pl.col("assigned_at")
    before, own = pl.col("dialed_at") < pl.col("assigned_at"), pl.col("agent") == pl.col("owner")

    def first(test: pl.Expr) -> pl.Expr:
        return pl.when(test).then("dialed_at").min()

    return (
        calls.join(leads.select("lead", "owner", "assigned_at"), on="lead")
        .sort(in_order)
        .group_by("lead")
        .agg(
            pl.col("dialed_at").min().alias("first_attempt_at"),
            first(human()).alias("first_human_at"),
            first(right_party()).alias("first_contact_at"),
            first(human() | possibly_human()).alias("first_possible_human_at"),
            first(right_party() | possibly_right_party()).alias("first_possible_contact_at"),
            first(since).alias("first_since_assigned_at"),
            (before & own).any().alias("owners_already"),
            *(pl.col(name).first().alias(f"first_{name}") for name in ("agent", "campaign", "tracking_number")),
            (pl.col("result") == "do_not_call").any().alias("asked_not_to_be_called"),
            pl.col("network_result").sort_by(in_order).last().alias("last_network_result"),
        )
    )


def _with_dimensions(leads: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    codes = context.codes
    return (
        leads.with_columns(
            agent=pl.coalesce("owner", "first_agent"),
            campaign=pl.coalesce(codes.read("campaign"), "first_campaign"),
            tracking_number="first_tracking_number",
        )
        .with_columns(team=codes.team_of("agent"), source=pl.coalesce("source", codes.source_of("campaign")))
        .with_columns(source=codes.read("source"))
    )


def _with_times(leads: pl.LazyFrame, context: ResolveContext) -> pl.LazyFrame:
    """When each lead started to wait for a call, and when it was called or was last known to wait."""
    until = pl.lit(context.until, dtype=INSTANT)
    received_at, assigned_at, closed_at = pl.col("received_at"), pl.col("assigned_at"), pl.col("closed_at")
    backwards = (received_at > until, assigned_at < received_at, closed_at < received_at)
    return leads.with_columns(
        pre_existing=(pl.col("first_attempt_at") < received_at).fill_null(value=False),
        assigned=(assigned_at <= until).fill_null(value=False),
        skewed=pl.any_horizontal(test.fill_null(value=False) for test in backwards),
        seen_until=pl.min_horizontal(until, closed_at),
    ).with_columns(
        waits_from=pl.when(~pl.col("pre_existing")).then("received_at"),
        waits_until=pl.coalesce("first_attempt_at", "seen_until"),
        waiting=~called() & (received_at <= until) & (closed_at > until).fill_null(value=True),
    )


def _with_clocks(leads: pl.LazyFrame) -> pl.LazyFrame:
    # A lead with an owner and no moment of assignment does not wait to be assigned. A lead that its owner had called
    # before does not wait for that owner.
    routed = pl.col("assigned_at").is_not_null() | pl.col("owner").is_null()
    theirs = pl.col("assigned") & ~pl.col("owners_already").fill_null(value=False)
    in_order = pl.col("assigned_at") >= pl.col("received_at")
    return leads.with_columns(
        response_ms=_clock(pl.col("waits_from"), "first_attempt_at"),
        human_ms=_clock(pl.col("waits_from"), "first_human_at"),
        contact_ms=_clock(pl.col("waits_from"), "first_contact_at"),
        possible_human_ms=_clock(pl.col("waits_from"), "first_possible_human_at"),
        possible_contact_ms=_clock(pl.col("waits_from"), "first_possible_contact_at"),
        assignment_ms=_clock(pl.when(routed).then("received_at"), pl.when("assigned").then("assigned_at")),
        assigned_response_ms=_clock(
            pl.when(theirs & in_order & ~pl.col("pre_existing")).then("assigned_at"), "first_since_assigned_at"
        ),
    )


def _clock(start: pl.Expr, happened: str | pl.Expr) -> pl.Expr:
    end = pl.coalesce(happened, "seen_until")
    return pl.when(end >= start).then((end - start).dt.total_milliseconds())


def _dialable() -> pl.Expr:
    """The number is valid or was called, the last call did not find it dead, and no call got a do-not-call request."""
    dead = (pl.col("last_network_result") == "invalid_number").fill_null(value=False)
    return (pl.col("has_number") | called()) & ~dead & ~pl.col("asked_not_to_be_called").fill_null(value=False)


STAGES = Stages(_materialise, {**_LEAD, **_CALLED}, _finish, subject="lead", at="received_at")

LEADS = Frame(
    name="leads",
    label="leads",
    sent_as=("leads",),
    grain="lead",
    inputs=(
        Input("leads", _LEAD, inputs.leads),
        Input("lead_calls", CALL, inputs.lead_calls, lead_selection.leads_received),
    ),
    columns=LEAD,
    key=("lead",),
    resolve=STAGES.resolve,
    stages=STAGES,
    anchor="received_at",
    dimensions=(*CODE_DIMENSIONS, *TIME_DIMENSIONS),
    display_columns=("received_at", "first_attempt_at", "response_ms", "first_contact_at", "closed_at"),
    population=received(),
    exclusions={
        "test": pl.col("test"),
        "duplicate": pl.col("duplicate"),
        "pre_existing": received() & pl.col("pre_existing"),
        "skewed": received() & pl.col("skewed"),
        "unattributed": received() & pl.col("source").is_null(),
    },
)
