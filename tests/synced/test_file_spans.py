"""Files of days and weeks: whatever changes, and whenever, every row is in one file, and no two files share a day."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reports.model.types import INSTANT
from reports.query.stored.rewriting import rewrite, write_spans
from reports.store.day_files import DayFiles
from reports.store.file_spans import Span, Spans
from reports.store.opened_days import Edition

SCHEMA = {"at": INSTANT, "number": pl.Int64}
TODAY = date(2026, 11, 25)  # a Wednesday
DAYS = st.integers(-40, 3).map(lambda number: TODAY + timedelta(days=number))
# A later moment, or an earlier one: the clock of a machine may be set back.
MOMENTS = st.integers(-20, 30).map(lambda number: datetime(2026, 11, 25, 12, tzinfo=UTC) + timedelta(days=number))


def test_the_days_of_this_week_and_the_last_have_their_own_files() -> None:
    spans = Spans(datetime(2026, 11, 25, 12, tzinfo=UTC)).of(
        [date(2026, 11, 25), date(2026, 11, 16), date(2026, 11, 15), date(2026, 11, 9), date(2026, 12, 24)]
    )
    assert spans[date(2026, 11, 25)] == Span(date(2026, 11, 25), date(2026, 11, 25))
    assert spans[date(2026, 11, 16)] == Span(date(2026, 11, 16), date(2026, 11, 16))
    assert spans[date(2026, 11, 15)] == spans[date(2026, 11, 9)] == Span(date(2026, 11, 9), date(2026, 11, 15))
    assert spans[date(2026, 12, 24)] == Span(date(2026, 12, 24), date(2026, 12, 24))


def rows(days: dict[date, int]) -> pl.DataFrame:
    """A row at noon of each day, with its number."""
    at = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days]
    return pl.DataFrame({"at": at, "number": list(days.values())}, schema=SCHEMA)


@given(st.lists(st.tuples(MOMENTS, st.dictionaries(DAYS, st.integers(0, 99), max_size=6)), min_size=1, max_size=6))
def test_whatever_changes_and_whenever_every_row_is_in_one_file(turns: list[tuple[datetime, dict[date, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place, known = DayFiles(Path(folder), SCHEMA), dict[date, int]()
        for number, (moment, changes) in enumerate(turns):
            known |= changes
            edition = Edition("ledger", number + 1, {}, {}, moment)
            opened = place.open()
            if opened is None:
                place.commit(edition, write_spans(place, rows(known), "at", Spans(moment)))
            else:

                def rows_of(days: set[date]) -> pl.DataFrame:
                    return rows({day: value for day, value in known.items() if day in days})  # noqa: B023

                place.commit(edition, rewrite(place, opened, changes.keys(), moment, "at", rows_of))
            written = place.open()
            assert written is not None
            assert written.scan().collect().sort("at").equals(rows(dict(sorted(known.items()))))
            assert not any(first.span.overlaps(second.span) for first, second in combinations(written.files, 2))
            for day, value in known.items():
                assert value in written.scan([day]).collect()["number"]
                assert {*written.find(pl.col("number") == value)["at"].dt.date()} == {
                    other for other, some in known.items() if some == value
                }
                assert value in written.find(pl.col("number") == value, [day])["number"]
            assert written.find(pl.lit(value=True)).equals(written.scan().collect())
            assert written.find(pl.lit(value=False)).equals(rows({}))


def test_a_week_later_the_days_are_one_file() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place, days = DayFiles(Path(folder), SCHEMA), {date(2026, 11, 16 + number): number for number in range(10)}
        moment = datetime(2026, 11, 25, 12, tzinfo=UTC)
        place.commit(Edition("ledger", 1, {}, {}, moment), write_spans(place, rows(days), "at", Spans(moment)))
        before = place.open()
        assert before is not None
        assert len(before.files) == 10

        later = moment + timedelta(days=7)
        files = list(
            rewrite(
                place, before, [], later, "at", lambda some: rows({day: days[day] for day in sorted(some & {*days})})
            )
        )
        assert min(file.span for file in files) == Span(date(2026, 11, 16), date(2026, 11, 22))
        assert sorted(file.rows for file in files) == [1, 1, 1, 7]
