"""What comes out of Postgres is what went in: instants to the microsecond, nasty codes, null and empty apart."""

import asyncio
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import reports.store.ledger
from reports.measures.frame import CurrentRows
from reports.model.codes import no_codes
from reports.model.tables import TABLES
from reports.model.types import Schema
from reports.query.engine import reduce_chunk
from reports.query.plan import PartialResults, Scan, plan_scans
from reports.query.request import ReportRequest
from reports.query.snapshot import Snapshot
from reports.rules.calls import CALL
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from service.platform.db import Pool, account_transaction
from tests.conftest import Owner, make_account
from tests.metrics.floor import FIRST, LAST, Floor, copy_rows
from tests.metrics.frames import ask

NASTY = [
    "a,b",
    'say "hi"',
    "two\nlines",
    "\\N",
    "\\.",
    "NULL",
    "'; DROP TABLE attempts; --",
    "$1",
    "$2::text",
    " ",
    "✓ ñ 呼",
    "=1+1",
]

CURRENT_ATTEMPTS = tuple(TABLES["attempts"].columns)


async def read(owner: Owner, account: int, request: ReportRequest | None = None) -> pl.DataFrame:
    """The calls of an account, every column."""
    [scan] = plan_scans(request or ask(), no_codes())

    def keep(part: CurrentRows) -> PartialResults:
        return {"part": part["attempts"].collect()}

    async with owner.transaction(isolation="repeatable_read", readonly=True):
        whole = _Whole(**{name: vars(scan)[name] for name in (field.name for field in fields(scan))})
        with Ledger(owner, account) as ledger:
            snapshot = Snapshot(ledger, await ledger.state(), whole.request.as_of, Copies())
            await snapshot.prepare([whole])
            parts = await snapshot.read(whole, keep)
    return pl.concat([part["part"] for part in parts])


class _Whole(Scan):
    """A scan that wants every column."""

    @property
    def input_columns(self) -> dict[str, tuple[str, ...]]:
        return {"attempts": tuple(CALL)}


async def test_codes_of_any_text_come_out_as_they_went_in(owner: Owner, account: int) -> None:
    rows = [
        {
            "account_id": account,
            "dialer": "d",
            "external_id": code,
            "campaign": code,
            "agent": None,
            "dialed_at": FIRST,
            "observed_at": FIRST,
        }
        for code in NASTY
    ]
    await copy_rows(owner, "attempts", rows)
    table = await read(owner, account)
    assert sorted(table["campaign"]) == sorted(NASTY)
    assert table["agent"].null_count() == len(NASTY)
    request = ask("campaign", only={"campaign": NASTY[6]})
    assert (await read(owner, account, request))["external_id"].to_list() == [NASTY[6]]


async def test_everything_comes_out_as_it_went_in(owner: Owner, account: int) -> None:
    floor = Floor(seed=9)
    written = [floor.attempt(number, ["sale-1", "gone"]) for number in range(300)]
    await copy_rows(owner, "attempts", [{"account_id": account, **row} for row in written])
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, account) as ledger:
            table = (await ledger.current_rows("attempts", CURRENT_ATTEMPTS)).collect()
    columns = TABLES["attempts"].columns
    names = [name for name in columns if name in written[0]]
    expected = pl.DataFrame(
        [{name: row[name] for name in names} for row in written], schema={n: columns[n] for n in names}
    )
    assert_frame_equal(table.select(names), expected, check_row_order=False)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2105, 1, 1)), min_size=1, max_size=50))  # noqa: DTZ001
def test_an_instant_survives_the_way_to_the_microsecond(moments: list[datetime]) -> None:
    """The extract writes seconds as a float times a million: here the same arithmetic over any instants."""
    for moment in moments:
        exact = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
        assert round((exact / 1_000_000) * 1_000_000) == exact


async def test_instants_come_out_exact(owner: Owner, account: int) -> None:
    moments = [
        datetime(2104, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(1970, 1, 1, 0, 0, 0, 1, UTC),
        FIRST + timedelta(microseconds=123_457),
    ]
    rows = [
        {
            "account_id": account,
            "dialer": "d",
            "external_id": f"{n}",
            "dialed_at": FIRST,
            "answered_at": at,
            "observed_at": FIRST,
        }
        for n, at in enumerate(moments)
    ]
    await copy_rows(owner, "attempts", rows)
    assert sorted((await read(owner, account))["answered_at"]) == sorted(moments)


async def test_blocks_of_any_size_are_the_same_facts(
    owner: Owner, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Floor(seed=2).write(owner, account, attempts=300)
    whole = await read(owner, account)
    monkeypatch.setattr(reports.store.ledger, "BLOCK_BYTES", 1_000)
    assert_frame_equal(await read(owner, account), whole, check_row_order=False)


async def test_the_window_is_half_open(owner: Owner, account: int) -> None:
    edges = {
        "first": FIRST,
        "before": FIRST - timedelta(microseconds=1),
        "last": LAST,
        "inside": LAST - timedelta(microseconds=1),
    }
    rows = [
        {"account_id": account, "dialer": "d", "external_id": name, "dialed_at": at, "observed_at": FIRST}
        for name, at in edges.items()
    ]
    await copy_rows(owner, "attempts", [*rows, {**rows[0], "external_id": "undated", "dialed_at": None}])
    assert sorted((await read(owner, account))["external_id"]) == ["first", "inside"]


async def test_a_failure_while_reducing_reaches_the_caller_and_leaves_the_connection_usable(
    owner: Owner, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again and again: asyncpg sometimes hangs when the reader of a COPY fails halfway."""
    await Floor(seed=2).write(owner, account, attempts=300)
    monkeypatch.setattr(reports.store.ledger, "BLOCK_BYTES", 1_000)

    def fail(block: bytes, schema: Schema) -> pl.DataFrame:
        raise ZeroDivisionError(len(block), schema)

    monkeypatch.setattr(reports.store.ledger, "parse", fail)
    for _ in range(30):
        with pytest.raises(ZeroDivisionError):
            async with owner.transaction(isolation="repeatable_read", readonly=True):
                await Ledger(owner, account).current_rows("attempts", CURRENT_ATTEMPTS)
    assert await owner.fetchval("SELECT 1") == 1


async def test_a_report_given_up_halfway_leaves_the_connection_usable(
    owner: Owner, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Floor(seed=2).write(owner, account, attempts=300)
    monkeypatch.setattr(reports.store.ledger, "BLOCK_BYTES", 1_000)
    parse = reports.store.ledger.parse

    async def reading(started: asyncio.Event) -> None:
        def parse_slowly(block: bytes, schema: Schema) -> pl.DataFrame:
            loop.call_soon_threadsafe(started.set)
            return parse(block, schema)

        monkeypatch.setattr(reports.store.ledger, "parse", parse_slowly)
        async with owner.transaction(isolation="repeatable_read", readonly=True):
            await Ledger(owner, account).current_rows("attempts", CURRENT_ATTEMPTS)

    loop = asyncio.get_running_loop()
    for _ in range(20):
        started = asyncio.Event()
        task = asyncio.create_task(reading(started))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await owner.fetchval("SELECT 1") == 1


async def test_a_report_sees_its_own_account_only(pool: Pool, owner: Owner, account: int) -> None:
    other = await make_account(owner)
    await Floor(seed=3).write(owner, account, attempts=40)
    await Floor(seed=4).write(owner, other, attempts=60)
    [scan] = plan_scans(ask(), no_codes())
    start, end = scan.window.start, scan.window.end
    own = "SELECT count(*) FROM attempts WHERE account_id = $1 AND dialed_at >= $2 AND dialed_at < $3"
    for requested, rows in ((account, await owner.fetchval(own, account, start, end)), (other, 0)):
        async with account_transaction(pool, account, readonly=True, isolation="repeatable_read") as connection:
            snapshot = Snapshot(
                Ledger(connection, requested), await Ledger(connection, account).state(), None, Copies()
            )
            await snapshot.prepare([scan])
            parts = await snapshot.read(scan, partial(reduce_chunk, scan))
        tally = pl.concat([part["exclusions"] for part in parts]).sum()
        assert sum(tally[name][0] for name in ("counted", "test", "spam")) == rows
