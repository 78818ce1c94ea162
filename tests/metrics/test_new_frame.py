"""A new kind of fact needs a frame and a metric, and nothing else: no code knows the kinds by name."""

from collections.abc import Collection
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from reports.catalogue.catalogue import catalogue
from reports.measures.frame import TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.model.resolve_context import ResolveContext
from reports.model.tables import TABLES, Tables
from reports.model.types import Schema
from reports.query.drill_through import page, pick_rows, row_columns
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.parameters import ParameterParser
from reports.query.plan import PartialResults, Scan, plan_scans
from reports.query.report import Numbers, Report
from reports.query.request import ReportRequest, read_request
from reports.query.run import compute
from reports.query.snapshot import Snapshot
from reports.render.provenance import exclusion_notes, row_counts
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import Owner
from tests.metrics.floor import AFTER, FIRST, LAST, Floor

COLUMNS: Schema = {name: TABLES["follow_ups"].columns[name] for name in ("external_id", "agent", "due_at", "done_at")}
FOLLOW_UP: Schema = {**COLUMNS, "team": pl.String}
HAS_AGENT = pl.col("agent").is_not_null()


def due_follow_ups(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    del columns
    due_at, window = pl.col("due_at"), context.window
    return tables["follow_ups"].filter(due_at.is_between(window.start, window.end, closed="left"))


def resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    agents = rows["follow_ups"].with_columns(agent=context.codes.read("agent"))
    return agents.with_columns(team=context.codes.team_of("agent"))


FOLLOW_UPS = Frame(
    name="follow_ups",
    label="follow-ups",
    grain="follow-up",
    inputs=(Input("follow_ups", COLUMNS, due_follow_ups),),
    columns=FOLLOW_UP,
    key=("external_id",),
    resolve=resolve,
    anchor="due_at",
    dimensions=("agent", "team", *TIME_DIMENSIONS),
    display_columns=("due_at", "done_at"),
    population=HAS_AGENT,
    exclusions={"no_agent": ~HAS_AGENT},
    row_wise=True,
)
DONE_SHARE = Metric(
    name="done_share",
    title="Follow-ups done",
    version=1,
    unit="ratio",
    better="higher",
    formula="follow-ups done / follow-ups due",
    frame=FOLLOW_UPS,
    measure=Ratio(numerator=pl.col("done_at").is_not_null(), denominator=HAS_AGENT),
)


class World:
    """One generated account in one snapshot of the ledger, and a request about the new metric."""

    def __init__(self, owner: Owner, account: int) -> None:
        self.owner, self.account = owner, account

    async def open(self, by: str) -> tuple[Snapshot, ReportRequest]:
        await Floor(seed=12).write(self.owner, self.account, attempts=300)
        ledger = Ledger(self.owner, self.account)
        known = await ledger.state()
        self.codes = await ledger.codes(None)
        parameters = {"metrics": ["attempts"], "by": [by], "from": [FIRST.isoformat()], "to": [LAST.isoformat()]}
        request = read_request(None, ParameterParser(parameters), known.account, self.codes, None)
        return Snapshot(ledger, known, None, Copies()), replace(request, metrics=(DONE_SHARE,))


def same(numbers: Numbers, others: Numbers) -> None:
    assert_frame_equal(numbers.groups, others.groups)
    assert_frame_equal(numbers.total, others.total)
    assert (numbers.counted, numbers.excluded) == (others.counted, others.excluded)


async def test_a_report_of_a_row_wise_frame_alone_says_what_sql_says(owner: Owner, account: int) -> None:
    world = World(owner, account)
    async with owner.transaction(isolation="repeatable_read"):
        snapshot, request = await world.open("day")
        numbers = await compute(snapshot, request, world.codes)
        rows = await owner.fetch(
            """
            SELECT (due_at AT TIME ZONE $4)::date AS day, count(done_at) AS done, count(*) AS due
            FROM follow_ups
            WHERE account_id = $1 AND due_at >= $2 AND due_at < $3 AND agent IS NOT NULL
            GROUP BY 1 ORDER BY 1""",
            account,
            FIRST,
            LAST,
            request.window.zone_name,
        )
        without_agent = await owner.fetchval(
            "SELECT count(*) FROM follow_ups WHERE account_id = $1 AND due_at >= $2 AND due_at < $3 AND agent IS NULL",
            account,
            FIRST,
            LAST,
        )
    table = numbers.groups.select("day", "done_share_numerator", "done_share_denominator")
    assert table.rows() == [tuple(row) for row in rows]
    due = sum(row["due"] for row in rows)
    assert (numbers.counted, numbers.excluded) == ({"follow_ups": due}, {"follow_ups_no_agent": without_agent})
    assert min(due, without_agent) > 0
    report = report_of(request, numbers)
    assert row_counts(report) == f"{due} follow-ups"
    assert list(exclusion_notes(report)) == [f"{due} follow-ups counted. Includes {without_agent} without an agent."]


def report_of(request: ReportRequest, numbers: Numbers) -> Report:
    return Report(
        request=request,
        as_of=AFTER,
        watermark=AFTER,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: metric.columns for metric in request.metrics},
    )


@pytest.mark.parametrize("size", [1, 7, 1_000])
async def test_its_rows_may_arrive_in_chunks_of_any_size(owner: Owner, account: int, size: int) -> None:
    world = World(owner, account)
    async with owner.transaction(isolation="repeatable_read"):
        snapshot, request = await world.open("agent")
        [scan] = plan_scans(request, world.codes)
        await snapshot.prepare([scan])
        rows = await current_rows(snapshot, scan)
        whole = await compute(snapshot, request, world.codes)
    chunks = [reduce_chunk(scan, {"follow_ups": chunk.lazy()}) for chunk in rows.iter_slices(size)]
    assert (len(chunks) > 1) == (size < rows.height)
    same(compile_numbers(request, [(scan, chunks)]), whole)


async def current_rows(snapshot: Snapshot, scan: Scan) -> pl.DataFrame:
    def collect(rows: CurrentRows) -> PartialResults:
        return {name: table.collect() for name, table in rows.items()}

    [tables] = await snapshot.read(scan, collect)
    return tables["follow_ups"]


async def test_its_rows_stand_behind_its_number(owner: Owner, account: int) -> None:
    world = World(owner, account)
    async with owner.transaction(isolation="repeatable_read"):
        snapshot, request = await world.open("agent")
        [scan] = plan_scans(request, world.codes)
        wide = replace(scan, also=row_columns(scan))
        numbers = await compute(snapshot, request, world.codes)
        await snapshot.prepare([wide])
        [picked] = await snapshot.read(wide, lambda rows: pick_rows(wide, DONE_SHARE, "numerator", 5, rows))
    listed = page([picked], request=request, metric=DONE_SHARE, part="numerator", offset=0, limit=5)
    assert listed.total == numbers.total["done_share_numerator"].item() > 0
    assert listed.items.columns[0] == "external_id"


async def test_it_changes_no_other_number_of_a_report(owner: Owner, account: int) -> None:
    """Beside metrics whose frames share calls, and beside attempts, each has the number it has alone."""
    others = tuple(catalogue()[name].metric for name in ("attempts", "leads", "open_opportunities"))
    world = World(owner, account)
    async with owner.transaction(isolation="repeatable_read"):
        snapshot, request = await world.open("agent")
        alone = [await compute(snapshot, replace(request, metrics=(metric,)), world.codes) for metric in others]
        new = await compute(snapshot, request, world.codes)
        together = await compute(snapshot, replace(request, metrics=(DONE_SHARE, *others)), world.codes)
    for metric, numbers in zip((DONE_SHARE, *others), (new, *alone), strict=True):
        columns = [metric.column(part) for part in metric.columns]
        assert_frame_equal(together.total.select(columns), numbers.total.select(columns))
    assert together.excluded == new.excluded | {key: n for numbers in alone for key, n in numbers.excluded.items()}
