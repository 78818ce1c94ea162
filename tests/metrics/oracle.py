"""The oracle: the same request, answered by plain SQL over the same rows.

`_<frame>.sql` resolves the rows of a frame by another route than reports/facts; `<metric>.sql` counts them. A composite
reads the results of its components' oracles, in tables named component_<metric>.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from reports.measures.metric import Metric
from reports.model.lead_attributes import PREFIX, is_attribute
from reports.query.request import ReportRequest
from tests.conftest import Owner

FOLDER = Path(__file__).parent

Group = tuple[Any, ...]
Numbers = dict[str, Any]
# A frame, an anchor, the number of trailing days, and a model.
Kind = tuple[str, str, int, str]

# They are dropped with the transaction, the function because it depends on the table.
_EVERY_CALL = """
    CREATE TEMP TABLE merged_codes ON COMMIT DROP AS SELECT kind, code, merged_into FROM every_code
    WHERE account_id = pg_temp.setting('account')::integer AND merged_into IS NOT NULL
        AND pg_temp.is_valid(recorded_at, superseded_at);
    CREATE TEMP TABLE resolved_calls ON COMMIT DROP AS SELECT * FROM pg_temp.resolve_calls('-infinity', 'infinity');
    CREATE INDEX ON resolved_calls (lead);
    ANALYZE resolved_calls;
    CREATE FUNCTION pg_temp.every_call(from_at timestamptz, to_at timestamptz) RETURNS SETOF resolved_calls
    LANGUAGE sql STABLE AS 'SELECT * FROM pg_temp.resolved_calls WHERE dialed_at >= from_at AND dialed_at < to_at';
"""


class Oracle:
    """Answers one request, metric by metric, inside a transaction that leaves nothing behind."""

    def __init__(self, owner: Owner, account: int, ask: ReportRequest) -> None:
        self.owner, self.account, self.ask = owner, account, ask
        self._loaded: Kind | None = None
        self._tables: dict[Kind, str] = {}
        self._viewed: tuple[Kind, bool] | None = None
        self._components: dict[str, tuple[str, bool]] = {}

    async def consult(self, metric: Metric, *, total: bool = False) -> dict[Group, Numbers]:
        """The oracle's numbers of a metric by group, or of all groups at once."""
        await self._prepare(metric, total=total)
        rows = await self.owner.fetch(_statement(metric))
        return {tuple(orjson.loads(row["grp"])): dict(row) for row in rows}

    async def load(self, metric: Metric, *, total: bool = False) -> None:
        """Make the view `facts`: the rows of a metric's frame, anchor, time and model, with its group; no tests."""
        kind = kind_of(metric)
        if kind != self._loaded:
            self._loaded = kind
            await self._settings(metric)
        if kind not in self._tables:
            self._tables[kind] = f"fact_rows_{len(self._tables)}"
            await self.owner.execute(f"CREATE TEMP TABLE {self._tables[kind]} ON COMMIT DROP AS {self._rows(metric)}")
        if self._viewed != (kind, total):
            self._viewed = (kind, total)
            grp, rows = "no_group" if total else "own_group", self._tables[kind]
            view = f"CREATE TEMP VIEW facts AS SELECT r.*, r.{grp} AS grp FROM {rows} r"
            await self.owner.execute(f"DROP VIEW IF EXISTS facts; {view}")

    async def groups(self, metric: Metric) -> set[Group]:
        """Every group of the rows loaded last; for goals of several kinds, only of the kind that a metric counts."""
        about = f"WHERE kind = '{metric.about}'" if metric.about else ""
        rows = await self.owner.fetch(f"SELECT DISTINCT own_group FROM facts {about}")
        return {tuple(orjson.loads(row["own_group"])) for row in rows}

    async def _prepare(self, metric: Metric, *, total: bool) -> None:
        """The tables that a metric's statement reads."""
        if not metric.components:
            await self.load(metric, total=total)
        for component in metric.components:
            table = f"component_{_file(component)}"
            if self._components.get(table) != (component.name, total):
                self._components[table] = (component.name, total)
                await self._prepare(component, total=total)
                filled = f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {_statement(component)}"
                await self.owner.execute(f"DROP TABLE IF EXISTS {table}; {filled}")

    async def resolve_calls(self) -> None:
        """The merged codes and all resolved calls, once for a request: other queries read them from there."""
        await self._set(self._request_settings())
        await self.owner.execute(_EVERY_CALL)

    async def _settings(self, metric: Metric) -> None:
        start = self.ask.window.start
        if metric.trailing_days:
            start = self.ask.window.end - timedelta(days=metric.trailing_days)
        settings = {"from": start.isoformat(), "anchor": metric.anchor, "model": metric.model or ""}
        await self._set({**self._request_settings(), **settings})

    def _request_settings(self) -> dict[str, str]:
        ask = self.ask
        return {
            "account": str(self.account),
            "to": ask.window.end.isoformat(),
            "as_of": ask.as_of.isoformat() if ask.as_of else "infinity",
            "until": ask.until.isoformat(),
            "zone": ask.window.zone_name,
            "by": ",".join(dimension.name for dimension in ask.by),
            "only": ",".join(ask.filters),
            "account_zone": ask.account_zone.key,
            "goal": ask.goal,
            "currency": ask.currency,
        }

    async def _set(self, settings: dict[str, str]) -> None:
        await self.owner.execute(
            "SELECT set_config('oracle.' || name, value, true) FROM unnest($1::text[], $2::text[]) s (name, value)",
            [*settings],
            [*settings.values()],
        )

    def _rows(self, metric: Metric) -> str:
        rows = (FOLDER / f"_{metric.base_frame.name}.sql").read_text()
        by = ", ".join(_key(dimension.name, metric.anchor) for dimension in self.ask.by)
        tests = ["NOT is_test"]
        for name, values in self.ask.filters.items():
            key = _key(name, metric.anchor)
            listed = orjson.dumps([value for value in values if value]).decode().replace("'", "''")
            missing = f"OR {key} IS NULL" if "" in values else ""
            tests.append(f"(jsonb_exists('{listed}'::jsonb, {key}) {missing})")
        return f"""
            SELECT *, jsonb_build_array({by}) AS own_group, jsonb_build_array() AS no_group
            FROM ({rows}) facts WHERE {" AND ".join(tests)}"""


@asynccontextmanager
async def oracle(owner: Owner, account: int, ask: ReportRequest) -> AsyncGenerator[Oracle]:
    """An oracle for one request."""
    async with owner.transaction():
        await owner.execute((FOLDER / "_common.sql").read_text())
        asks = Oracle(owner, account, ask)
        await asks.resolve_calls()
        yield asks


def kind_of(metric: Metric) -> Kind:
    """Equal for metrics that are counted over the same rows."""
    frame = metric.frame.name if metric.frame else ""
    return (frame, metric.anchor, metric.trailing_days, metric.model or "")


def _file(metric: Metric) -> str:
    return metric.name.removesuffix(f"_{metric.model}") if metric.model else metric.name


def _statement(metric: Metric) -> str:
    return (FOLDER / f"{_file(metric)}.sql").read_text()


def _key(dimension: str, anchor: str) -> str:
    if is_attribute(dimension):
        return f"pg_temp.attribute('{dimension.removeprefix(PREFIX)}', lead::text)"
    times = ("hour", "day", "week", "month", "hour_of_week", "hour_of_day")
    times += ("half_hour_of_day", "quarter_hour_of_day")
    return f"pg_temp.bucket('{dimension}', {anchor})" if dimension in times else f"{dimension}::text"
