"""Every `calltally` command that the documents and the help quote can be given so, and does what it is quoted for."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reports.render.export import FORMATS
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS
from service.__main__ import commands
from service.commands._failures import explain

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"^(?:\.venv/bin/)?calltally [^\n|…]*$", re.MULTILINE)
_INLINE = re.compile(r"`(?:\.venv/bin/)?(calltally [a-z][^`|…]*)`")
# Placeholders of the documents with a value for the check.
_PLACEHOLDERS = {"N": "7"}


def quoted(page: Path) -> list[str]:
    """The command lines of a page, in code blocks and in sentences, without comments."""
    text = page.read_text()
    blocks = "\n".join(_FENCED.findall(text))
    lines = [line.removeprefix(".venv/bin/").partition(" #")[0] for line in _QUOTED.findall(blocks)]
    return [*lines, *(" ".join(line.split()) for line in _INLINE.findall(_FENCED.sub("", text)))]


def examples(group: click.Group) -> Iterator[str]:
    """The command lines at the end of the help of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from re.findall(r"calltally [^\n`]+", command.epilog or "")
        if isinstance(command, click.Group):
            yield from examples(command)


def wrong(line: str) -> str | None:
    """The error of the command line for unknown arguments, else None. A missing file is no error here."""
    arguments = [_PLACEHOLDERS.get(word, word) for word in shlex.split(line)[1:]]
    group: click.Command = commands
    context = click.Context(commands, info_name="calltally")
    try:
        while isinstance(group, click.Group):
            if not arguments:
                return None
            name, subcommand, arguments = group.resolve_command(context, arguments)
            assert subcommand is not None
            group, context = subcommand, click.Context(subcommand, parent=context, info_name=name)
        parameters, rest, _ = group.make_parser(context).parse_args(arguments)
    except click.UsageError as error:
        return error.message
    del parameters
    return f"unexpected: {rest}" if rest else None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("calltally report outbound agents", "unexpected: ['agents']"),
        ("calltally report outbound --compare previous", None),
        ("calltally report outbound --compare month --matured", None),
        ("calltally report outbound --colour", "No such option"),
        ("calltally repot", "No such command"),
        ("calltally report outbound --compare", None),
        ("calltally report outbound --compare previous --benchmarks all --curves all", None),
    ],
)
def test_the_check_finds_an_argument_that_no_command_takes(line: str, complaint: str | None) -> None:
    message = wrong(line)
    assert message is None if complaint is None else complaint in (message or "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_can_be_given_as_they_stand(page: Path) -> None:
    assert {line: message for line in quoted(page) if (message := wrong(line))} == {}


def test_the_examples_in_help_can_be_given_as_they_stand_and_fit_a_terminal() -> None:
    lines = list(examples(commands))
    assert len(lines) > 8
    assert {line: message for line in lines if (message := wrong(line))} == {}
    assert [line for line in lines if len(line) > 76] == []


# Words in capitals stand for values of the reader; these commands run until someone stops them, or need a file.
_PLACEHOLDER = re.compile(r"[A-Z]{2,}|[A-Z]|<.*>")
_ENDLESS = ("serve", "demo", "simulate", "import", "hook try", "openapi")
# These need a record or a file of the reader's own, and say that it is not there; or a sentence names a command only.
_ABSENT = re.compile(
    r"[Tt]here is no (hook|key|lead|account|agent|user)|No such file|neither a readable file|Missing (arg|opt)|no call came"
)


def runnable(line: str) -> bool:
    """Whether a quoted command runs as it stands."""
    words = shlex.split(line)[1:]
    command = " ".join(words)
    return bool(words) and not command.startswith(_ENDLESS) and not any(map(_PLACEHOLDER.fullmatch, words))


def every_line() -> list[str]:
    lines = [*(line for page in PAGES for line in quoted(page)), *examples(commands)]
    return sorted({line for line in lines if runnable(line)})


def test_the_quoted_commands_do_what_they_are_quoted_for(
    ledger_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = every_line()
    assert sum(line.startswith("calltally report") for line in lines) > 8
    environment = {"CALLTALLY_DATABASE_URL": ledger_url, "CALLTALLY_HOME": str(home), "CALLTALLY_SECRET_KEY": "s" * 32}
    failed = dict[str, str]()
    for line in lines:
        done = CliRunner().invoke(commands, shlex.split(line)[1:], env=environment, input="+14155550123\ny\n")
        error = None if isinstance(done.exception, SystemExit) else done.exception
        message = explain(error) if error else None
        if done.exit_code and not _ABSENT.search(message or done.output):
            failed[line] = message or done.output
    assert not failed, "\n".join(f"{line}: {message}" for line, message in failed.items())


@pytest.mark.parametrize(
    "options",
    ["--compare", "--compare previous", "--benchmarks", "--benchmarks all", "--curves all --format json"]
    + [f"--goal {goal}" for goal in GOALS]
    + [f"--model {model}" for model in MODELS]
    + [f"--format {name} --output report.{name}" for name in FORMATS],
)
def test_every_value_of_an_option_is_taken(
    options: str, ledger_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"CALLTALLY_DATABASE_URL": ledger_url, "CALLTALLY_HOME": str(home)}
    done = CliRunner().invoke(commands, ["report", "marketing", *options.split()], env=environment)
    assert done.exit_code == 0, done.output
