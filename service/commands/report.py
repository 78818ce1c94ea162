"""`calltally report`: reports as tables for people or as files for other programs."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import click

from reports.catalogue.breakdowns import BREAKDOWNS, Breakdown
from reports.catalogue.presets import PRESETS
from reports.model.vocabulary import DEFAULT_MODELS, GOAL_NAMES, MODEL_NAMES
from reports.render.formats import FORMAT_NAMES

_EXAMPLES = {
    "hour": "2026-03-02T09:00:00-05:00",
    "day": "2026-03-02",
    "week": "2026-03-02",
    "month": "2026-03-01",
    "hour_of_week": "Mon 09:00",
    "callee_hour_of_week": "Mon 09:00",
    "hour_of_day": "09:00",
    "half_hour_of_day": "09:30",
    "quarter_hour_of_day": "09:15",
}
_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally report outbound --by agent --compare previous\n"
    "  calltally report outbound --by source --from 2026-03-01 --to 2026-04-01\n"
    "  calltally report calls --by day --agent ada --output ada.xlsx\n"
    "  calltally report --metrics attempts,answer_rate --by campaign --format csv"
)


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """Add one filter option per breakdown."""

    def add(decorated: Callable[..., None], name: str) -> Callable[..., None]:
        option = f"--{name.replace('_', '-')}"
        return click.option(option, name, multiple=True, **_narrowing(BREAKDOWNS[name]))(decorated)

    return reduce(add, reversed(BREAKDOWNS), command)


def _narrowing(breakdown: Breakdown) -> dict[str, Any]:
    named = f": {', '.join(breakdown.values)}" if 0 < len(breakdown.values) < 20 else ""
    example = f", such as {_EXAMPLES[breakdown.name]}" if breakdown.name in _EXAMPLES else ""
    missing = f" An empty value selects: {breakdown.missing}." if breakdown.missing else ""
    text = f"Filter by {breakdown.name.replace('_', ' ')}{example}{named}.{missing}"
    return {"metavar": "CODE" if breakdown.code else "VALUE", "help": text}


@click.command(epilog=_SAMPLES)
@click.argument("preset", required=False, type=click.Choice(list(PRESETS)))
@click.option(
    "--metrics",
    metavar="NAMES",
    help="Metrics of your choice, such as attempts,answer_rate; `calltally metrics` lists them.",
)
@click.option(
    "--by",
    metavar="NAMES",
    help=f"Break the report down by one or more of: {', '.join(BREAKDOWNS)}; or by attribute:NAME.",
)
@click.option(
    "--from", "from_", metavar="WHEN", help="First day or moment of the period.  [default: seven days before --to]"
)
@click.option(
    "--to", metavar="WHEN", help="First day or moment after the period.  [default: today; tomorrow if --from is given]"
)
@click.option(
    "--tz", metavar="ZONE", help="Time zone of days and hours.  [default: the campaign's, else the account's]"
)
@_filters
@click.option(
    "--attribute",
    multiple=True,
    metavar="NAME:VALUE",
    help="Filter by a declared attribute of leads, such as industry:Bank. An empty value selects: unknown.",
)
@click.option("--as-of", metavar="TIME", help="Show the report as it was at this moment.")
@click.option("--goal", type=click.Choice(GOAL_NAMES), help="Goal that counts as a conversion.  [default: sale]")
@click.option(
    "--model",
    metavar="NAMES",
    help="Attribution models of marketing metrics, one or more of:"
    f" {', '.join(MODEL_NAMES)}.  [default: {','.join(DEFAULT_MODELS)}]",
)
@click.option(
    "--currency", metavar="CODE", help="Count only money in this currency, such as EUR.  [default: the account's]"
)
@click.option(
    "--compare",
    is_flag=False,
    flag_value="previous",
    metavar="PERIOD",
    help="Compare with an earlier period at equal age: previous (without a value), week, month, year, or its first"
    " day.",
)
@click.option("--matured", flag_value="yes", help="With --compare: also show the earlier period as it stands now.")
@click.option(
    "--stratify",
    metavar="NAME",
    help="Adjust for the mix of this dimension, such as campaign.  [default: campaign, in reports by source]",
)
@click.option(
    "--benchmarks",
    is_flag=False,
    flag_value="all",
    metavar="[all]",
    help="Compare each number with your targets, your own past and published figures.",
)
@click.option(
    "--curves",
    is_flag=False,
    flag_value="all",
    metavar="[all]",
    help="Add the full curve of each waiting time, in JSON only.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", *FORMAT_NAMES)),
    help="Output format.  [default: by the ending of the file, else table]",
)
@click.option(
    "--statistics", is_flag=True, help="In a table: add to each number its interval, number of cases, rank and change."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file.")
@click.option("--account", default="default", show_default=True, help="Code of the account.")
def command(**options: Any) -> None:
    """Print a report, or write it to a file.

    Choose a named report or your own --metrics. Every filter may be repeated: --agent ada --agent bob.

    WHEN is a date, such as 2026-03-01, or a time with an offset, such as 2026-03-01T09:30:00+01:00.
    """
    from service.commands.work.report import print_report

    print_report(**options)
