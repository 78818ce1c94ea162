"""The output of the demo: progress while the floor is sent, receipts, reports, and what to try next."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from reports.render.terminal_lines import render_lines
from service.config import SetupError
from service.ingest.receipts import STATUSES
from service.sandbox.demo.answers import report_of
from service.sandbox.demo.running import Running
from service.sandbox.live.deliveries import Deliveries
from service.sandbox.live.sender import Sender, Tally, check
from service.sandbox.scenario.plan import ZONE, Plan

T = TypeVar("T")

_PATIENCE_SECONDS = 60.0
# Two weeks of seven full days, and today.
_COMPARED_DAYS = 15
_KINDS = {"campaigns": "campaign", "sources": "source", "agents": "agent", "disposition-codes": "disposition code"}


class Rate(ProgressColumn):
    """How many items a second are answered."""

    def render(self, task: Task) -> Text:
        """The rate of the last moments, or of all once it is over."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


class Presenter:
    """Shows one demo on a console. key: an API key of the running service."""

    def __init__(self, console: Console, running: Running, key: str) -> None:
        self._console = console
        self._running = running
        self._key = key

    def send(self, floor: Deliveries) -> None:
        """Send everything, then show the receipts. Raises SetupError when other items were rejected than planned."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task("Sending over HTTP", total=len(floor))
            tally = self._with_client(lambda client: Sender(client, lambda n: progress.advance(task, n)).send(floor))
        self._console.print("", _receipts(tally), sep="\n")
        planned, rejected = sum(floor.rejects.values()), tally.total("rejected")
        if rejected != planned:
            raise SetupError(f"{rejected} items were rejected, not {planned} as planned: see GET /v1/rejected-items")
        self._say(f"{rejected} rejected, as planned: the floor sends {planned} items that the ledger cannot accept.")

    def show_to_do(self) -> None:
        """Show the codes that dialers use and no manager has configured."""
        unconfirmed = self._get("/v1/to-do")["unconfirmed"]
        named = ", ".join(
            f"{_KINDS[code['kind']]} {code['code']} ({code['attempts']:,} attempts)" for code in unconfirmed
        )
        self._say(f"Used by dialers, not configured: {named}.")

    def show_reports(self, plan: Plan) -> None:
        """Show the outbound report, once for the agents and once for the sources."""
        for by in ("agent", "source"):
            report = report_of(self._get(_report_path(plan, by)))
            self._console.print("", render_lines(report, self._console.width), sep="\n")

    def show_what_to_try(self, plan: Plan, link: str) -> None:
        """Show the link that signs in, the key, and a command to paste."""
        self._console.rule()
        self._say(f"The service answers at {self._running.address} until Ctrl-C. To look around, open this link once:")
        first_day = {} if _has_two_weeks(plan) else {"next": f"/overview?from={plan.dates[0].isoformat()}"}
        self._say(f"  {link}{'?' if first_day else ''}{urlencode(first_day)}")
        self._say("Machines send and read with a key:", f"  {self._key}")
        path = _report_path(plan, "team,campaign")
        self._say(f"  curl -H 'Authorization: Bearer {self._key}' '{self._running.address}{path}&format=csv'")
        self._say(
            f"Its lake, one Delta table per kind of fact, for DuckDB or pandas: {self._running.settings.lake_root}"
        )

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._console.print(line, soft_wrap=True, markup=False)

    def _get(self, path: str) -> Any:
        async def get(client: httpx.AsyncClient) -> Any:
            return check(await client.get(path), path).json()

        return self._with_client(get)

    def _with_client(self, work: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        """Run work with a client. Raises SetupError with the end of the service's log when the service fails."""

        async def work_with_client() -> T:
            async with httpx.AsyncClient(
                base_url=self._running.address,
                headers={"Authorization": f"Bearer {self._key}"},
                timeout=_PATIENCE_SECONDS,
                trust_env=False,
            ) as client:
                return await work(client)

        try:
            return asyncio.run(work_with_client())
        except httpx.HTTPError:
            raise self._running.failure("The service stopped answering.") from None


def _receipts(tally: Tally) -> Table:
    """The receipts of every resource as a table."""
    table = Table("sent", *STATUSES, box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for resource, counts in tally.counts.items():
        table.add_row(resource, *(f"{counts[status]:,}" for status in STATUSES))
    table.add_row("all", *(f"{tally.total(status):,}" for status in STATUSES), style="bold")
    return table


def _report_path(plan: Plan, by: str) -> str:
    """The outbound report: of the last full days against those before, or of a floor too short for that."""
    parameters = {"by": by, **_period(plan), "tz": ZONE}
    return f"/v1/reports/outbound?{urlencode(parameters, safe=',/')}"


def _period(plan: Plan) -> dict[str, str]:
    return {"compare": "previous"} if _has_two_weeks(plan) else {"from": plan.dates[0].isoformat()}


def _has_two_weeks(plan: Plan) -> bool:
    return len(plan.dates) > _COMPARED_DAYS
