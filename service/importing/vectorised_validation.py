"""Vouching for plain rows of attempts a whole chunk at a time, so that only the others go through the forms.

A row vouched for is one its form would take, and its values are put where the form's observations would put them; a
test holds the two against each other. Whatever is not certain is left to the form: nothing is refused here.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl
from pydantic import ValidationError

from reports.model.times import FIRST_MOMENT
from service.importing.staging import array
from service.importing.targets import TARGETS, Kind, checker
from service.ingest.fields import CLOCK_SKEW, FARTHEST_PLAN
from service.ingest.phone import read_number
from service.ingest.resources import Sender
from sql.facts import ATTEMPTS, DISPOSITIONS, Fact

_ATTEMPT, _DISPOSITION, _ = TARGETS["attempts"].sections
_FIELDS: dict[str, Kind] = {
    **{f"attempt.{name}": kind for name, kind in _ATTEMPT.fields.items()},
    **{f"disposition.{name}": kind for name, kind in _DISPOSITION.fields.items()},
}
_TYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "json": pl.String(),
    "time": pl.Datetime("us", "UTC"),
    "duration": pl.Float64(),
    "flag": pl.Boolean(),
}

# Printable ASCII without spaces around it is surely a code, whatever else may be one.
_CODE = r"^[!-~]([ -~]{0,198}[!-~])?$"
_NUMBER = r"^[!-~]([ -~]{0,62}[!-~])?$"
_TEXT = r"^[ -~]{1,2000}$"

_CODES = ("external_id", "dialer", "campaign", "agent", "lead", "source")
_NUMBERS = ("to_number", "from_number")
_TIMES = ("dialed_at", "answered_at", "agent_joined_at", "ended_at", "observed_at")
_CHOICES = ("network_result", "answered_by", "detector", "handled")
_DURATIONS = ("ring", "talk", "hold", "wrap", "dead")
_LEFT_TO_THE_FORM = [name for name, kind in _ATTEMPT.fields.items() if kind == "json" or "." in name]


def vouch(fields: pl.DataFrame, sender: Sender) -> dict[Fact, pl.DataFrame]:
    """The rows that can be vouched for, as rows of the facts; `place` says which they are."""
    told = _in_milliseconds(_complete(fields))
    surely = told.filter(pl.all_horizontal(_conditions(told, sender)))
    said = _attempts(surely, sender)
    return {ATTEMPTS: said, DISPOSITIONS: _dispositions(surely, said)}


def _complete(fields: pl.DataFrame) -> pl.DataFrame:
    """Every field there is, empty where the mapping does not fill it."""
    empty = [pl.lit(None, _TYPES[kind]).alias(name) for name, kind in _FIELDS.items() if name not in fields.columns]
    return fields.with_columns(empty)


def _in_milliseconds(told: pl.DataFrame) -> pl.DataFrame:
    """Durations as the form takes them: each different value is asked about once."""
    return told.with_columns(_taken(told[f"attempt.{name}_seconds"], f"{name}_seconds") for name in _DURATIONS)


def _taken(values: pl.Series, field: str) -> pl.Series:
    taken: dict[float, int] = {}
    for value in values.unique().drop_nulls():
        try:
            taken[value] = checker(_ATTEMPT.form, field).validate_python(value)
        except ValidationError:
            continue
    if not taken:
        return pl.repeat(None, len(values), dtype=pl.Int64, eager=True).alias(_ms(field))
    return values.replace_strict(taken, default=None, return_dtype=pl.Int64).alias(_ms(field))


def _ms(field: str) -> str:
    return field.replace("_seconds", "_ms")


def _conditions(told: pl.DataFrame, sender: Sender) -> Iterator[pl.Expr]:
    """What has to hold of a row. An empty field says nothing, so nothing is asked of it."""
    for name in ("external_id", "campaign", "dialed_at"):
        yield _said(name).is_not_null()
    for name in (*(_said(name) for name in _CODES), _outcome("code"), _outcome("agent")):
        yield _if_said(name.str.contains(_CODE))
    for name in _NUMBERS:
        yield _if_said(_said(name).str.contains(_NUMBER))
    for name in _TIMES:
        yield _if_said(_said(name).is_between(FIRST_MOMENT, sender.now + CLOCK_SKEW))
    yield _if_said(_outcome("set_at").is_between(FIRST_MOMENT, sender.now + CLOCK_SKEW))
    yield _if_said(_outcome("callback_at").is_between(FIRST_MOMENT, sender.now + FARTHEST_PLAN))
    yield _if_said(_outcome("note").str.contains(_TEXT))
    for name in _CHOICES:
        yield _if_said(_said(name).is_in(_choices(told[f"attempt.{name}"], name)))
    for name in _DURATIONS:
        yield _said(f"{name}_seconds").is_null() | pl.col(f"{name}_ms").is_not_null()
    for name in _LEFT_TO_THE_FORM:
        yield _said(name).is_null()
    yield from _in_order()


def _in_order() -> Iterator[pl.Expr]:
    """What happens in order by the clock does so for the form, which forgives clocks a little."""
    for name in ("answered_at", "agent_joined_at", "ended_at"):
        yield _if_said(_said(name) >= _said("dialed_at"))
    yield _if_said(_said("answered_at") <= _said("ended_at"))
    span = (_said("ended_at") - _said("dialed_at")).dt.total_milliseconds()
    for name in ("ring", "talk", "hold"):
        yield _if_said(pl.col(f"{name}_ms") <= span)


def _choices(values: pl.Series, field: str) -> list[str]:
    return [value for value in values.unique().drop_nulls() if _is_taken(value, field)]


def _is_taken(value: Any, field: str) -> bool:
    try:
        checker(_ATTEMPT.form, field).validate_python(value)
    except ValidationError:
        return False
    return True


def _said(name: str) -> pl.Expr:
    return pl.col(f"attempt.{name}")


def _outcome(name: str) -> pl.Expr:
    return pl.col(f"disposition.{name}")


def _if_said(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(value=True)


def _attempts(told: pl.DataFrame, sender: Sender) -> pl.DataFrame:
    """The rows of attempts, as service.ingest.resources.attempts.observe says them."""
    as_sent = ("external_id", "campaign", "agent", "lead", "network_result", "answered_by", "handled", "test")
    observed = pl.coalesce(_said("observed_at"), pl.max_horizontal(_said(name) for name in _TIMES[:4]))
    has_outcome = _outcome("code").is_not_null()
    called = _numbers(told, "to_number", sender)
    shown = _numbers(told, "from_number", sender)
    return told.select(
        "place",
        _said("dialer").fill_null(sender.dialer).alias("dialer"),
        *(_said(name).alias(name) for name in (*as_sent, *_TIMES[:4])),
        _said("source").alias("said_source"),
        *(called[name] for name in ("to_number", "to_country", "to_region", "to_zones")),
        shown["from_number"],
        *(f"{name}_ms" for name in _DURATIONS),
        pl.when(_said("answered_by").is_not_null()).then(_said("detector")).alias("detector"),
        pl.when(has_outcome)
        .then(pl.coalesce(_outcome("set_at"), _said("ended_at"), observed))
        .alias("disposition_set_at"),
        _outcome("code").alias("disposition"),
        pl.when(has_outcome).then(_outcome("agent")).alias("disposition_agent"),
        pl.when(has_outcome).then(_outcome("callback_at")).alias("callback_at"),
        observed.alias("observed_at"),
    )


def _dispositions(told: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """The rows of dispositions that the rows of attempts carry."""
    return said.select(
        "place",
        "dialer",
        pl.col("external_id").alias("attempt"),
        pl.col("disposition_set_at").alias("set_at"),
        pl.col("disposition").alias("code"),
        pl.col("disposition_agent").alias("agent"),
        "callback_at",
        told["disposition.note"].alias("note"),
        pl.col("disposition_set_at").alias("observed_at"),
    ).filter(pl.col("code").is_not_null())


def _numbers(told: pl.DataFrame, field: str, sender: Sender) -> pl.DataFrame:
    """A column of numbers as the ledger keeps them, row by row: each different one is read once."""
    names = [field, *(f"{field.removesuffix('number')}{part}" for part in ("country", "region", "zones"))]
    campaigns = told["attempt.campaign"].replace_strict(
        list(sender.regions), list(sender.regions.values()), default=sender.region, return_dtype=pl.String
    )
    asked = pl.DataFrame({"text": told[f"attempt.{field}"], "in": campaigns})
    different = asked.drop_nulls("text").unique()
    read = [read_number(text, region) for text, region in different.iter_rows()]
    columns = {name: [number[at] for number in read] for at, name in enumerate(names[:3])}
    columns[names[3]] = [array(number.zones) for number in read]
    answers = different.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns.items())
    return asked.join(answers, on=["text", "in"], how="left", maintain_order="left")
