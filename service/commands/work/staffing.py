"""How many agents a queue needs, at a terminal or as JSON."""

from typing import Any

import click
from rich.console import Console

from reports.query.parameters import InvalidRequest
from reports.query.staffing.plan import StaffingPlan, plan_own_calls
from reports.render.staffing_document import staffing_json
from reports.render.staffing_lines import staffing_lines


def show_staffing(*, format_: str, **options: Any) -> None:
    """Print the plan. options: its parameters, None for their defaults. Raises UsageError with every fault."""
    parameters = {name: [value] for name, value in options.items() if value is not None}
    try:
        plan = plan_own_calls(parameters)
    except InvalidRequest as error:
        lines = [f"--{fault.parameter.replace('_', '-')} {fault.message}" for fault in error.faults]
        raise click.UsageError("\n".join(lines)) from None
    _print(plan, format_)


def _print(plan: StaffingPlan, format_: str) -> None:
    if format_ == "json":
        click.echo(staffing_json(plan).decode())
    else:
        Console(highlight=False).print(staffing_lines(plan))
