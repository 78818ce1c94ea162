"""`calltally dialers`: the supported dialers, and what to paste where."""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from service.dialers import Dialer, dialers

_HEAD = """\
# Your dialer, in its own words

A dialer delivers to a hook: its own address, with a secret part. Create a hook, and the command prints what to paste
where:

```sh
calltally hook create --dialer twilio --campaign spring-renewals
```

An address is a credential: anyone who has it can deliver. `calltally hook list` counts accepted, refused and unreadable
deliveries; `calltally hook revoke` closes a hook. Set the service's public address (`CALLTALLY_PUBLIC_URL`), because
some dialers sign it. Deliveries may arrive twice, late and in any order. Below, `{url}` stands for the hook's address.
`calltally dialers --markdown` generates this page.
"""


@click.command
@click.argument("name", required=False, metavar="[DIALER]")
@click.option("--markdown", is_flag=True, help="Print the setup of all dialers as one page, in Markdown.")
def command(name: str | None, *, markdown: bool) -> None:
    """Show what to paste where in DIALER, or list the dialers that calltally understands."""
    if markdown:
        click.echo("\n".join(_page()), nl=False)
    elif name is None:
        _list(Console())
    elif name not in dialers():
        raise click.UsageError(f"There is no dialer {name}; `calltally dialers` lists them.")
    else:
        Console().print(Markdown(_setup(dialers()[name])))


def _list(console: Console) -> None:
    table = Table("Dialer", "", "Who answered", box=None, padding=(0, 2, 0, 0))
    for dialer in dialers().values():
        table.add_row(dialer.name, dialer.title, dialer.answer_detection)
    console.print(table)


def _page() -> Iterator[str]:
    yield _HEAD
    for dialer in dialers().values():
        yield f"## {dialer.title}\n\n`--dialer {dialer.name}`\n\n{_setup(dialer)}"


def _setup(dialer: Dialer) -> str:
    secret = f"**Secret.** {dialer.secret}" if dialer.secret else "**Secret.** None: the address is the only proof."
    codes = f"\n**Included disposition codes**: {_codes(dialer)}.\n" if dialer.dispositions else ""
    return f"{dialer.setup.strip()}\n\n{secret}\n\n**Who answered.** {dialer.answer_detection}\n{codes}"


def _codes(dialer: Dialer) -> str:
    return ", ".join(f"`{code}`" for code in dialer.dispositions)
