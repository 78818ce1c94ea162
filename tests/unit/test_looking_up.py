"""Numbers are looked up by their ids, and ids by their numbers, also when either list is empty."""

import polars as pl
import pytest

from reports.store.lake import looked_up

IDS, NUMBERS = pl.Series([7, 8]), pl.Series(["+14155550100", "+14155550101"])


@pytest.mark.parametrize("values", [[], [None, None]])
@pytest.mark.parametrize("known", [0, 2])
def test_nothing_is_looked_up_as_nothing_of_the_right_type(values: list[None], known: int) -> None:
    rows = pl.LazyFrame({"number": values}, schema={"number": pl.String})
    ids = rows.select(looked_up("number", NUMBERS[:known], IDS[:known])).collect()
    assert ids.schema == {"number": pl.Int64}
    assert ids["number"].to_list() == values


def test_what_is_known_is_found() -> None:
    rows = pl.LazyFrame({"id": [8, None, 7]})
    assert rows.select(looked_up("id", IDS, NUMBERS)).collect()["id"].to_list() == [NUMBERS[1], None, NUMBERS[0]]


@pytest.mark.parametrize("known", [0, 1])
def test_what_is_not_known_is_never_taken_for_nothing(known: int) -> None:
    rows = pl.LazyFrame({"id": [8]})
    with pytest.raises(pl.exceptions.InvalidOperationError):
        rows.select(looked_up("id", IDS[:known], NUMBERS[:known])).collect()
