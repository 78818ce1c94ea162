"""The supported dialers, and what to paste into each."""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from service.commands.work.what_dialers_tell import overview
from service.config import read_settings
from service.dialers import Dialer, dialers
from service.hooks.dialer_choices import ready_dialer
from service.hooks.hooks import address
from service.mapped.ready_mappings import ready

_HEAD = """\
# Connect your dialer

A dialer delivers its events to a hook: an address with a secret part. In the browser, open Settings, Dialers, and
choose your dialer: the page shows what to paste where, and says at once when the first delivery has arrived. Or use
the command:

```sh
calltally hook create --dialer twilio --campaign spring-renewals
```

The address is a credential: anyone who has it can deliver. `calltally hook list` counts the deliveries that arrived,
that were refused and that could not be read. `calltally hook revoke` closes a hook. Set the public address of the
service (`CALLTALLY_PUBLIC_URL`) first, because some dialers sign it. Deliveries may arrive twice, late or in any order,
and compressed with gzip or deflate. Of each hook the service keeps at most `CALLTALLY_HOOK_BYTES_PER_DAY` of content;
it still stores the calls of later deliveries.

`calltally hook change ID` changes how the calls of a hook are read: what an answered call means if the dialer does not
tell who answered (`--answered-means person`, `unknown` or `person_after`, with `--person-after SECONDS`), and whether a
call that names no lead gets the lead with its number (`--no-match-leads`). Then `calltally replay --hook ID` applies
the change to stored deliveries.

Is your dialer not on this page? [A mapping](mapped-dialers.md) connects any dialer that posts its calls, without code.
For some dialers and CRMs the mapping is [ready](#ready-mappings).

Below, `{url}` stands for the address of the hook. `calltally dialers --markdown` writes this page from the code.
"""
_SECRET = "SECRET"  # noqa: S105  what stands in place of one
_FIRST_STEP = (
    "Create a hook first: `calltally hook create {choice} --campaign CAMPAIGN`. It prints these steps with the address"
    " of the hook. Below, SECRET stands for the secret part of that address."
)
_READY = """\
## Ready mappings

These dialers and CRMs are connected by a mapping that comes with calltally. `calltally hook try --mapping NAME` shows
what a delivery would become. To change a mapping, copy its file, and give the copy to `--mapping`.
"""


def show_dialers(name: str | None, *, markdown: bool) -> None:
    """Print how to connect a dialer, a list of all dialers, or the instructions for all as a page."""
    if markdown:
        click.echo("\n".join(_page()), nl=False)
    elif name is None:
        _list(Console())
    elif name in dialers():
        _show(dialers()[name], f"--dialer {name}")
    elif name in ready():
        _show(ready_dialer(name), f"--dialer mapped --mapping {name}")
    else:
        raise click.UsageError(f"There is no dialer {name}; `calltally dialers` lists them.")


def _show(dialer: Dialer, choice: str) -> None:
    """The instructions for one dialer, with an address like that of its hook."""
    root = read_settings().public_root
    steps = _instructions(dialer).replace("{url}", address(root, dialer.name, _SECRET))
    Console().print(Markdown(f"{_FIRST_STEP.format(choice=choice)}\n\n{steps}"))


def _list(console: Console) -> None:
    table = Table("Dialer", "", "What it reports about who answered", box=None, padding=(0, 2, 0, 0))
    for dialer in dialers().values():
        table.add_row(dialer.name, dialer.title, dialer.answer_detection)
    for name in ready():
        dialer = ready_dialer(name)
        table.add_row(f"mapped: {name}", dialer.title, dialer.answer_detection)
    table.add_row("mapped", "Any other dialer", "As its mapping reads it; see docs/mapped-dialers.md")
    console.print(table)


def _page() -> Iterator[str]:
    yield _HEAD
    yield overview()
    for dialer in dialers().values():
        yield f"## {dialer.title}\n\n`--dialer {dialer.name}`\n\n{_instructions(dialer)}"
    yield _READY
    for name in ready():
        dialer = ready_dialer(name)
        link = f"[`--dialer mapped --mapping {name}`](../service/mapped/ready/{name}.toml)"
        yield f"### {dialer.title}\n\n{link}\n\n{_instructions(dialer)}"


def _instructions(dialer: Dialer) -> str:
    secret = (
        f"**Secret.** {dialer.secret}" if dialer.secret else "**Secret.** None: only the address protects the hook."
    )
    codes = f"\n**Included disposition codes**: {_codes(dialer)}.\n" if dialer.dispositions else ""
    detection = f"**What it reports about who answered.** {dialer.answer_detection}"
    return f"{dialer.setup.strip()}\n\n{secret}\n\n{detection}\n{codes}"


def _codes(dialer: Dialer) -> str:
    return ", ".join(f"`{code}`" for code in dialer.dispositions)
