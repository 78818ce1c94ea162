"""From parameters to a report: the whole way, over one snapshot of the ledger."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial

from reports.measures.metric import Metric
from reports.model.codes import Codes
from reports.model.windows import Window
from reports.query import comparison, mix_adjustment, ranking
from reports.query.benchmarks import PERIODS, Held, held, history, industry, targets
from reports.query.caveats import notes
from reports.query.engine import Numbers, Report, compile_numbers, reduce_part, scans_of
from reports.query.parameters import Parameters, Reader
from reports.query.request import Ask, read_ask
from reports.query.snapshot import Beliefs
from reports.store.lake import Copies
from reports.store.ledger import Ledger


async def answer(ledger: Ledger, copies: Copies, preset: str | None, parameters: Parameters) -> Report:
    """Answer what the parameters ask, from the lake's copies of an account's facts and what is newer in its ledger.

    Raises AskError with everything that is wrong with the question.
    """
    owner = await ledger.owner()
    account = owner.account
    reader = Reader(parameters)
    as_of = reader.as_of(account.taken_at)
    codes = await ledger.codes(as_of, account.zone.key)
    ask = read_ask(preset, reader, account, codes, as_of)
    beliefs = Beliefs(ledger, owner, as_of, copies)
    plain = replace(ask, curves=False)  # whatever is counted beside it is compared with, not drawn
    numbers = await count(beliefs, ask, codes)
    told = list(notes(ask, numbers, codes))
    if mix_adjustment.mixed(ask):
        numbers, warnings = mix_adjustment.widen(numbers, await count(beliefs, mix_adjustment.finer(plain), codes), ask)
        told += warnings
    if ranking.ranked(ask):
        numbers = await asyncio.to_thread(ranking.widen, numbers, ask)
    if ask.compare:
        numbers = comparison.widen(numbers, await count(beliefs, comparison.previous(plain), codes), ask)
    report = Report(
        ask=ask,
        as_of=ask.until,
        watermark=account.taken_at,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        parts={metric.name: parts_of(ask, metric) for metric in ask.metrics},
        notes=tuple(told),
        benchmarks=await _benchmarks(beliefs, plain, codes, numbers) if ask.benchmarks else (),
        curves=numbers.curves,
    )
    return report if any(report.counted.values()) else replace(report, span=await ledger.span())


def parts_of(ask: Ask, metric: Metric) -> tuple[str, ...]:
    """The parts of a metric's cell in the answer to a question."""
    parts = list(metric.columns)
    if metric in mix_adjustment.mixed(ask):
        parts += mix_adjustment.PARTS
    if metric in ranking.ranked(ask):
        parts += ranking.PARTS
    if ask.compare:
        parts += comparison.PARTS
    return tuple(parts)


async def count(beliefs: Beliefs, ask: Ask, codes: Codes) -> Numbers:
    """The numbers of a question, counted scan by scan."""
    return await count_together(beliefs, [ask], codes)


async def count_together(beliefs: Beliefs, asks: Sequence[Ask], codes: Codes) -> Numbers:
    """The numbers of questions that differ in their window only, as if their windows were one."""
    alike = list(zip(*(scans_of(ask, codes) for ask in asks), strict=True))
    await beliefs.prepare(scan for same in alike for scan in same)
    parts = {
        same[0]: [part for scan in same for part in await beliefs.read(scan, partial(reduce_part, scan))]
        for same in sorted(alike, key=lambda same: same[0].frame.name)
    }
    return await asyncio.to_thread(compile_numbers, asks[0], [(same[0], parts[same[0]]) for same in alike])


async def _benchmarks(beliefs: Beliefs, ask: Ask, codes: Codes, numbers: Numbers) -> tuple[Held, ...]:
    """The numbers of the whole report held against everything known, and those of groups against their own targets."""
    total = numbers.total.row(0, named=True)
    earlier = await count_together(beliefs, _earlier(ask), codes)
    past = earlier.total.row(0, named=True) if any(earlier.counted.values()) else None
    usual = [benchmark for metric in ask.metrics if past and (benchmark := history(metric, past))]
    aims = list(targets(ask, codes))
    asked = {name: values[0] for name, values in ask.filters.items() if len(values) == 1}
    found = list(held(ask.metrics, total, [*industry(), *usual], {}))
    found += held(ask.metrics, total, aims, asked)
    if len(ask.by) == 1:
        [dimension] = ask.by
        for row in numbers.groups.iter_rows(named=True):
            found += held(ask.metrics, row, aims, {**asked, dimension.name: row[dimension.name]})
    return tuple(found)


def _earlier(ask: Ask) -> list[Ask]:
    """The same question, without breakdown, of the periods before this one."""
    back = comparison.days_back(ask.window)
    edges = [ask.window.local(edge) for edge in (ask.window.start, ask.window.end)]
    shifts = [timedelta(days=back * (number + 1)) for number in range(PERIODS)]
    windows = [[(edge - shift).astimezone(UTC) for edge in edges] for shift in shifts]
    return [replace(ask, by=(), window=Window(start, end, ask.window.zone)) for start, end in windows]
