"""The summary of an import: how many rows changed what, and what people should know about the file."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from reports.model.lists import join_first
from service.importing.language.mapping import FileMapping
from service.importing.run import ImportJob, ImportResult

_MOST_NAMED = 10


def wrapped(lines: Iterator[str], width: int | None) -> Iterator[str]:
    """The lines, those that are longer than a terminal broken between words. width: None if it is no terminal."""
    for line in lines:
        if width is None or len(line) <= width:
            yield line
        else:
            yield from textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


def tell(job: ImportJob, result: ImportResult, seconds: float) -> Iterator[str]:
    """The result of an import, in lines for people."""
    yield f"{result.rows:,} rows of {job.path.name} in {seconds:,.1f} s ({result.rows / seconds:,.0f} rows/s)"
    if result.run is None:
        yield f"  valid        {result.valid:>10,}"
        yield f"  known        {result.known:>10,}"
    else:
        if result.run.rows_done:
            yield f"after {result.run.rows_done:,} rows of an interrupted import; totals:"
        for name in ("created", "updated", "unchanged"):
            yield f"  {name:<12} {getattr(result.counts, name):>10,}"
    yield f"  rejected     {result.counts.rejected:>10,}"
    if result.skipped:
        yield f"  skipped      {result.skipped.total():>10,}  ({_reasons(result.skipped)})"
    yield from remarks(job, result)


def remarks(job: ImportJob, result: ImportResult) -> Iterator[str]:
    """What people should know about the file and its rows, in sentences."""
    counts = result.counts
    if result.run is None:
        yield "Dry run: no row was stored."
    elif counts.unchanged and not counts.created and not counts.updated and not result.superseded_rows:
        when = f", since {result.run.imported_at:%Y-%m-%d %H:%M} UTC" if result.run.imported_at else ""
        yield f"Nothing changed: the ledger already had these rows{when}."
    if job.is_piped and result.run is not None:
        yield "The rows came through a pipe: an interrupted import continues if the same content comes again."
    yield _time(job, result)
    yield from job.mapping.notes
    yield from result.findings.sentences(job.mapping.file.decimal)
    if inbound := result.skipped["inbound"]:
        yield f"{_calls(inbound)} in and {'was' if inbound == 1 else 'were'} left out: {_how_to_import(job.mapping)}."
    if result.superseded_rows:
        yield (
            f"{_rows(result.superseded_rows)} a value older than the ledger's; the ledger kept its own:"
            f" {_superseded(result)}."
        )
    if result.counts.rejected:
        yield f"The rejected rows and the reasons are in {result.rejects_path}."
    if result.codes:
        yield (
            "These disposition codes have no meaning yet: "
            f"{join_first(sorted(result.codes), _MOST_NAMED)}. They count as unmapped."
        )


def _time(job: ImportJob, result: ImportResult) -> str:
    """When the file knew its rows, and where that time is from. Settings have no such time."""
    if not any(fact.stamped for fact in job.mapping.facts):
        return "These rows replaced what the ledger had, whenever the file was saved."
    at, source = job.time.at, job.time.source
    if result.run and result.run.observed_at != at:
        at, source = result.run.observed_at, "when this file was imported before"
    return f"Rows without a time of their own count as known at {at:%Y-%m-%d %H:%M:%S} UTC: {source}."


def _superseded(result: ImportResult) -> str:
    """The lines with older values, and their fields: line 2 (agent), line 3 (agent, disposition) and 4 more."""
    lines = [f"line {line:,} ({', '.join(fields)})" for line, fields in result.superseded.items()]
    more = result.superseded_rows - len(lines)
    return ", ".join(lines) + (f" and {more:,} more" if more else "")


def _calls(count: int) -> str:
    return "1 call came" if count == 1 else f"{count:,} calls came"


def _how_to_import(mapping: FileMapping) -> str:
    """What to add to a mapping so that its inbound calls are imported too."""
    named = (
        "add [inbound_call]" if not mapping.router.is_usual else "name the column under [direction], add [inbound_call]"
    )
    return f"to import them, {named} to the mapping"


def _reasons(skipped: Counter[str]) -> str:
    """Why rows were skipped, most of them first: 3 inbound, 1 internal."""
    return join_first([f"{count:,} {reason}" for reason, count in skipped.most_common()], _MOST_NAMED)


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"
