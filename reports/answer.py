"""From parameters to a report: the whole way, over one snapshot of the ledger."""

import asyncio
from dataclasses import replace
from functools import partial

from reports.ask import Parameters, Reader, read_ask
from reports.ledger import Connection, Ledger
from reports.report import Report, compile_report, reduce_part, scans_of


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
    scans = [(scan, await ledger.read(scan, partial(reduce_part, scan))) for scan in scans_of(ask, codes)]
    report = await asyncio.to_thread(compile_report, ask, scans, account.taken_at)
    return report if report.counted else replace(report, span=await ledger.span())
