"""`calltally staffing`: how many agents a queue needs, and what one more agent buys."""

from typing import Any

import click

_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally staffing --calls 100 --per 30m --handle-time 180 --target 80/20\n"
    "  calltally staffing --calls 100 --handle-time 3m --patience 2m --shrinkage 30"
)


@click.command(epilog=_SAMPLES)
@click.option("--calls", metavar="NUMBER", help="Calls that come in during one interval.")
@click.option("--per", metavar="LENGTH", help="Length of the interval, such as 30m or 1h.  [default: 30m]")
@click.option("--handle-time", metavar="TIME", help="Average handle time of a call, such as 180 (seconds) or 3m.")
@click.option(
    "--target", metavar="SHARE/TIME", help="Service level: 80/20 is 80 % within 20 seconds.  [default: 80/20]"
)
@click.option("--patience", metavar="TIME", help="Average time until callers hang up, for Erlang A; none for Erlang C.")
@click.option(
    "--shrinkage", metavar="PERCENT", help="Paid time away from calls: breaks, training, absence.  [default: 0]"
)
@click.option("--max-occupancy", metavar="PERCENT", help="Highest share of time on calls.  [default: 90]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="Output format.",
)
def command(**options: Any) -> None:
    """Show how many agents a queue needs, and what one more buys.

    Give the calls of one interval and their handle time.
    """
    from service.commands.work.staffing import show_staffing

    show_staffing(**options)
