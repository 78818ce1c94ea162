"""Every kind of believed fact of one generated account, held in memory: for laws that hold of any of them."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, fields, replace
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
from reports.store.ledger import Ledger
from tests.conftest import make_account
from tests.metrics.floor import AFTER, FIRST, LAST, Floor, copy_rows

WHOLE = {"from": [FIRST.isoformat()], "to": [LAST.isoformat()], "tz": ["Europe/Berlin"]}
Kind = tuple[str, str, int, str | None]


@dataclass(frozen=True)
class Facts:
    """What the ledger delivers for every kind of scan over the whole floor, all columns of it."""

    account: Account
    codes: Codes
    tables: Mapping[Kind, Mapping[str, pl.DataFrame]]

    def ask(self, **said: str) -> ReportRequest:
        """A question; a name ends in an underscore where Python has the word."""
        given = {name.rstrip("_"): value.split("|") for name, value in said.items()}
        return self.read({**WHOLE, **given})

    def read(self, parameters: Parameters) -> ReportRequest:
        """The question of some parameters."""
        return read_request(None, ParameterParser(parameters), self.account, self.codes, None)

    def believed(self, scan: Scan, seed: int | None = None) -> CurrentRows:
        """The facts of a scan, in the ledger's order or in another."""
        tables = self.tables[kind_of(scan)]
        if seed is None:
            return {name: table.lazy() for name, table in tables.items()}
        return {name: table.sample(fraction=1, shuffle=True, seed=seed).lazy() for name, table in tables.items()}

    def numbers(self, ask: ReportRequest, seed: int | None = None) -> Numbers:
        """The numbers of a question over these facts."""
        scans = plan_scans(ask, self.codes)
        return compile_numbers(ask, [(scan, self.parts(scan, seed)) for scan in scans])

    def parts(self, scan: Scan, seed: int | None) -> list[PartialResults]:
        """The partial states of a scan; where blocks are allowed and a seed is given, of several blocks."""
        believed = self.believed(scan, seed)
        if seed is None or not scan.frame.row_wise:
            return [reduce_chunk(scan, believed)]
        [(name, table)] = believed.items()
        whole = table.collect()
        cut = Random(seed).randrange(whole.height + 1)
        return [reduce_chunk(scan, {name: part.lazy()}) for part in (whole[:cut], whole[cut:])]


class _Everything(Scan):
    """A scan that wants every column of every extract."""

    @property
    def input_columns(self) -> dict[str, tuple[str, ...]]:
        return {extract.name: tuple(extract.columns) for extract in self.frame.inputs}


def kind_of(scan: Scan) -> Kind:
    """What tells two scans of one question apart."""
    return (scan.frame.name, scan.anchor, scan.trailing_days, scan.model)


async def read_facts(ledger_url: str) -> AsyncGenerator[Facts]:
    """The facts of a generated account, read out of a ledger once."""
    owner = await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"})
    number = await make_account(owner)
    await Floor(seed=77).write(owner, number, attempts=500)
    # Capture makes a row for every code it meets; without one, nobody could ask for the rows behind its number.
    for table, codes in {"agents": ["unheard-of", "nobody-known"], "campaigns": ["unheard-of"]}.items():
        for code in codes:
            row = {"account_id": number, "code": code, "recorded_at": FIRST}
            await copy_rows(owner, table, [row])
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        ledger = Ledger(owner, number)
        told = await ledger.state()
        account = told.account
        codes = await ledger.codes(None, account.zone.key)
        facts = Facts(replace(account, taken_at=AFTER), codes, {})
        every = facts.read({**WHOLE, "metrics": list(catalogue())})
        tables: dict[Kind, Mapping[str, pl.DataFrame]] = {}
        for scan in plan_scans(every, codes):
            whole = _Everything(**{field.name: getattr(scan, field.name) for field in fields(scan)})
            parts: list[dict[str, pl.DataFrame]] = []

            def keep(believed: CurrentRows, parts: list[dict[str, pl.DataFrame]] = parts) -> PartialResults:
                parts.append({name: table.collect() for name, table in believed.items()})
                return {}

            beliefs = Snapshot(ledger, told, None, {})
            await beliefs.prepare([whole])
            await beliefs.read(whole, keep)
            tables[kind_of(scan)] = {name: pl.concat([part[name] for part in parts]) for name in parts[0]}
    await owner.close()
    yield replace(facts, tables=tables)
