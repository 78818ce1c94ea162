"""`calltally import`: bring a file of any resource into the ledger."""

from pathlib import Path
from typing import Any

import click

from service.importing.language.choices import TARGET_NAMES, shipped

_SAMPLES = (
    "\b\nExamples:\n"
    "  calltally import attempts calls.csv.gz --mapping calls.toml --dry-run\n"
    "  calltally import attempts calls.csv.gz --mapping calls.toml\n"
    "  calltally import attempts Master.csv --mapping asterisk-cdr --zone UTC\n"
    "  calltally import spend costs.xlsx --sheet March --mapping costs.toml\n"
    "  calltally import appointments meetings.csv"
)
_FILE = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)


class _Mapping(click.ParamType[Path]):
    """A mapping file, or the name of an included mapping."""

    name = "FILE|NAME"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if str(value) in shipped():
            return shipped()[str(value)]
        if not Path(value).is_file():
            self.fail(f"{value} is neither a file nor one of: {', '.join(shipped())}", param, ctx)
        return Path(value)


@click.command(epilog=_SAMPLES)
@click.argument("what", type=click.Choice(TARGET_NAMES))
@click.argument("file", type=_FILE)
@click.option(
    "--mapping",
    "mapping_path",
    type=_Mapping(),
    help=f"TOML file that assigns columns to fields, or one of: {', '.join(shipped())}."
    "  [default: columns are named like the fields]",
)
@click.option("--sheet", help="Sheet of a workbook.  [default: the first]")
@click.option("--zone", help="Time zone of times without one, such as Europe/Lisbon.  [default: the mapping's]")
@click.option("--account", default="default", show_default=True, help="Code of the account of the rows.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for rejected rows (.csv or .jsonl).  [default: NAME.rejected.csv beside FILE]",
)
@click.option(
    "--chunk", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="Rows per transaction."
)
@click.option(
    "--observed-at",
    default="file",
    show_default=True,
    metavar="file|now|TIME",
    help="When the file knew its rows: its last change, now, or a time such as 2026-03-01T09:30:00Z. Between two files"
    " that disagree, the newer one counts.",
)
@click.option("--dry-run", is_flag=True, help="Check every row and store none.")
@click.option("--restart", is_flag=True, help="Start at the first row, even if an interrupted import could continue.")
def command(**options: Any) -> None:
    """Import a file: calls, leads, outcomes, appointments, follow-ups, deals, costs, agents' time, tracking numbers.

    FILE is CSV, XLSX, JSON lines or Parquet, or - for standard input; text may be compressed (.gz, .zip). Every row
    passes the same checks as over HTTP. Run an interrupted import again and it continues with the next row. Importing
    a file twice changes nothing.
    Importing a corrected file corrects what it states, and erases nothing.

    The exit code is 0 if every row was accepted and 3 if some were rejected.
    """
    from service.commands.work.import_ import import_rows

    import_rows(**options)
