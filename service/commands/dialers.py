"""`calltally dialers`: which dialers are understood in their own words, and what to paste where."""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from service.dialers import Dialer, dialers

_HEAD = """\
# Your dialer, in its own words

A dialer delivers to a hook: an address of its own, with an unguessable part. Make one, and it says what to paste where:

```sh
calltally hook create --dialer twilio --campaign spring-renewals
```

An address is a credential: whoever has it may deliver. `calltally hook list` shows what arrives, what was refused and
what nobody could read; `calltally hook revoke` closes it. The service must know its own public address
(`CALLTALLY_PUBLIC_URL`), for some dialers sign it. Deliveries may come twice, late and in any order. Below, `{url}`
stands for the hook's address. Written from the code (`calltally dialers --markdown`).
"""


@click.command
@click.argument("name", required=False, metavar="[DIALER]")
@click.option("--markdown", is_flag=True, help="Print what to do for all dialers as one page, in Markdown.")
def command(name: str | None, *, markdown: bool) -> None:
    """Tell what to paste where in DIALER, or list the dialers that calltally understands."""
    if markdown:
        click.echo("\n".join(_page()), nl=False)
    elif name is None:
        _list(Console())
    elif name not in dialers():
        raise click.UsageError(f"There is no dialer {name}; `calltally dialers` lists them.")
    else:
        Console().print(Markdown(_told(dialers()[name])))


def _list(console: Console) -> None:
    table = Table("Dialer", "", "What it tells of who answered", box=None, padding=(0, 2, 0, 0))
    for dialer in dialers().values():
        table.add_row(dialer.name, dialer.title, dialer.tells)
    console.print(table)


def _page() -> Iterator[str]:
    yield _HEAD
    for dialer in dialers().values():
        yield f"## {dialer.title}\n\n`--dialer {dialer.name}`\n\n{_told(dialer)}"


def _told(dialer: Dialer) -> str:
    secret = f"**Secret.** {dialer.secret}" if dialer.secret else "**Secret.** None: the address is all the proof."
    codes = f"\n**Disposition codes** that come with it: {_codes(dialer)}.\n" if dialer.dispositions else ""
    return f"{dialer.setup.strip()}\n\n{secret}\n\n**What it tells of who answered.** {dialer.tells}\n{codes}"


def _codes(dialer: Dialer) -> str:
    return ", ".join(f"`{code}`" for code in dialer.dispositions)
