"""Asking the oracle: the same question put to plain SQL over the same facts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from reports.ask import Ask
from tests.conftest import Owner

FOLDER = Path(__file__).parent

Group = tuple[Any, ...]
Numbers = dict[str, Any]


@asynccontextmanager
async def oracle(owner: Owner, account: int, ask: Ask) -> AsyncGenerator[None]:
    """`told`: the attempts that the question is about, each with its group in `grp`; test calls are out."""
    settings = {
        "account": str(account),
        "from": ask.window.start.isoformat(),
        "to": ask.window.end.isoformat(),
        "as_of": ask.as_of.isoformat() if ask.as_of else "infinity",
        "zone": ask.window.zone_name,
    }
    async with owner.transaction():
        for name, value in settings.items():
            await owner.execute("SELECT set_config($1, $2, true)", f"oracle.{name}", value)
        await owner.execute((FOLDER / "_told.sql").read_text())
        await owner.execute(_view(ask))
        yield
        await owner.execute("DROP TABLE IF EXISTS told")


def _view(ask: Ask) -> str:
    by = ", ".join(f"{dimension.name}::text" for dimension in ask.by)
    tests = ["NOT is_test"]
    for name, codes in ask.filters.items():
        listed = orjson.dumps([code for code in codes if code]).decode().replace("'", "''")
        missing = f"OR {name} IS NULL" if "" in codes else ""
        tests.append(f"(jsonb_exists('{listed}'::jsonb, {name}) {missing})")
    return f"""
        CREATE TEMP TABLE told ON COMMIT DROP AS
        SELECT *, jsonb_build_array({by}) AS grp, jsonb_build_array() AS everything
        FROM pg_temp.told() WHERE {" AND ".join(tests)}"""


async def consult(owner: Owner, metric: str, *, total: bool = False) -> dict[Group, Numbers]:
    """What the oracle says of a metric: numbers by group, or of all groups at once."""
    statement = (FOLDER / f"{metric}.sql").read_text()
    rows = await owner.fetch(statement.replace("grp", "everything") if total else statement)
    return {tuple(orjson.loads(row[0])): dict(row) for row in rows}


async def groups(owner: Owner) -> set[Group]:
    """Every group that has an attempt."""
    rows = await owner.fetch("SELECT DISTINCT grp FROM told")
    return {tuple(orjson.loads(row["grp"])) for row in rows}
