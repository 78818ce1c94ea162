"""From parameters to a report: the whole way, over one snapshot of the ledger."""

import asyncio
from dataclasses import replace
from functools import partial

from reports.ask import Ask, read_ask
from reports.codes import Codes
from reports.ledger import Connection, Ledger
from reports.reader import Parameters, Reader
from reports.report import Numbers, Report, compile_numbers, reduce_part, scans_of


async def answer(connection: Connection, account_id: int, preset: str | None, parameters: Parameters) -> Report:
    """Answer what the parameters ask. The connection is in a read-only, repeatable-read transaction of the account.

    Raises AskError with everything that is wrong with the question.
    """
    ledger = Ledger(connection, account_id)
    account = await ledger.account()
    reader = Reader(parameters)
    as_of = reader.as_of(account.taken_at)
    codes = await ledger.codes(as_of)
    ask = read_ask(preset, reader, account, codes, as_of)
    numbers = await count(ledger, ask, codes)
    report = Report(
        ask=ask,
        as_of=ask.until,
        watermark=account.taken_at,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        parts={metric.name: metric.columns for metric in ask.metrics},
    )
    return report if any(report.counted.values()) else replace(report, span=await ledger.span())


async def count(ledger: Ledger, ask: Ask, codes: Codes) -> Numbers:
    """The numbers of a question, read from the ledger scan by scan."""
    scans = [(scan, await ledger.read(scan, partial(reduce_part, scan))) for scan in scans_of(ask, codes)]
    return await asyncio.to_thread(compile_numbers, ask, scans)
