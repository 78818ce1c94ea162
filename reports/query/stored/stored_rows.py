"""The form of rows in files: codes as category numbers, and ids in place of phone numbers."""

import polars as pl

from reports.model.types import Schema
from reports.store.lake import looked_up

# Columns with few, often repeated values.
_FIRST = ("first_agent", "first_campaign")
_CODES = frozenset(
    (
        "dialer",
        "campaign",
        "agent",
        "source",
        "team",
        "owner",
        "disposition",
        "country",
        "region",
        "lead_source",
        *("kind", "touch_kind", "touch_dialer", "currency"),
        *_FIRST,
    )
)
_NUMBERS = frozenset(("tracking_number", "first_tracking_number"))


def stored_columns(columns: Schema) -> Schema:
    """The columns of files for rows with these columns."""
    return {f"{name}_id" if name in _NUMBERS else name: _stored_kind(name, kind) for name, kind in columns.items()}


def as_stored(rows: pl.LazyFrame, columns: Schema, numbers: pl.DataFrame) -> pl.LazyFrame:
    """Rows as files hold them. numbers: the `id` and `number` of every phone number."""
    ids = [
        looked_up(name, numbers["number"], numbers["id"]).alias(f"{name}_id") for name in columns if name in _NUMBERS
    ]
    kinds = stored_columns(columns)
    return rows.with_columns(ids).select(pl.col(name).cast(kind) for name, kind in kinds.items())


def as_made(stored: pl.LazyFrame, columns: Schema, numbers: pl.DataFrame) -> pl.LazyFrame:
    """Rows of files as they were made."""

    def made(name: str) -> pl.Expr:
        if name in _NUMBERS:
            return looked_up(f"{name}_id", numbers["id"], numbers["number"]).alias(name)
        return pl.col(name).cast(columns[name]) if name in _CODES else pl.col(name)

    return stored.select(made(name) for name in columns)


def id_of(subject: str) -> pl.Expr:
    """Stands for a lead, or another subject. Two can have one id, so rows that are found by id are compared by name."""
    return pl.when(pl.col(subject).is_not_null()).then(pl.col(subject).hash()).alias(f"{subject}_id")


def is_of(names: pl.Series, subject: str = "lead") -> pl.Expr:
    """Whether a row may be of one of these leads, or other subjects, by its id."""
    return pl.col(f"{subject}_id").is_in(names.hash().implode()).fill_null(value=False)


def _stored_kind(name: str, kind: pl.DataType | type[pl.DataType]) -> pl.DataType | type[pl.DataType]:
    if name in _NUMBERS:
        return pl.Int64
    return pl.Categorical() if name in _CODES else kind
