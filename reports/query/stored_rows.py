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


def lead_id() -> pl.Expr:
    """Stands for a lead. Two leads can have one id, so rows that are found by id are compared by name."""
    return pl.when(pl.col("lead").is_not_null()).then(pl.col("lead").hash()).alias("lead_id")


def is_of(leads: pl.Series) -> pl.Expr:
    """Whether a row may be of one of these leads, by its lead_id."""
    return pl.col("lead_id").is_in(leads.hash().implode()).fill_null(value=False)


def _stored_kind(name: str, kind: pl.DataType | type[pl.DataType]) -> pl.DataType | type[pl.DataType]:
    if name in _NUMBERS:
        return pl.Int64
    return pl.Categorical() if name in _CODES else kind
