"""Exports: every row as it stands in the ledger and in the lake, and nothing missed by whoever goes on from there."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import httpx
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from litestar import Litestar
from polars.testing import assert_frame_equal

from reports.model.tables import TABLES
from reports.store.change_feed import RowSelection
from reports.store.lake import Lake, stored
from service.api.exports import FACTS
from service.platform.concurrency_limit import ConcurrencyLimit
from service.platform.db import acquire, open_pool
from service.reporting.row_exports import MEDIA_TYPES, FileStream
from service.reporting.row_exports import export as write
from tests.api.conftest import Caller, NewCaller, Server
from tests.conftest import Owner
from tests.lake import synced
from tests.make import MAKERS, at, attempt, attempts, spend

LINE = "+14155550100"
FORMS = ("parquet", "arrow")


@pytest.fixture
async def manager(caller: Caller) -> Caller:
    """An account with one of everything, of which something was corrected, and a number of its own."""
    await caller.put(f"tracking-numbers/{LINE}", {"name": "Hotline"})
    for path, make in MAKERS.items():
        await caller.post(path, make(), 201)
    shown = attempt("shown", from_number=LINE, to_number="+14155550123", talk_seconds=12.5, answered_at=at(1))
    await caller.post("attempts", shown, 201)
    await caller.post("attempts", shown | {"talk_seconds": 13, "observed_at": at(60)})
    await caller.post("spend", spend("line", tracking_number=LINE, amount=12.34))
    await caller.put("exchange-rates", [{"base": "EUR", "quote": "USD", "on": "2026-03-02", "rate": "1.0834"}])
    await caller.post("leads", {"external_id": "called", "received_at": at(), "phone_number": "+14155550123"})
    return caller


async def export(caller: Caller, fact: str, form: str = "parquet", **parameters: Any) -> tuple[pl.DataFrame, str]:
    """The rows of an export, sorted by their keys, and the cursor of the next."""
    answer = await caller.send("GET", f"exports/{fact}", params={"format": form, **parameters})
    assert answer.status_code == 200, answer.text
    following = answer.links["next"]["url"]
    assert following.startswith(f"/v1/exports/{fact}?after=")
    rows = pl.read_parquet(BytesIO(answer.content)) if form == "parquet" else _of_stream(answer.content)
    return rows.sort(*TABLES[FACTS[fact]].key, "recorded_at"), following.partition("after=")[2].partition("&")[0]


def _of_stream(content: bytes) -> pl.DataFrame:
    read = pl.from_arrow(pa.ipc.open_stream(content).read_all())
    assert isinstance(read, pl.DataFrame)
    return read


# What is in it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fact", FACTS)
async def test_it_holds_what_the_lake_holds(
    fact: str, form: str, manager: Caller, owner: Owner, tmp_path: Path
) -> None:
    lake, name = Lake(str(tmp_path)), FACTS[fact]
    await synced(owner, manager.account_id, lake)
    files = DeltaTable(lake.address(manager.account_id, name)).file_uris()
    copied = pl.read_parquet(files, hive_partitioning=False).sort(*TABLES[name].key, "recorded_at")
    rows, _ = await export(manager, fact, form, versions="all")
    assert dict(rows.schema) == stored(TABLES[name])
    assert_frame_equal(rows, copied)
    current, _ = await export(manager, fact, form)
    assert_frame_equal(current, copied.filter(pl.col("superseded_at").is_null()))
    assert current.height >= 1


async def test_it_says_what_was_sent(manager: Caller, owner: Owner) -> None:
    rows, _ = await export(manager, "attempts", versions="all")
    before, corrected, after = rows.filter(pl.col("external_id") == "shown").rows(named=True)
    assert [version["talk_ms"] for version in (before, corrected, after)] == [12_500, 13_000, 13_000]
    # A lead with the called number came last.
    assert [version["lead"] for version in (before, corrected, after)] == [None, None, "called"]
    assert before["superseded_at"] == corrected["recorded_at"]
    assert (after["superseded_at"], after["answered_at"]) == (None, datetime.fromisoformat(at(1)))
    costs, _ = await export(manager, "spend")
    assert costs["amount"].to_list() == [Decimal(50), Decimal("12.34")]
    line_id_query = "SELECT lake_id(lake_key, $2) FROM accounts WHERE account_id = $1"
    line = await owner.fetchval(line_id_query, manager.account_id, LINE)
    assert after["tracking_number_id"] == costs["tracking_number_id"][1] == line


async def test_no_phone_number_leaves_the_ledger(manager: Caller) -> None:
    for fact in FACTS:
        answer = await manager.send("GET", f"exports/{fact}", params={"format": "arrow", "versions": "all"})
        assert b"5550" not in answer.content


@pytest.mark.parametrize("form", FORMS)
async def test_nothing_is_a_file_too(form: str, caller: Caller) -> None:
    rows, _ = await export(caller, "leads", form)
    assert (rows.height, dict(rows.schema)) == (0, stored(TABLES["leads"]))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/vnd.apache.parquet"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
        ("application/json", "application/vnd.apache.parquet"),
    ],
)
async def test_the_form_that_is_preferred(accept: str, kind: str, manager: Caller) -> None:
    answer = await manager.send("GET", "exports/follow-ups", headers={"Accept": accept})
    assert answer.headers["content-type"] == kind
    assert "calltally-follow-ups." in answer.headers["content-disposition"]


# What is new ---------------------------------------------------------------------------------------------------------


async def test_since_a_moment(manager: Caller, owner: Owner) -> None:
    moment = (await owner.fetchval("SELECT clock_timestamp()")).isoformat()
    await manager.post("attempts", [attempt("new"), attempt("call-1", agent="ada", observed_at=at(60))])
    current, _ = await export(manager, "attempts", since=moment)
    assert current["external_id"].to_list() == ["call-1", "new"]
    ever, _ = await export(manager, "attempts", since=moment, versions="all")
    assert ever["external_id"].to_list() == ["call-1", "call-1", "new"]
    assert ever["agent"].to_list() == [None, "ada", None]


@pytest.fixture
async def late(ledger_url: str) -> AsyncIterator[Owner]:
    """Somebody who has begun to write and takes their time."""
    connection = await asyncpg.connect(ledger_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize(("versions", "key"), [("current", ()), ("all", ("recorded_at",))])
async def test_who_goes_on_misses_nothing(versions: str, key: tuple[str, ...], manager: Caller, late: Owner) -> None:
    """Each export put over what there was, by the key, is all there is: also of who committed late."""
    keys = [*TABLES["attempts"].key, *key]
    async with late.transaction():
        await late.execute(
            "INSERT INTO attempts (account_id, dialer, external_id, campaign, dialed_at, observed_at)"
            " VALUES ($1, 'default', 'late', 'spring', $2, $2)",
            manager.account_id,
            datetime.fromisoformat(at()),
        )
        await manager.post("attempts", attempts(3, "newer"))
        held, cursor = await export(manager, "attempts", versions=versions)
        await manager.post("attempts", [attempt("newer-1", agent="ada", observed_at=at(60)), attempt("newest")])
    for _ in range(2):
        new, cursor = await export(manager, "attempts", versions=versions, after=cursor)
        held = pl.concat([held.join(new, on=keys, how="anti"), new])
        whole, _ = await export(manager, "attempts", versions=versions)
        assert_frame_equal(held, whole, check_row_order=False)
        await manager.post("attempts", attempt("newer-2", agent="bo", observed_at=at(60)))
    assert new["external_id"].unique().to_list() == ["newer-2"]
    assert "late" in held["external_id"]


async def test_an_erasure_comes_too(manager: Caller) -> None:
    before, cursor = await export(manager, "leads")
    await manager.post("erasures", {"phone_number": "+14155550123"})
    after, _ = await export(manager, "leads", after=cursor)
    assert after["lead"].to_list() == ["called"]
    assert after["person"][0] not in before["person"]


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "pointers"),
    [
        ({"format": "csv"}, ["format"]),
        ({"versions": "old", "since": "2026-03-01"}, ["versions", "since"]),
        ({"since": "2026-03-01T00:00:00Z", "after": "x"}, ["since"]),
        ({"after": "x"}, ["after"]),
        ({"after": "é"}, ["after"]),
        ({"after": ""}, ["after"]),
        ({"limit": "5"}, ["limit"]),
    ],
)
async def test_what_cannot_be_asked(parameters: dict[str, str], pointers: list[str], caller: Caller) -> None:
    problem = await caller.get("exports/attempts", 400, **parameters)
    assert [fault["pointer"] for fault in problem["errors"]] == pointers


async def test_a_cursor_is_good_for_its_account_only(manager: Caller, new_caller: NewCaller) -> None:
    _, cursor = await export(manager, "attempts")
    problem = await (await new_caller()).get("exports/attempts", 400, after=cursor)
    assert [fault["pointer"] for fault in problem["errors"]] == ["after"]
    later = f"{cursor[:-6]}{'____Q'.rjust(6, '_')}"
    assert (await manager.get("exports/attempts", 400, after=later))["errors"][0]["pointer"] == "after"


async def test_what_is_no_fact_is_not_found(caller: Caller) -> None:
    assert "stage-changes" in (await caller.get("exports/stage_changes", 404))["detail"]


async def test_a_key_needs_the_scope_for_rows(manager: Caller, new_caller: NewCaller) -> None:
    await (await new_caller(manager.account_id, scopes=["reports", "ingest", "admin"])).get("exports/attempts", 403)
    await export(await new_caller(manager.account_id, scopes=["rows"]), "attempts")


async def test_too_many_exports_at_once_are_told_to_come_back(
    manager: Caller, service: tuple[Litestar, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    state, limit = service[0].state, ConcurrencyLimit(at_once=1, most_waiting=0)
    monkeypatch.setitem(state, "services", replace(state.services, export_limit=limit))
    async with limit.slot():
        answer = await manager.send("GET", "exports/attempts")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    for _ in range(3):
        await export(manager, "attempts", "arrow")


# Whoever goes away ---------------------------------------------------------------------------------------------------


async def test_the_ledger_is_free_when_the_reader_leaves(manager: Caller, ledger_url: str) -> None:
    """With one connection there is, an export that was left halfway would keep the next one out."""
    async with await open_pool(ledger_url, most=1) as pool:
        for form in MEDIA_TYPES:
            for _ in range(2):
                out = FileStream(partial(write, pool, manager.account_id, RowSelection(name="attempts"), None, form))
                assert await out.started()
                async with aclosing(out.pieces()) as pieces:
                    assert await anext(pieces)
        async with acquire(pool) as connection:
            assert not connection.is_in_transaction()


async def test_the_ledger_is_free_when_the_connection_breaks(server: Server) -> None:
    """Over the network, and far more than what is under way in it."""
    caller, owner = await server.caller(), await asyncpg.connect(server.ledger_url)
    await caller.post("attempts", attempt(), 201)
    await owner.execute(
        "INSERT INTO attempts (account_id, dialer, external_id, campaign, dialed_at, observed_at, to_region)"
        " SELECT $1, 'default', n, 'spring', now(), now(), repeat('x', 1500) FROM generate_series(1, 80000) n",
        caller.account_id,
    )
    copying = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%'"
    copying += " AND state <> 'idle' AND pid <> pg_backend_pid()"
    key, parameters = {"Authorization": f"Bearer {caller.key}"}, {"format": "arrow"}
    async with caller.client.stream("GET", "/v1/exports/attempts", headers=key, params=parameters) as answer:
        pieces = answer.aiter_raw(100_000)
        assert await anext(pieces)
        assert await anext(pieces)
        assert await owner.fetchval(copying) == 1
    while await owner.fetchval(copying):
        pass
    rows, _ = await export(caller, "attempts")
    assert rows.height == 80_001
    await caller.client.aclose()
    await owner.close()


# With programs of one's own ------------------------------------------------------------------------------------------


async def test_duckdb_and_pandas_read_the_lake_and_an_export(manager: Caller, owner: Owner, tmp_path: Path) -> None:
    """As docs/open-data.md says; where DuckDB has no extension for Delta, by the list of files that a table has."""
    await manager.post("attempts", attempts(5, "more", agent="ada"))
    await synced(owner, manager.account_id, Lake(str(tmp_path)))
    table = DeltaTable(str(tmp_path / str(manager.account_id) / "attempts"))
    agents = duckdb.sql(
        "SELECT agent, count(*) FROM read_parquet($files, hive_partitioning = true)"
        " WHERE superseded_at IS NULL GROUP BY agent ORDER BY agent NULLS LAST",
        params={"files": table.file_uris()},
    )
    assert agents
    counted = agents.fetchall()
    assert counted == [("ada", 5), (None, 2)]
    believed = table.to_pandas(columns=["agent"], filters=[("superseded", "=", False)])
    assert believed["agent"].value_counts(dropna=False).to_dict() == {"ada": 5, None: 2}
    answer = await manager.send("GET", "exports/attempts")
    exported = pd.read_parquet(BytesIO(answer.content))
    assert exported.groupby("agent").size().to_dict() == {"ada": 5}
    answer = await manager.send("GET", "exports/attempts", params={"format": "arrow"})
    assert duckdb.from_arrow(pa.ipc.open_stream(answer.content)).count("*").fetchall() == [(7,)]


def test_the_documentation_tells_every_fact_and_its_key() -> None:
    page_text = (Path(__file__).parents[2] / "docs" / "open-data.md").read_text()
    for fact, name in FACTS.items():
        key = ", ".join(f"`{column}`" for column in TABLES[name].key)
        assert f"| `{fact}` | `{name}` | {key} |" in page_text
