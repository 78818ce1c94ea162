"""Times in files: local times become UTC, and skipped or repeated hours are never guessed."""

from datetime import UTC, datetime, time
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.model.times import TimeFormError, read_time
from service.importing.language.times import TimeStyle, check_format, read_days, read_times

LOCAL = check_format("%Y-%m-%d %H:%M:%S")


def moment(cell: Any, style: TimeStyle) -> datetime | str:
    """The time of a cell, or the reason it has none."""
    moments, faulty = read_times(pl.Series([cell]), style)
    [reason] = [reason for mask, reason in faulty if mask[0]] or [None]
    return moments[0] if reason is None else reason


@pytest.mark.parametrize(
    ("cell", "written", "expected"),
    [
        ("02/03/2026 09:30", "%d/%m/%Y %H:%M", datetime(2026, 3, 2, 3, 45, tzinfo=UTC)),
        ("2026-03-02 09:30:00.250", "%Y-%m-%d %H:%M:%S.%f", datetime(2026, 3, 2, 3, 45, 0, 250_000, tzinfo=UTC)),
        ("Mar  2 2026  9:30PM", "%b %e %Y %l:%M%p", datetime(2026, 3, 2, 15, 45, tzinfo=UTC)),
        ("2026-03-02 09:30:00 +0100", "%Y-%m-%d %H:%M:%S %z", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("1772443800", "unix", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("1772443800250", "unix_ms", datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-02T09:30:00Z", "rfc3339", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("9:30", "%d/%m/%Y %H:%M", "is not a time of the form %d/%m/%Y %H:%M"),
        ("31/02/2026 09:30", "%d/%m/%Y %H:%M", "is not a time of the form %d/%m/%Y %H:%M"),
        ("soon", "unix", "is not a number of seconds since 1970"),
        ("1e300", "unix_ms", "is not a number of milliseconds since 1970"),
    ],
)
def test_a_cell_is_read_by_its_format(cell: str, written: str, expected: Any) -> None:
    # Kathmandu is 5 hours and 45 minutes ahead.
    assert moment(cell, TimeStyle(check_format(written), "Asia/Kathmandu")) == expected


def test_a_day_gets_the_mappings_local_time_of_day() -> None:
    style = TimeStyle(check_format("%d.%m.%Y"), "Europe/Lisbon", time(12))
    assert moment("5.5.2008", style) == datetime(2008, 5, 5, 11, tzinfo=UTC)
    assert moment("5.12.2008", style) == datetime(2008, 12, 5, 12, tzinfo=UTC)


def test_an_hour_that_summer_time_skipped_is_always_refused() -> None:
    for ambiguous in ("reject", "earlier", "later"):
        reason = moment("2026-03-29 02:30:00", TimeStyle(LOCAL, "Europe/Berlin", ambiguous=ambiguous))
        assert reason == "is in an hour that Europe/Berlin skipped when summer time began"


def test_a_repeated_hour_is_refused_unless_the_mapping_chooses() -> None:
    read = {
        ambiguous: moment("2026-10-25 02:30:00", TimeStyle(LOCAL, "Europe/Berlin", ambiguous=ambiguous))
        for ambiguous in ("reject", "earlier", "later")
    }
    assert read == {
        "reject": "is in an hour that occurred twice in Europe/Berlin; the mapping can set ambiguous",
        "earlier": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        "later": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    }


def test_days_are_days_of_the_calendar() -> None:
    days, faulty = read_days(pl.Series(["02/03/2026", "30/02/2026", None]), TimeStyle(check_format("%d/%m/%Y")))
    assert days.to_list() == ["2026-03-02", None, None]
    [(mask, reason)] = faulty
    assert (mask.to_list(), reason) == ([False, True, False], "is not a date of the form %d/%m/%Y")


digits = st.integers(0, 99).map(lambda number: f"{number:02}")
offsets = st.sampled_from(["Z", "z", "+00:00", "-05:00", "+05:45", "+14:00", "+24:00", "-00:01", "+1:00", "", "+99:99"])
fractions = st.sampled_from(["", ".5", ".123456", ".123456789", ".", ".x"])
times = st.builds(
    lambda year, month, day, t, hour, minute, second, fraction, offset: (
        f"{year:04}-{month}-{day}{t}{hour}:{minute}:{second}{fraction}{offset}"
    ),
    st.sampled_from([0, 1, 1969, 1970, 2000, 2024, 2026, 9999]),
    digits,
    digits,
    st.sampled_from("Tt "),
    digits,
    digits,
    digits,
    fractions,
    offsets,
)


@given(st.lists(times | st.text(max_size=30) | st.none(), max_size=20))
@example(["2016-12-31T23:59:60Z", "2026-02-29T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-03-02T24:00:00Z"])
@example(["2026-03-02T09:30:00", "2026-03-02", "1969-12-31T23:59:59Z", "2026-03-02T09:30:00.1234567Z"])
def test_rfc_3339_times_are_read_like_the_form_reads_them(cells: list[str | None]) -> None:
    moments, faulty = read_times(pl.Series(cells, dtype=pl.String), TimeStyle())
    reasons = {place: reason for mask, reason in faulty for place in mask.arg_true()}
    for place, cell in enumerate(cells):
        if cell is None:
            assert moments[place] is None
            continue
        try:
            expected: datetime | str = read_time(cell)
        except TimeFormError as error:
            expected = str(error)
        got = reasons.get(place) or moments[place]
        # What was before 1970 may be left to the form, which refuses it.
        assert got == expected or (isinstance(got, datetime) and got.year < 1970 and "1970" in str(expected))


def test_a_column_of_several_forms_is_read_by_the_form_that_fits() -> None:
    style = TimeStyle("rfc3339", zone="Europe/Lisbon", others=("unix", "unix_ms", "%d/%m/%Y %H:%M"))
    cells = pl.Series(
        ["2026-03-02T10:00:00Z", "1772445600", "1772445600000", "02/03/2026 10:00", "29/03/2026 01:30", "soon", None]
    )
    moments, invalid = read_times(cells, style)
    ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert moments.to_list() == [ten, ten, ten, ten, None, None, None]
    reasons = {reason: mask.arg_true().to_list() for mask, reason in invalid if mask.any()}
    assert reasons == {
        "has none of the forms rfc3339, unix, unix_ms, %d/%m/%Y %H:%M": [5],
        "is in an hour that Europe/Lisbon skipped when summer time began": [4],
    }


def test_a_count_since_1970_gets_advice() -> None:
    _, invalid = read_times(pl.Series(["1772445600000"]), TimeStyle())
    [reason] = [reason for mask, reason in invalid if mask.any()]
    assert reason.endswith('or the mapping sets format = "unix_ms" or ["rfc3339", "unix_ms"]')


def test_unix_ms_may_be_written_with_a_hyphen() -> None:
    assert check_format("unix-ms") == "unix_ms"
