"""How many agents a queue needs, at a terminal or as JSON."""

from contextlib import nullcontext
from functools import partial
from typing import Any

import click
from rich.console import Console

from reports.query.parameters import Parameters
from reports.query.staffing.forecast import forecast_staffing
from reports.query.staffing.plan import StaffingPlan, plan_own_calls
from reports.render.staffing_document import staffing_json
from reports.render.staffing_lines import staffing_lines
from reports.store.lake import Lake
from service.accounts.admin_connection import find_account, with_ledger
from service.commands.work.report import explain_parameter, report_parameters
from service.config import Settings
from service.errors import InvalidParameter
from service.platform.db import Connection
from service.reporting.snapshots import as_invalid_parameters, open_snapshot


def show_staffing(*, format_: str, account: str, **options: Any) -> None:
    """Print the plan. options: its parameters, None or empty for their defaults. Raises UsageError with every fault."""
    parameters = report_parameters(options)
    try:
        plan = _plan(parameters, account)
    except InvalidParameter as error:
        raise click.UsageError("\n".join(map(explain_parameter, error.faults))) from None
    if format_ == "json":
        click.echo(staffing_json(plan).decode())
    else:
        console = Console(highlight=False)
        console.print(staffing_lines(plan, console.width))


def _plan(parameters: Parameters, account: str) -> StaffingPlan:
    """The plan; calls of one's own need no ledger."""
    if "calls" in parameters:
        with as_invalid_parameters():
            return plan_own_calls(parameters)
    return with_ledger(partial(_forecast, account=account, parameters=parameters))


async def _forecast(
    connection: Connection, settings: Settings, *, account: str, parameters: Parameters
) -> StaffingPlan:
    """The forecast of an account, read in one snapshot through the owner's connection."""
    account_id = await find_account(connection, account)
    lake = Lake(settings.lake_root, settings.cache_root)
    async with open_snapshot(nullcontext(connection), account_id, lake) as snapshot:
        return (await forecast_staffing(snapshot.ledger, snapshot.copies, parameters)).plan
