"""The current rows of one generated account, held in memory: for laws of every kind of fact."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, fields, replace
from random import Random

import asyncpg
import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.measures.frame import CurrentRows
from reports.model.account import Account
from reports.model.codes import Codes
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.parameters import ParameterParser, Parameters
from reports.query.plan import PartialResults, Scan, plan_scans
from reports.query.report import Numbers
from reports.query.request import ReportRequest, read_request
from reports.query.snapshot import Snapshot
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from tests.conftest import make_account
from tests.metrics.floor import AFTER, FIRST, LAST, Floor, copy_rows

WHOLE = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()], "tz": ["Europe/Berlin"]}
Kind = tuple[str, str, int, str | None]


@dataclass(frozen=True, eq=False)
class Facts:
    """The current rows of every kind of scan over the whole floor, with all columns."""

    account: Account
    codes: Codes
    tables: Mapping[Kind, Mapping[str, pl.DataFrame]]
    counted: dict[tuple[str, str], tuple[ReportRequest, Numbers]] = field(default_factory=dict)

    def ask(self, **parameters: str) -> ReportRequest:
        """A request; a name ends in an underscore where Python has the word."""
        listed = {name.rstrip("_"): value.split("|") for name, value in parameters.items()}
        return self.read({**WHOLE, **listed})

    def read(self, parameters: Parameters) -> ReportRequest:
        """The request of some parameters."""
        return read_request(None, ParameterParser(parameters), self.account, self.codes, None)

    def rows(self, scan: Scan, seed: int | None = None) -> CurrentRows:
        """The current rows of a scan, in the ledger's order or in another."""
        tables = self.tables[kind_of(scan)]
        if seed is None:
            return {name: table.lazy() for name, table in tables.items()}
        return {name: table.sample(fraction=1, shuffle=True, seed=seed).lazy() for name, table in tables.items()}

    def numbers(self, ask: ReportRequest, seed: int | None = None) -> Numbers:
        """The numbers of a request over these facts."""
        scans = plan_scans(ask, self.codes)
        return compile_numbers(ask, [(scan, self.partial_results(scan, seed)) for scan in scans])

    def whole(self, metrics: str, by: str) -> tuple[ReportRequest, Numbers]:
        """A request for metrics over the whole floor, and its numbers in the ledger's order, counted once."""
        if (metrics, by) not in self.counted:
            request = self.ask(metrics=metrics, by=by)
            self.counted[metrics, by] = request, self.numbers(request)
        return self.counted[metrics, by]

    def partial_results(self, scan: Scan, seed: int | None) -> list[PartialResults]:
        """The partial results of a scan; with a seed, a row-wise frame comes in several chunks."""
        rows = self.rows(scan, seed)
        if seed is None or not scan.frame.row_wise:
            return [reduce_chunk(scan, rows)]
        [(name, table)] = rows.items()
        whole = table.collect()
        cut = Random(seed).randrange(whole.height + 1)
        return [reduce_chunk(scan, {name: chunk.lazy()}) for chunk in (whole[:cut], whole[cut:])]


class _Everything(Scan):
    """A scan that reads every column of every input."""

    @property
    def input_columns(self) -> dict[str, tuple[str, ...]]:
        return {source.name: tuple(source.columns) for source in self.frame.inputs}


def kind_of(scan: Scan) -> Kind:
    """Different for every two scans of one request."""
    return (scan.frame.name, scan.anchor, scan.trailing_days, scan.model)


async def read_facts(ledger_url: str) -> AsyncGenerator[Facts]:
    """The facts of a generated account, read out of a ledger once."""
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    number = await make_account(owner)
    await Floor(seed=77).write(owner, number, attempts=500)
    # Ingestion makes a row for every code; without one, a filter by the code is refused.
    for table, codes in {"agents": ["unheard-of", "nobody-known"], "campaigns": ["unheard-of"]}.items():
        for code in codes:
            row = {"account_id": number, "code": code, "recorded_at": FIRST}
            await copy_rows(owner, table, [row])
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        ledger = Ledger(owner, number)
        known = await ledger.state()
        account = known.account
        codes = await ledger.codes(None, account.zone.key)
        facts = Facts(replace(account, taken_at=AFTER), codes, {})
        every = facts.read({**WHOLE, "metrics": list(catalogue())})
        tables: dict[Kind, Mapping[str, pl.DataFrame]] = {}
        for scan in plan_scans(every, codes):
            whole = _Everything(**{field.name: getattr(scan, field.name) for field in fields(scan)})
            collected: list[dict[str, pl.DataFrame]] = []

            def collect(rows: CurrentRows, into: list[dict[str, pl.DataFrame]] = collected) -> PartialResults:
                into.append({name: table.collect() for name, table in rows.items()})
                return {}

            snapshot = Snapshot(ledger, known, None, Copies())
            await snapshot.prepare([whole])
            await snapshot.read(whole, collect)
            tables[kind_of(scan)] = {name: pl.concat([rows[name] for rows in collected]) for name in collected[0]}
    await owner.close()
    yield replace(facts, tables=tables)
