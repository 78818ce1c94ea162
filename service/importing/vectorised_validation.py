"""Vectorised validation: plain rows of attempts are validated a whole chunk at a time; only the others need forms.

A row that passes is one its form would accept, with the same values as the form's observations; a test compares both.
Uncertain rows are left to the form: nothing is rejected here.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl
from pydantic import ValidationError

from reports.model.times import FIRST_MOMENT
from service.importing import plain_participants
from service.importing.language.targets import TARGETS, Kind, checker
from service.importing.staging import array
from service.ingest.fields import CLOCK_SKEW, FARTHEST_PLAN
from service.ingest.phone import read_number
from service.ingest.resources import Sender
from sql.facts import ATTEMPTS, DISPOSITIONS, Fact

_ATTEMPT, _DISPOSITION, _PARTICIPANT, *_ = TARGETS["attempts"].sections
_FIELDS: dict[str, Kind] = {
    **{f"attempt.{name}": kind for name, kind in _ATTEMPT.fields.items()},
    **{f"disposition.{name}": kind for name, kind in _DISPOSITION.fields.items()},
    **{f"participant.{name}": kind for name, kind in _PARTICIPANT.fields.items()},
}
_TYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "json": pl.String(),
    "time": pl.Datetime("us", "UTC"),
    "duration": pl.Float64(),
    "flag": pl.Boolean(),
    "amount": pl.String(),
}

# Printable ASCII without surrounding spaces is surely a valid code; other texts may be valid too.
_CODE = r"^[!-~]([ -~]{0,198}[!-~])?$"
_NUMBER = r"^[!-~]([ -~]{0,62}[!-~])?$"
_TEXT = r"^[ -~]{1,2000}$"

_CODES = ("external_id", "dialer", "campaign", "agent", "lead", "contact", "source")
_NUMBERS = ("to_number", "from_number")
_TIMES = ("dialed_at", "answered_at", "agent_joined_at", "ended_at", "rang_at", "observed_at")
_CHOICES = ("network_result", "answered_by", "detector", "handled")
_DURATIONS = ("ring", "talk", "hold", "wrap", "dead", "person_after")
# The ledger may find out a better value of these.
_IMPROVABLE = ("talk", "hold")
_FORM_ONLY_FIELDS = [
    name
    for name, kind in _ATTEMPT.fields.items()
    if kind in {"json", "amount"} or "." in name or name in {"note", "outcomes_at"}
]


def validate_attempts(fields: pl.DataFrame, sender: Sender) -> dict[Fact, pl.DataFrame]:
    """The rows that surely pass their form, as rows of the facts; `place` names the rows."""
    rows = _in_milliseconds(_complete(fields))
    valid = rows.filter(pl.all_horizontal(_conditions(rows, sender)))
    attempts = _attempts(valid, sender)
    return {ATTEMPTS: attempts, DISPOSITIONS: _dispositions(valid, attempts)}


def _complete(fields: pl.DataFrame) -> pl.DataFrame:
    """All fields, empty unless the mapping fills them."""
    empty = [pl.lit(None, _TYPES[kind]).alias(name) for name, kind in _FIELDS.items() if name not in fields.columns]
    return fields.with_columns(empty)


def _in_milliseconds(rows: pl.DataFrame) -> pl.DataFrame:
    """Durations as the form takes them; each different value is validated once."""
    return rows.with_columns(
        _validated_durations(rows[f"attempt.{name}_seconds"], f"{name}_seconds") for name in _DURATIONS
    )


def _validated_durations(values: pl.Series, field: str) -> pl.Series:
    milliseconds: dict[float, int] = {}
    for value in values.unique().drop_nulls():
        try:
            milliseconds[value] = checker(_ATTEMPT.form, field).validate_python(value)
        except ValidationError:
            continue
    if not milliseconds:
        return pl.repeat(None, len(values), dtype=pl.Int64, eager=True).alias(_ms(field))
    return values.replace_strict(milliseconds, default=None, return_dtype=pl.Int64).alias(_ms(field))


def _ms(field: str) -> str:
    return field.replace("_seconds", "_ms")


def _conditions(rows: pl.DataFrame, sender: Sender) -> Iterator[pl.Expr]:
    """The conditions that a row must meet. An empty field meets every condition."""
    for name in ("external_id", "campaign", "dialed_at"):
        yield _attempt(name).is_not_null()
    for name in (*(_attempt(name) for name in _CODES), _disposition("code"), _disposition("agent")):
        yield _if_present(name.str.contains(_CODE))
    # A number among the agents is no agent; the form knows which are numbers.
    for agent in (_attempt("agent"), _disposition("agent")):
        yield _if_present(agent.str.count_matches("[0-9]") < 7)
    for name in _NUMBERS:
        yield _if_present(_attempt(name).str.contains(_NUMBER))
    for name in _TIMES:
        yield _if_present(_attempt(name).is_between(FIRST_MOMENT, sender.now + CLOCK_SKEW))
    yield _if_present(_disposition("set_at").is_between(FIRST_MOMENT, sender.now + CLOCK_SKEW))
    yield _if_present(_disposition("callback_at").is_between(FIRST_MOMENT, sender.now + FARTHEST_PLAN))
    yield _if_present(_disposition("note").str.contains(_TEXT))
    for name in _CHOICES:
        yield _if_present(_attempt(name).is_in(_choices(rows[f"attempt.{name}"], name)))
    for name in _DURATIONS:
        yield _attempt(f"{name}_seconds").is_null() | pl.col(f"{name}_ms").is_not_null()
    for name in _FORM_ONLY_FIELDS:
        yield _attempt(name).is_null()
    yield from plain_participants.conditions(FIRST_MOMENT, sender.now + CLOCK_SKEW)
    yield from _in_order()


def _in_order() -> Iterator[pl.Expr]:
    """Times in order also pass the form, which tolerates small clock differences."""
    for name in ("rang_at", "answered_at", "agent_joined_at", "ended_at"):
        yield _if_present(_attempt(name) >= _attempt("dialed_at"))
    yield _if_present(_attempt("answered_at") <= _attempt("ended_at"))
    span = (_attempt("ended_at") - _attempt("dialed_at")).dt.total_milliseconds()
    for name in ("ring", "hold"):
        yield _if_present(pl.col(f"{name}_ms") <= span)


def _choices(values: pl.Series, field: str) -> list[str]:
    return [value for value in values.unique().drop_nulls() if _is_accepted(value, field)]


def _is_accepted(value: Any, field: str) -> bool:
    try:
        checker(_ATTEMPT.form, field).validate_python(value)
    except ValidationError:
        return False
    return True


def _attempt(name: str) -> pl.Expr:
    return pl.col(f"attempt.{name}")


def _disposition(name: str) -> pl.Expr:
    return pl.col(f"disposition.{name}")


def _if_present(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(value=True)


def _attempts(rows: pl.DataFrame, sender: Sender) -> pl.DataFrame:
    """The rows of attempts, equal to those of service.ingest.resources.attempts.observe."""
    as_sent = (
        "external_id",
        "campaign",
        "agent",
        "contact",
        "network_result",
        "answered_by",
        "handled",
        "test",
        "spam",
    )
    happened = pl.max_horizontal(_attempt(name) for name in _TIMES[:4])
    stated = pl.coalesce(_attempt("observed_at"), pl.lit(sender.observed_at, _TYPES["time"]))
    has_outcome = _disposition("code").is_not_null()
    called = _numbers(rows, "to_number", sender)
    shown = _numbers(rows, "from_number", sender)
    return rows.select(
        "place",
        _attempt("dialer").fill_null(sender.dialer).alias("dialer"),
        *(_attempt(name).alias(name) for name in (*as_sent, *_TIMES[:5]) if name != "agent_joined_at"),
        pl.coalesce(_attempt("agent_joined_at"), plain_participants.first_talk()).alias("agent_joined_at"),
        plain_participants.as_json().alias("participants"),
        *(_attempt(name).alias(f"said_{name}") for name in ("lead", "source")),
        _attempt("match_lead").alias("lead_matching"),
        *(called[name] for name in ("to_number", "to_country", "to_region", "to_zones")),
        shown["from_number"].str.replace(";ext=.*$", ""),
        *(f"{name}_ms" for name in _DURATIONS if name not in _IMPROVABLE),
        *(pl.col(f"{name}_ms").alias(f"said_{name}_ms") for name in _IMPROVABLE),
        pl.when(_attempt("answered_by").is_not_null()).then(_attempt("detector")).alias("detector"),
        pl.when(has_outcome)
        .then(pl.coalesce(_disposition("set_at"), _attempt("ended_at"), _attempt("observed_at"), happened))
        .alias("disposition_set_at"),
        _disposition("code").alias("disposition"),
        pl.when(has_outcome).then(_disposition("agent")).alias("disposition_agent"),
        pl.when(has_outcome).then(_disposition("callback_at")).alias("callback_at"),
        pl.when(has_outcome).then(stated).alias("outcomes_received_at"),
        pl.coalesce(stated, happened).alias("observed_at"),
    )


def _dispositions(rows: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """The rows of dispositions that the rows of attempts carry."""
    return attempts.select(
        "place",
        "dialer",
        pl.col("external_id").alias("attempt"),
        pl.col("disposition_set_at").alias("set_at"),
        pl.lit("").alias("listed"),
        pl.col("disposition").alias("code"),
        pl.col("disposition_agent").alias("agent"),
        "callback_at",
        rows["disposition.note"].alias("note"),
        pl.coalesce("outcomes_received_at", "disposition_set_at").alias("observed_at"),
    ).filter(pl.col("code").is_not_null())


def _numbers(rows: pl.DataFrame, field: str, sender: Sender) -> pl.DataFrame:
    """A column of numbers as the ledger stores them, row by row; each different number is read once."""
    names = [field, *(f"{field.removesuffix('number')}{part}" for part in ("country", "region", "zones"))]
    campaigns = rows["attempt.campaign"].replace_strict(
        list(sender.regions), list(sender.regions.values()), default=sender.region, return_dtype=pl.String
    )
    numbers = pl.DataFrame({"text": rows[f"attempt.{field}"], "in": campaigns})
    distinct = numbers.drop_nulls("text").unique()
    read = [read_number(text, region) for text, region in distinct.iter_rows()]
    columns = {name: [number[at] for number in read] for at, name in enumerate(names[:3])}
    columns[names[3]] = [array(number.zones) for number in read]
    answers = distinct.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns.items())
    return numbers.join(answers, on=["text", "in"], how="left", maintain_order="left")
