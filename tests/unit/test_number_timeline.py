"""How the holders of a tracking number follow one another when one of them changes."""

from datetime import UTC, datetime

import pytest

from service.errors import AlreadyAssigned
from service.ingest.number_timeline import Span, afterwards, assigned, unassigned


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


def span(source: str, start: int, end: int | None = None) -> Span:
    return Span(day(start), day(end) if end else None, None, source, None)


RADIO = span("radio", 1)
FAIR = span("fair", 10, 14)
INTERRUPTED = [span("radio", 1, 10), FAIR, span("radio", 14)]


def test_an_interim_holder_gives_the_number_back() -> None:
    assert assigned([RADIO], FAIR) == INTERRUPTED
    assert afterwards(INTERRUPTED, FAIR) == "From 2026-03-14T00:00:00Z the number returns to radio."


def test_an_interim_until_the_retirement_gives_the_number_back_to_nobody() -> None:
    nobody = "From 2026-03-14T00:00:00Z the number has no source."
    assert afterwards(INTERRUPTED, FAIR, retired_at=day(14)) == nobody
    assert afterwards(INTERRUPTED, FAIR, retired_at=day(15)) == afterwards(INTERRUPTED, FAIR)


def test_a_holder_without_an_end_takes_the_number_for_good() -> None:
    spans = assigned([RADIO], span("fair", 10))
    assert spans == [span("radio", 1, 10), span("fair", 10)]
    assert afterwards(spans, span("fair", 10)) is None


def test_repeating_an_interim_changes_nothing() -> None:
    assert assigned(INTERRUPTED, FAIR) == INTERRUPTED


def test_repeating_the_interrupted_assignment_changes_nothing() -> None:
    assert assigned(INTERRUPTED, RADIO) == INTERRUPTED


@pytest.mark.parametrize("end", [11, 14, 20])
def test_another_end_of_an_interim_moves_the_return(end: int) -> None:
    assert assigned(INTERRUPTED, span("fair", 10, end)) == [
        span("radio", 1, 10),
        span("fair", 10, end),
        span("radio", end),
    ]


def test_an_interim_that_loses_its_end_keeps_the_number() -> None:
    assert assigned(INTERRUPTED, span("fair", 10)) == [span("radio", 1, 10), span("fair", 10)]


def test_taking_an_interim_back_leaves_the_number_with_its_holder() -> None:
    assert unassigned(INTERRUPTED, day(10)) == [RADIO]


def test_two_interims_in_a_row_both_give_the_number_back() -> None:
    twice = assigned(INTERRUPTED, span("print", 20, 22))
    assert [(s.holder_name, s.from_at.day) for s in twice] == [
        ("radio", 1),
        ("fair", 10),
        ("radio", 14),
        ("print", 20),
        ("radio", 22),
    ]
    assert assigned(twice, FAIR) == twice
    assert unassigned(unassigned(twice, day(20)), day(10)) == [RADIO]


def test_after_an_interim_without_a_holder_before_it_nobody_has_the_number() -> None:
    spans = assigned([], FAIR)
    assert afterwards(spans, FAIR) == "From 2026-03-14T00:00:00Z the number has no source."
    next_one = assigned(spans, span("print", 14))
    assert afterwards(next_one, FAIR) == "From 2026-03-14T00:00:00Z the number is assigned to print."


@pytest.mark.parametrize("new", [span("print", 12, 13), span("print", 9, 11), span("print", 13)])
def test_a_holder_with_an_end_is_not_interrupted(new: Span) -> None:
    with pytest.raises(AlreadyAssigned, match="fair"):
        assigned([FAIR], new)
