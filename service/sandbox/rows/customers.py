"""The customers of a floor: deals that were won, and people who were won before the plan and pay by the month."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import polars as pl

from reports.model.types import Schema
from service.sandbox.scenario.instants import DAY, HOUR, local
from service.sandbox.scenario.plan import ZONE
from service.sandbox.scenario.scenario import Scenario

_CONTRACTS = 160
_OLDEST_DAYS = 900
_PRICES = (29.0, 49.0, 79.0)
_MARGIN = 0.6
# The months that customers of each source stay: those of the second source are gone soonest.
_STAYS = (30.0, 6.0, 20.0, 60.0)
_MONTH_DAYS = 30.4
# So many customers of that source leave in the last days of the plan, for a report of a week to show.
_LEAVE_NOW, _SOON_GONE = 3, 1
# So many days before the first day as a customer, the lead was received.
_DECIDES_DAYS = 20

_CUSTOMER: Schema = {
    **dict.fromkeys(("external_id", "customer", "lead"), pl.String),
    "since_on": pl.Date,
    "until_on": pl.Date,
    "reason": pl.String,
    "value": pl.Float64,
    "gross_profit": pl.Float64,
    "value_per": pl.String,
    "currency": pl.String,
    "observed_at": pl.Int64,
    "recorded_at": pl.Int64,
}
_LEAD: Schema = {
    **dict.fromkeys(("external_id", "source", "owner"), pl.String),
    "received_at": pl.Int64,
    "assigned_at": pl.Int64,
    "observed_at": pl.Int64,
    "recorded_at": pl.Int64,
}


Row = Mapping[str, object]


def buyers(moves: pl.DataFrame) -> pl.DataFrame:
    """A customer for each deal that was won, with its stage changes as they are in the ledger."""
    won = moves.filter(pl.col("stage") == "won")
    days = [local(at, ZONE).date() for at in won["changed_at"]]
    return won.select(
        external_id="opportunity",
        customer=pl.lit(None, pl.String),
        lead="lead",
        since_on=pl.Series(days, dtype=pl.Date),
        until_on=pl.lit(None, pl.Date),
        reason=pl.lit(None, pl.String),
        value=pl.col("amount").cast(pl.Float64),
        gross_profit=pl.col("gross_profit").cast(pl.Float64),
        value_per=pl.lit("sale"),
        currency="currency",
        observed_at="observed_at",
        recorded_at="recorded_at",
    )


def subscribers(scenario: Scenario) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Customers won before the plan, and the leads they were."""
    random = Random(f"{scenario.plan.seed}/customers")  # noqa: S311 (a simulation, not a secret)
    drawn = [_subscriber(scenario, random, number) for number in range(_CONTRACTS)]
    customers = pl.DataFrame([customer for customer, _ in drawn], schema=_CUSTOMER)
    return customers, pl.DataFrame([lead for _, lead in drawn], schema=_LEAD)


def _subscriber(scenario: Scenario, random: Random, number: int) -> tuple[Row, Row]:
    sources = scenario.fixtures.sources
    source = random.randrange(len(sources))
    since_on = scenario.plan.dates[0] - timedelta(days=random.randrange(20, _OLDEST_DAYS))
    stays = random.expovariate(1 / _STAYS[source % len(_STAYS)]) * _MONTH_DAYS
    ends_on = since_on + timedelta(days=1 + int(stays))
    if number < _LEAVE_NOW:
        source, ends_on = _SOON_GONE, scenario.plan.dates[-1] - timedelta(days=1 + number)
    price = random.choice(_PRICES)
    known_at = scenario.starts_at
    received_at = known_at - ((scenario.plan.dates[0] - since_on).days + _DECIDES_DAYS) * DAY
    customer = {
        "external_id": f"contract-{number + 1:04}",
        "lead": f"past-lead-{number + 1:04}",
        "since_on": since_on,
        "until_on": _past(ends_on, scenario),
        "reason": random.choice(("price", "moved", "service")) if _past(ends_on, scenario) else None,
        "value": price,
        "gross_profit": round(price * _MARGIN, 2),
        "value_per": "month",
        "currency": scenario.plan.currency,
        "observed_at": known_at,
        "recorded_at": known_at,
    }
    lead = {
        "external_id": customer["lead"],
        "source": sources[source].code,
        "owner": random.choice(scenario.fixtures.agents).code,
        "received_at": received_at,
        "assigned_at": received_at + HOUR,
        "observed_at": known_at,
        "recorded_at": known_at,
    }
    return customer, lead


def _past(day: date, scenario: Scenario) -> date | None:
    """A last day that the floor knows."""
    return day if day < scenario.plan.dates[-1] else None
