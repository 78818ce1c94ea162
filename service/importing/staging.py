"""Staging: the rows of a chunk in one frame for each fact, written as CSV for COPY."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import orjson
import polars as pl

from service.ingest.resources import Row
from sql.facts import Fact

# The columns that tell when something happened.
_HAPPENED = (
    *("dialed_at", "arrived_at", "rang_at", "queued_at", "answered_at", "agent_joined_at", "ended_at"),
    *("disposition_set_at", "set_at", "status_at", "received_at", "assigned_at", "closed_at"),
    *("changed_at", "done_at", "from_at", "to_at"),
)


@dataclass(frozen=True)
class StagedFact:
    """The rows of a chunk for one fact.

    columns: of the stage, in the order of the copy.
    rounds: a key that occurs twice is merged in a second round.
    places: the rows of the chunk that belong to the fact.
    step: a row of the stage is numbered by its place, and further rows of one place by so much more each.
    """

    fact: Fact
    columns: Sequence[str]
    copy: bytes
    rounds: int
    places: Sequence[int]
    step: int


def stage(fact: Fact, frames: Iterable[pl.DataFrame]) -> StagedFact:
    """The stage of one fact from frames of its rows, in the order of the file.

    Several rows of one key are merged in the order of what they tell of: a file may list the last part of a call first.
    """
    rows = pl.concat([_without_empty(frame) for frame in frames], how="diagonal")
    happened = [name for name in _HAPPENED if name in rows.columns]
    rows = rows.sort(*([pl.max_horizontal(happened)] if happened else []), "place", nulls_last=False)
    step = cast("int", rows["place"].max()) + 1
    numbered = rows.select(
        (pl.col("place") + step * pl.int_range(pl.len()).over("place")).alias("idx"),
        pl.int_range(pl.len()).over(fact.key).alias("round"),
        pl.exclude("place"),
    )
    rounds = numbered["round"].max()
    return StagedFact(
        fact,
        numbered.columns,
        numbered.write_csv(include_header=False).encode(),
        cast("int", rounds) + 1,
        rows["place"].to_list(),
        step,
    )


def frame(fact: Fact, rows: Sequence[tuple[int, Row]]) -> pl.DataFrame:
    """Rows that were read one by one, each with its place, as a frame of the same kind."""
    observed = ("observed_at",) if fact.stamped else ()
    columns = {name: [_staged(row.get(name)) for _, row in rows] for name in (*fact.key, *fact.observed, *observed)}
    return pl.DataFrame({"place": [place for place, _ in rows], **columns}, infer_schema_length=None)


def mentioned_codes(fact: Fact, rows: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """The codes that a frame mentions, each with its table."""
    for column, table in fact.mentions.items():
        if column in rows.columns:
            yield from ((table, code) for code in rows[column].unique().drop_nulls())


def array(values: Sequence[str] | None) -> str | None:
    """A list of names in PostgreSQL's notation.

    >>> array(["Europe/Lisbon", "Atlantic/Azores"])
    '{"Europe/Lisbon","Atlantic/Azores"}'
    """
    return "{" + ",".join(f'"{value}"' for value in values) + "}" if values else None


def _staged(value: Any) -> Any:
    match value:
        case [str(), *_]:
            return array(cast("list[str]", value))
        case list() | dict():
            return orjson.dumps(value).decode()
        case Decimal():
            return str(value)
        case _:
            return value


def _without_empty(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without empty columns, which need no copy."""
    return rows.select(column for column in rows if column.null_count() < len(column) or column.name == "place")
