"""Plain participants: an agent's part in a call that needs no form, a whole chunk at a time."""

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from service.ingest.quantities import LONGEST_CALL_SECONDS

# Surely a valid code that is no phone number, and plain inside JSON.
_AGENT = r"^[A-Za-z0-9._@-]{1,200}$"
_TIMES = ("from_at", "to_at")


def conditions(first: datetime, last: datetime) -> Iterator[pl.Expr]:
    """The conditions that a part must meet; rows without an agent have no part.

    first, last: the bounds of its times.
    """
    agent = _part("agent")
    yield agent.is_null() | (agent.str.contains(_AGENT) & (agent.str.count_matches("[0-9]") < 7))
    yield agent.is_null() | pl.all_horizontal(_part(name).is_null() for name in ("state", "role"))
    talk = _part("talk_seconds")
    whole = talk.is_between(0, LONGEST_CALL_SECONDS) & (talk == talk.floor())
    yield agent.is_null() | whole.fill_null(value=True)
    for name in _TIMES:
        moment = _part(name)
        plain = moment.is_between(first, last) & (moment.dt.microsecond() == 0)
        yield agent.is_null() | plain.fill_null(value=True)


def as_json() -> pl.Expr:
    """The part as the ledger stores it, a list of one."""
    agent = pl.concat_str(pl.lit('[{"agent":"'), _part("agent"), pl.lit('","state":"talking"'))
    times = (_member(name, _part(name).dt.strftime('"%Y-%m-%dT%H:%M:%SZ"')) for name in _TIMES)
    talk = _member("talk_seconds", _part("talk_seconds").cast(pl.String))
    return pl.concat_str(agent, *times, talk, pl.lit("}]"))


def _member(name: str, value: pl.Expr) -> pl.Expr:
    """A member of a JSON object, after a comma; nothing without a value."""
    return pl.concat_str(pl.lit(f',"{name}":'), value).fill_null("")


def first_talk() -> pl.Expr:
    """When the agent joined."""
    return pl.when(_part("agent").is_not_null()).then(_part("from_at"))


def agents(fields: pl.DataFrame) -> list[str]:
    """The agents of these parts."""
    return fields["participant.agent"].drop_nulls().unique().to_list() if "participant.agent" in fields.columns else []


def _part(name: str) -> pl.Expr:
    return pl.col(f"participant.{name}")
