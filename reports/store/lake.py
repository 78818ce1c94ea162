"""The lake: a copy of the ledger's facts in Delta format, one table for each account and kind of fact.

Spark, DuckDB and pandas can read it. Tables are partitioned by the UTC day of business time, and by whether a version
of a row is superseded. Ids stand in place of phone numbers.

Every commit holds a watermark: the oldest transaction of the ledger that was still running at the time of the copy.
The name of the watermark identifies this ledger and these columns. A copy of another ledger, or in an older form, has
no watermark of that name and is made again.
"""

import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, cast
from urllib.parse import unquote
from uuid import uuid4

import polars as pl
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.schema import Schema as DeltaSchema
from deltalake.transaction import AddAction, RemoveAction

from reports.model.tables import TABLES, VERSION, Table
from reports.model.types import Schema
from reports.store.doubts import panics_as_errors
from reports.store.durable import flush

# The open tables of an account's lake; empty without a lake.
LakeTables: TypeAlias = Mapping[str, DeltaTable]

PARTITIONS = ("day", "superseded")
# Another one makes every lake be written from the start: keys have changed, which a sync cannot follow.
_FORMAT = "3"
# Delta folds so many commits into one file.
_CHECKPOINT = 20
_PROPERTIES = {"delta.checkpointInterval": str(_CHECKPOINT), "delta.logRetentionDuration": "interval 1 hours"}
_ROWS_IN_A_GROUP = 32_768


class UnreadableCopyError(Exception):
    """A file of the lake cannot be read, or is not a file of its table."""


@dataclass(frozen=True)
class Partition:
    """The partition of a file: its day, and whether its rows are superseded."""

    day: date | None
    superseded: bool

    @property
    def values(self) -> dict[str, str | None]:
        """The partition as Delta writes it."""
        return {"day": self.day.isoformat() if self.day else None, "superseded": str(self.superseded).lower()}

    @property
    def folder(self) -> str:
        """The folder of the partition, by the usual convention."""
        return "/".join(f"{name}={value or '__HIVE_DEFAULT_PARTITION__'}" for name, value in self.values.items())


@dataclass(frozen=True)
class LakeFile:
    """One file of a table in the lake."""

    path: str
    size: int
    partition: Partition


@dataclass(frozen=True, eq=False)
class LakeTable:
    """One table of the lake as it was when it was opened, as a copy of one ledger."""

    name: str
    delta: DeltaTable
    ledger: str

    @property
    def watermark_name(self) -> str:
        """The name of the watermark: ledger, table, and the columns of this version of calltally."""
        columns = [f"{column}:{kind}" for column, kind in stored(self.table).items()]
        identity = [_FORMAT, self.ledger, str(self.delta.metadata().id), self.name, *self.table.order, *columns]
        return sha256("\n".join(identity).encode()).hexdigest()[:32]

    @cached_property
    def watermark(self) -> int:
        """The copy may lack rows that changed in this transaction or later; 0 when it has no rows of this ledger."""
        try:
            with panics_as_errors():
                return self.delta.transaction_version(self.watermark_name) or 0
        except Exception:  # noqa: BLE001  it was deleted or broken in the meantime
            return 0

    @property
    def address(self) -> str:
        """The address of the table, as the lake has it."""
        return unquote(self._place("")).rstrip("/")

    @property
    def table(self) -> Table:
        """The table of the ledger that this one copies."""
        return TABLES[self.name]

    def scan(self) -> pl.LazyFrame:
        """All versions of the copied rows, with the columns of the files."""
        return pl.scan_delta(self.delta)

    def files(self) -> list[LakeFile]:
        """The files of the table."""
        added = pl.DataFrame(self.delta.get_add_actions(flatten=True))
        columns = ("path", "size_bytes", "partition.day", "partition.superseded")
        return [LakeFile(path, size, Partition(day, old)) for path, size, day, old in added.select(columns).iter_rows()]

    def has(self, files: Iterable[LakeFile]) -> bool:
        """Whether these files exist in the size that they were written in; always true in an object store."""
        if "://" in self._place(""):
            return True
        try:
            # Every report looks at every file: paths would cost more than the looking.
            return all(os.stat(self._place(file.path)).st_size == file.size for file in files)  # noqa: PTH116
        except OSError:
            return False

    @property
    def is_intact(self) -> bool:
        """Whether all files of the table are there. It looks at their sizes, and opens none."""
        try:
            with panics_as_errors():
                return self.has(self.files())
        except Exception:  # noqa: BLE001  whatever a broken log raises, the table is not intact
            return False

    def has_readable(self, files: Iterable[LakeFile], *, wholly: bool) -> bool:
        """Whether these files open as files of this table. wholly: also read every row of them."""
        try:
            with panics_as_errors():
                for file in files:
                    place = self._place(file.path)
                    if pl.read_parquet_schema(place) != stored(self.table):
                        return False
                    if wholly:
                        self.read([file])
        except Exception:  # noqa: BLE001  whatever it is, the file is not readable
            return False
        return True

    def read(self, files: Iterable[LakeFile]) -> pl.DataFrame:
        """The rows of some files of the table. Raises UnreadableCopyError."""
        places = [self._place(file.path) for file in files]
        schema = stored(self.table)
        if not places:
            return pl.DataFrame(schema=schema)
        try:
            with panics_as_errors():
                return pl.read_parquet(places, hive_partitioning=False).match_to_schema(schema)
        except Exception as error:
            raise UnreadableCopyError(self.delta.table_uri) from error

    def _place(self, path: str) -> str:
        return _place(self.delta.table_uri, path)

    def write(self, partition: Partition, rows: pl.DataFrame) -> AddAction:
        """Write a file; it becomes part of the table when it is committed."""
        path = f"{partition.folder}/{uuid4()}.parquet"
        place = self._place(path)
        ordered = rows.select(*stored(self.table)).sort(self.table.order)
        sizes: list[int] = []
        ordered.lazy().sink_parquet(
            place,
            compression="zstd",
            compression_level=1,
            row_group_size=_ROWS_IN_A_GROUP,
            mkdir=True,
            sync_on_close="all",
            sinked_paths_callback=lambda sunk: sizes.extend(file.num_bytes for file in sunk.paths),
        )
        if "://" not in place:
            # The file is on the disk; now its names in its folders, up to the table.
            for folder in Path(place).parents[: len(Path(path).parents)]:
                flush(folder)
        return AddAction(path, sum(sizes), partition.values, _now_ms(), True, _statistics(ordered, self.table))  # noqa: FBT003

    def commit(self, written: Sequence[AddAction], replaced: Iterable[LakeFile], watermark: int) -> None:
        """Replace files by others and set the watermark, all at once.

        Raises CommitFailedError when another process committed in the meantime.
        """
        removals = [RemoveAction(file.path, True, _now_ms(), file.size, file.partition.values) for file in replaced]  # noqa: FBT003
        self.delta.create_write_transaction(
            [*written, *removals],
            "append",
            self.delta.schema(),
            list(PARTITIONS),
            commit_properties=CommitProperties(
                app_transactions=[Transaction(self.watermark_name, watermark)], max_commit_retries=0
            ),
            post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=True),
        )
        if "://" not in self._place(""):
            log = Path(self.address) / "_delta_log"
            for path in [*log.iterdir(), log]:
                flush(path)

    def clear(self, hours: int) -> int:
        """Delete the files that left the table so many hours ago; returns how many."""
        deleted = self.delta.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True)
        return len(deleted)


@dataclass(frozen=True)
class Lake:
    """The root of the lake: a folder, or the address of an object store with its access in AWS_ variables.

    cache: a folder for what this machine makes of the lake; without one, nothing is made.
    """

    root: str
    cache: Path | None = None

    def address(self, account_id: int, name: str) -> str:
        """The address of one table of an account."""
        return f"{self.root.rstrip('/')}/{account_id}/{name}"

    def open(self, account_id: int, name: str) -> DeltaTable | None:
        """A table as it is now; None when there is no readable table."""
        try:
            with panics_as_errors():
                return DeltaTable(self.address(account_id, name))
        except Exception:  # noqa: BLE001  whatever a broken log raises, there is no copy
            return None

    def make(self, account_id: int, name: str, ledger: str) -> DeltaTable:
        """The table for the copy of a ledger: the existing one, or a new one in place of anything else.

        Raises CommitFailedError when another process did the same at the same time.
        """
        address = self.address(account_id, name)
        try:
            with panics_as_errors():
                return self._make(account_id, name, ledger)
        except CommitFailedError:
            raise
        except Exception:
            if "://" in address:
                raise
            # Its log is broken, or something else is in its place.
            self._remove(Path(address))
            return self._make(account_id, name, ledger)

    def make_again(self, account_id: int, name: str, ledger: str) -> DeltaTable:
        """A new, empty table in place of one that cannot be opened. Raises OSError."""
        address = self.address(account_id, name)
        if "://" not in address:
            self._remove(Path(address))
        return self.make(account_id, name, ledger)

    def _remove(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def _make(self, account_id: int, name: str, ledger: str) -> DeltaTable:
        address, schema = self.address(account_id, name), _delta_schema(TABLES[name])
        if "://" not in address:
            Path(address).mkdir(parents=True, exist_ok=True)
        there = self.open(account_id, name)
        # A replacement has an id of its own, and so watermarks of its own.
        return DeltaTable.create(
            address,
            schema=schema,
            partition_by=list(PARTITIONS),
            mode="ignore" if there is None or _is_for(LakeTable(name, there, ledger), schema) else "overwrite",
            configuration=_PROPERTIES,
            name=name,
        )

    def open_all(self, account_id: int) -> LakeTables:
        """Every existing table of an account."""
        opened = {name: self.open(account_id, name) for name in TABLES}
        return {name: delta for name, delta in opened.items() if delta}


def _is_for(copy: LakeTable, schema: DeltaSchema) -> bool:
    """Whether a table has these columns and is a copy of this ledger, or still empty."""
    return copy.delta.schema().to_json() == schema.to_json() and bool(copy.watermark or not copy.delta.version())


def stored(table: Table) -> Schema:
    """The columns of a table's files: enums are texts that every reader understands, and phone numbers are ids."""
    columns = {**table.columns, **VERSION}
    return {
        f"{name}_id" if name in table.numbers else name: _stored(kind, number=name in table.numbers)
        for name, kind in columns.items()
    }


def day_of(table: Table) -> pl.Expr:
    """The UTC day of a row; null when its time is unknown."""
    return pl.coalesce(pl.col(name).cast(pl.Date) for name in table.at)


def partitions_of(table: Table, rows: pl.DataFrame) -> dict[Partition, pl.DataFrame]:
    """Rows by their partition."""
    placed = rows.with_columns(day=day_of(table), superseded=pl.col("superseded_at").is_not_null())
    groups = placed.partition_by(*PARTITIONS, as_dict=True, include_key=False)
    return {_partition(*key): group for key, group in groups.items()}


def _partition(day: date | None, superseded: bool) -> Partition:  # noqa: FBT001  the key of a group
    return Partition(day, superseded)


def _stored(kind: pl.DataType | type[pl.DataType], *, number: bool) -> pl.DataType | type[pl.DataType]:
    if number:
        return pl.Int64
    return pl.String if isinstance(kind, pl.Enum) else kind


def _delta_schema(table: Table) -> DeltaSchema:
    columns = {**stored(table), "day": pl.Date, "superseded": pl.Boolean}
    empty = pl.DataFrame(schema=columns)
    arrow = cast("Any", empty).to_arrow(compat_level=pl.CompatLevel.oldest())
    return DeltaSchema.from_arrow(arrow.schema)


def _statistics(rows: pl.DataFrame, table: Table) -> str:
    """Statistics that let a reader skip a file."""
    times = [name for name in table.at if name in rows.columns]
    row = rows.select(
        *(pl.col(name).min().alias(f"min {name}") for name in times),
        *(pl.col(name).max().alias(f"max {name}") for name in times),
        *(pl.col(name).null_count().alias(f"null {name}") for name in times),
    ).row(0, named=True)
    known = [name for name in times if row[f"min {name}"] is not None]
    return json.dumps(
        {
            "numRecords": rows.height,
            "minValues": {name: _as_text(row[f"min {name}"]) for name in known},
            "maxValues": {name: _as_text(row[f"max {name}"]) for name in known},
            "nullCount": {name: row[f"null {name}"] for name in times},
        }
    )


def _as_text(value: date | datetime) -> str:
    # Cut to milliseconds, as in Delta; readers allow for the rest.
    return value.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if isinstance(value, datetime) else value.isoformat()


def _place(table_uri: str, path: str) -> str:
    root = table_uri.removeprefix("file://").rstrip("/")
    return f"{root}/{path}"


def _now_ms() -> int:
    return round(time.time() * 1000)


def looked_up(column: str, known: pl.Series, what: pl.Series) -> pl.Expr:
    """The counterpart of each value of a column; raises InvalidOperationError for an unknown value."""
    if known.is_empty():
        # Without rows to look up, Polars would leave the column and its type as they are.
        known, what = (pl.Series([None], dtype=series.dtype) for series in (known, what))
    return pl.col(column).replace_strict(known, what, return_dtype=what.dtype)


def as_ledger_rows(rows: pl.LazyFrame, name: str, columns: Iterable[str], numbers: pl.DataFrame) -> pl.LazyFrame:
    """Columns of copied rows, as in the ledger. numbers: the `id` and `number` of every phone number."""
    table = TABLES[name]
    kinds = {**table.columns, **VERSION}

    def ledger_column(column: str) -> pl.Expr:
        if column in table.numbers:
            return looked_up(f"{column}_id", numbers["id"], numbers["number"]).alias(column)
        return pl.col(column).cast(kinds[column])

    return rows.select(ledger_column(column) for column in columns)
