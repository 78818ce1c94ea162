"""README, pages, guide and command help are plain business English, as far as a machine can measure it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service.__main__ import commands
from tests.docs.prose import faults, sentences

ROOT = Path(__file__).parents[2]
# Generated from metric and dialer files, which have their own tests.
GENERATED = {"metrics.md", "dialers.md"}
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in GENERATED),
]

GOOD = """
# Calls

Agents make calls. `calltally report` counts them. See [the page of definitions](docs/metrics.md).

- One item
- Another item: `code`. It costs 2.5 USD

| whose | table |
|---|---|
| a row of a table may hold very many words in its cells | none is a sentence, so the check counts none of them |

```sh
curl whoever  # code may be as long as it needs to be, and contains words that a business writer would not write
```
"""


def test_a_sentence_ends_where_a_reader_would_end_it() -> None:
    assert list(sentences(GOOD)) == [
        "Calls",
        "Agents make calls.",
        "`code` counts them.",
        "See the page of definitions.",
        "One item",
        "Another item: `code`.",
        "It costs 2.5 USD",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ".join(["word"] * 25) + ".", []),
        (" ".join(["word"] * 26) + ".", ["26 words: " + " ".join(["word"] * 26) + "."]),
        ("- " + "a b c; " * 9 + "\n- short", ["27 words: " + ("a b c; " * 9).strip()]),
        ("The agent whose\ncall it was.", ["'whose': ... The agent whose call it was. ..."]),
        ("Tell me what\nis **new**.", ["'what is': ... Tell me what is new. ..."]),
        ("| Somebody | knows |", ["'somebody': ... | Somebody | knows | ..."]),
        ("```\nwhoever\n```\nand `whose`", []),
    ],
)
def test_the_check_finds_what_breaks_a_rule_and_nothing_else(text: str, expected: list[str]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_plain_english(page: Path) -> None:
    assert faults(page.read_text()) == []


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """The help text of a command and of its options, with those of its subcommands."""
    yield name, command.help or ""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f"{name} {parameter.opts[0]}", parameter.help or ""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for sub in command.list_commands(context):
            subcommand = command.get_command(context, sub)
            assert subcommand is not None
            yield from helps(subcommand, f"{name} {sub}")


def without_choices(text: str) -> str:
    """A help text without the list of values that an option may have."""
    return re.sub(r": [\w ]+(, [\w ]+){3,}", "", text)


def test_the_help_of_every_command_and_option_is_plain_english() -> None:
    texts = {name: without_choices(text) for name, text in helps(commands, "calltally")}
    assert len(texts) > 80
    assert {name: wrong for name, text in texts.items() if (wrong := faults(text))} == {}


def test_the_readme_has_its_two_commands_on_the_first_screen() -> None:
    top = "\n".join((ROOT / "README.md").read_text().splitlines()[:39])
    assert "\nmake demo" in top
    assert "\nmake test" in top


def test_the_guide_can_be_read_in_one_sitting() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    rows = [line for line in guide.partition("## Glossary")[2].splitlines() if line.startswith("| ")]
    assert len(guide.splitlines()) <= 150
    assert 10 < len(rows[1:]) <= 30
