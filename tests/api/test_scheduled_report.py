"""A scheduled mail needs five lines: a pool, the settings, an account, a report and its parameters give the file."""

from pathlib import Path

import orjson
import pytest

from reports.query.parameters import Parameters
from reports.render.export import Format
from reports.store.lake import Lake
from service.config import Settings
from service.platform.db import open_pool
from service.reporting.account_reports import AccountReports
from service.reporting.report_cache import CachedReport
from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.make import at, attempt

PARAMETERS = {"from": ["2026-03-02"], "to": ["2026-03-03"], "by": ["agent"]}


async def scheduled_mail(
    url: str, settings: Settings, account_id: int, parameters: Parameters, format_: Format
) -> CachedReport:
    """The file that a schedule would attach to a mail every morning."""
    pool = await open_pool(url, most=settings.pool_size)
    try:
        return await AccountReports(pool, Lake(settings.lake_root, settings.cache_root), account_id).export(
            "outbound", parameters, format_
        )
    finally:
        await pool.close()


@pytest.fixture
async def manager(caller: Caller) -> Caller:
    """An account with two calls of one agent."""
    await caller.post("attempts", [attempt("c1", agent="ada", ended_at=at(10)), attempt("c2", agent="ada")])
    return caller


async def test_a_scheduled_mail_carries_the_bytes_that_the_api_answers(
    manager: Caller, owner: Owner, ledger_url: str, tmp_path: Path
) -> None:
    parameters = PARAMETERS | {"as_of": [(await owner.fetchval("SELECT now()")).isoformat()]}
    mail = await scheduled_mail(ledger_url, Settings(lake=str(tmp_path)), manager.account_id, parameters, "json")
    answer = await manager.send("GET", "reports/outbound", params=parameters)
    # The moment when each was read is all they differ in.
    moments = [orjson.loads(content)["watermark"].encode() for content in (mail.content, answer.content)]
    assert mail.content.replace(moments[0], moments[1]) == answer.content


async def test_a_mail_names_its_file_as_the_api_does(manager: Caller, ledger_url: str, tmp_path: Path) -> None:
    mail = await scheduled_mail(ledger_url, Settings(lake=str(tmp_path)), manager.account_id, PARAMETERS, "csv")
    answer = await manager.send("GET", "reports/outbound", params={**PARAMETERS, "format": "csv"})
    assert mail.headers["Content-Disposition"] == answer.headers["content-disposition"]
