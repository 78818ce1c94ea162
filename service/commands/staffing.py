"""`calltally staffing`: how many agents a queue needs, and what one more agent buys."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import click

from reports.model.vocabulary import STAFFING_FILTERS

_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally staffing --queue service --target 80/20\n"
    "  calltally staffing --calls 100 --per 30m --handle-time 180 --target 80/20\n"
    "  calltally staffing --calls 100 --handle-time 3m --patience 2m --shrinkage 30"
)


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """Add one filter option per breakdown that narrows the past calls."""

    def add(decorated: Callable[..., None], name: str) -> Callable[..., None]:
        text = f"Only past calls of this {name.replace('_', ' ')}; may be repeated."
        return click.option(f"--{name.replace('_', '-')}", name, multiple=True, metavar="VALUE", help=text)(decorated)

    return reduce(add, reversed(STAFFING_FILTERS), command)


@click.command(epilog=_SAMPLES)
@click.option("--calls", metavar="NUMBER", help="Calls that come in during one interval.  [default: a forecast]")
@click.option("--agents", metavar="NUMBER", help="Agents you have, to see their queue.  [default: those needed]")
@click.option("--per", metavar="LENGTH", help="Length of the interval, such as 30m or 1h.  [default: 30m]")
@click.option(
    "--handle-time",
    metavar="TIME",
    help="Average handle time of a call, such as 180 (seconds) or 3m.  [default: that of past calls]",
)
@click.option(
    "--target",
    metavar="SHARE/TIME",
    help="Service level: 80/20 is 80% within 20 seconds.  [default: your target, else 80/20]",
)
@click.option(
    "--patience",
    metavar="TIME",
    help="Average time until callers hang up, for Erlang A; none for Erlang C.  [default: that of past callers]",
)
@click.option(
    "--shrinkage", metavar="PERCENT", help="Paid time away from calls: breaks, training, absence.  [default: 0]"
)
@click.option(
    "--max-occupancy",
    metavar="PERCENT",
    help="Highest share of time on calls.  [default: your target, else 90]",
)
@click.option("--from", "from_", metavar="WHEN", help="First day or moment of the forecast.  [default: tomorrow]")
@click.option("--to", metavar="WHEN", help="First day or moment after it.  [default: 7 days later]")
@click.option("--weeks", metavar="NUMBER", help="Past weeks of the forecast.  [default: 8]")
@click.option("--tz", metavar="ZONE", help="Time zone of days and hours.  [default: the account's]")
@click.option("--as-of", metavar="TIME", help="Forecast as it was at this moment.")
@_filters
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="Output format.",
)
@click.option("--account", default="default", show_default=True, help="Code of the account.")
def command(**options: Any) -> None:
    """Show how many agents a queue needs, and what one more buys.

    Without --calls, the coming days are forecast from the calls that came in.
    """
    from service.commands.work.staffing import show_staffing

    show_staffing(**options)
