"""Money and goals are given away exactly once: by every model, over everything that they are added up by."""

from collections.abc import AsyncGenerator

import asyncpg
import pytest

from reports.rules.attribution_models import MODELS
from tests.conftest import make_account
from tests.metrics.floor import Floor
from tests.metrics.test_oracles import World, agree, parameters_of, run

GOALS = ("leads", "contacts", "appointments", "sales", "customers", "revenue", "gross_profit")
MONEY = "marketing_cost,attributed_revenue,attributed_gross_profit"


@pytest.fixture(scope="module")
async def world(ledger_url: str) -> AsyncGenerator[World]:
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    account = await make_account(owner)
    await Floor(seed=12).write(owner, account, attempts=500)
    yield World(owner, account, None)
    await owner.close()


def units(value: float | None) -> int:
    """Ten-thousandths: nothing smaller is ever shared."""
    exact = round((value or 0) * 10_000)
    assert abs((value or 0) * 10_000 - exact) < 1e-3
    return exact


async def test_every_model_gives_away_the_same(world: World) -> None:
    amounts = {"leads": "leads", "sales": "sales", "revenue": "won_revenue", "gross_profit": "won_gross_profit"}
    names = [f"attributed_{goal}" for goal in GOALS]
    report = await run(world, {"metrics": [*names, *amounts.values()], **parameters_of(model="|".join(MODELS))})
    total = report.total.row(0, named=True)
    for goal in GOALS:
        assert len({total[f"attributed_{goal}_{model}"] for model in MODELS}) == 1, goal
    for goal, name in amounts.items():
        assert total[f"attributed_{goal}_linear"] == total[name] > 0, goal


@pytest.mark.parametrize("by", ["agent", "source,week", "campaign,tracking_number", "team,day"])
async def test_money_adds_up_to_the_cent(world: World, by: str) -> None:
    report = await run(world, {"metrics": [MONEY], **parameters_of(by=by, model="position_based|time_decay")})
    for metric in report.request.metrics:
        assert sum(map(units, report.groups[metric.name])) == units(report.total[metric.name][0]) != 0, metric.name


@pytest.mark.parametrize(("by", "tz"), [("agent,source", "UTC"), ("week", "Asia/Kathmandu")])
async def test_all_days_together_cost_what_was_paid(world: World, by: str, tz: str) -> None:
    """In francs, which have no exchange rate here: nothing else is added to them."""
    paid = "SELECT sum(amount) * 10000 FROM spend WHERE account_id = $1 AND currency = 'CHF'"
    months = parameters_of(by=by, tz=tz, from_="2026-01-01", to="2026-06-01", currency="CHF")
    report = await run(world, {"metrics": ["marketing_cost"], **months})
    assert sum(map(units, report.groups["marketing_cost"])) == await world.owner.fetchval(paid, world.account)


async def test_every_model_credits_what_its_oracle_credits(world: World) -> None:
    """The usual two models are parameters_of for among all the other metrics."""
    others = "|".join(model for model in MODELS if model not in {"linear", "lead_creation"})
    metrics = [f"attributed_{goal}" for goal in ("leads", "sales", "revenue")]
    await agree(world, await run(world, {"metrics": metrics, **parameters_of(by="source,campaign", model=others)}))
