"""How files of days are written: rows to the file of their span, and again where something changed."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime

import polars as pl

from reports.store.day_files import DayFiles
from reports.store.file_spans import Spans
from reports.store.opened_days import DayFile, OpenedDays


def write_spans(place: DayFiles, rows: pl.DataFrame, at: str, spans: Spans) -> list[DayFile]:
    """Write rows, each to the file of its day. at: the column with their moments; rows without one are in no file."""
    placed = rows.filter(pl.col(at).is_not_null()).sort(at)
    day = placed[at].dt.date()
    by_day = spans.of(day.unique())
    firsts = {of_day: span.first for of_day, span in by_day.items()}
    if not firsts:
        return []
    of_files = placed.with_columns(_first=day.replace_strict(firsts, return_dtype=pl.Date))
    by_first = of_files.partition_by("_first", as_dict=True, include_key=False, maintain_order=True)
    span_of = {span.first: span for span in by_day.values()}
    return [place.write(span_of[first], some) for (first,), some in by_first.items()]


def rewrite(
    place: DayFiles,
    opened: OpenedDays,
    days: Collection[date],
    moment: datetime,
    at: str,
    rows_of: Callable[[set[date]], pl.DataFrame],
) -> Iterator[DayFile]:
    """All files after some days changed: those of other days as they are, the others written again.

    moment: that of the edition to come. at: the column with the moments of rows. rows_of: gives the rows of some days,
    which always are all days of one or several files.
    """
    spans = Spans(moment, [file.span for file in opened.files])
    again = set(spans.of([*days, *spans.aged]).values())
    yield from (file for file in opened.files if not any(file.span.overlaps(span) for span in again))
    for span in sorted(again):
        yield from write_spans(place, rows_of(span.days), at, spans)
