"""Hooks at the terminal: created, listed, shown and closed; deliveries reprocessed. No secret is ever an argument."""

import asyncio
import inspect
import re

import asyncpg
import pytest
from click.testing import CliRunner

from service.__main__ import commands
from service.commands.hook import create
from service.config import SetupError
from tests.hooks.conftest import SECRET


@pytest.fixture
def run(fresh_ledger: str, monkeypatch: pytest.MonkeyPatch) -> "Run":
    """Runs a command on a ledger of the test's own."""
    for name, value in {
        "DATABASE_URL": fresh_ledger,
        "SECRET_KEY": "k" * 32,
        "PUBLIC_URL": "https://c.example",
    }.items():
        monkeypatch.setenv(f"CALLTALLY_{name}", value)
    return Run()


class Run:
    def __call__(self, *arguments: str, stdin: str = "") -> tuple[str, str]:
        """A command's standard output and standard error."""
        done = CliRunner().invoke(commands, arguments, input=stdin)
        if isinstance(done.exception, SetupError):
            return "", str(done.exception)
        assert done.exit_code == 0, done.output
        return done.stdout, done.stderr


def test_a_hook_is_created_listed_shown_and_closed(run: Run) -> None:
    made = ("hook", "create", "--dialer", "twilio", "--as", "floor", "--campaign", "spring", "--secret-from-stdin")
    url, messages = run(*made, stdin=f"{SECRET}\n")
    assert re.fullmatch(r"https://c\.example/v1/webhooks/twilio/[\w-]{43}\n", url)
    assert url.strip() in messages
    assert SECRET not in messages
    listed, _ = run("hook", "list")
    assert "floor" in listed
    assert "open" in listed
    shown, _ = run("hook", "show", "1")
    assert "https://c.example/v1/webhooks/twilio/TOKEN" in shown
    assert url.strip() not in shown + listed
    assert "Closed hook 1" in run("hook", "revoke", "1")[0]
    assert "closed" in run("hook", "list")[0]


def test_what_an_answered_call_means_is_set_shown_and_changed(run: Run) -> None:
    options = ("--answered-means", "unknown", "--no-match-leads")
    run("hook", "create", "--dialer", "vicidial", "--campaign", "spring", *options)
    assert "An answered call means: unknown" in run("hook", "show", "1")[0]
    changed, _ = run("hook", "change", "1", "--person-after", "45", "--match-leads")
    assert "calltally replay --hook 1" in changed
    assert "An answered call means: person after 45 s" in run("hook", "show", "1")[0]
    listed, _ = run("hook", "list")
    assert "person after 45 s" in listed
    assert "matched" in listed


def test_the_command_prompts_for_a_secret_that_is_not_piped(run: Run) -> None:
    url, messages = run("hook", "create", "--dialer", "twilio", "--campaign", "spring", stdin=f"{SECRET}\n")
    assert url.startswith("https://")
    assert SECRET not in url + messages
    assert "secret" not in inspect.signature(create.callback).parameters  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("create", "--dialer", "nobody", "--campaign", "x"), "calltally does not know the dialer nobody"),
        (("create", "--dialer", "vicidial", "--campaign", "x", "--zone", "Mars"), "zone must be an IANA time zone"),
        (("create", "--dialer", "vicidial", "--campaign", ""), "campaign"),
        (("revoke", "7"), "There is no hook 7"),
        (("change", "7", "--match-leads"), "There is no hook 7"),
        (("change", "7", "--answered-means", "person", "--person-after", "3"), "person_after_seconds"),
        (("show", "7"), "There is no hook 7"),
    ],
)
def test_an_impossible_command_explains_why(arguments: tuple[str, ...], reason: str, run: Run) -> None:
    assert reason in run("hook", *arguments)[1]


def test_replay_reports_how_many_deliveries_it_read_and_how_many_changed(run: Run, fresh_ledger: str) -> None:
    run("hook", "create", "--dialer", "vicidial", "--campaign", "spring")
    assert run("replay")[0] == "Parsed 0 deliveries again: none changed.\n"
    asyncio.run(_deliver(fresh_ledger))
    assert run("replay", "--hook", "1")[0] == "Parsed 1 deliveries again: 1 changed (1 taken).\n"
    assert run("replay")[0] == "Parsed 1 deliveries again: none changed.\n"


async def _deliver(url: str) -> None:
    """A delivery that could not be parsed before."""
    owner = await asyncpg.connect(url)
    await owner.execute(
        """
        INSERT INTO deliveries
            (account_id, hook, key_sha256, received_at, method, query, headers, body, event, status, calls)
        VALUES (1, 1, 'x', now(), 'GET', $1, '{}', '', '', 'unreadable', '{}')""",
        "event=dispo&call_id=V1&uniqueid=1772461800.1&lead_id=1&epoch=1772461988&dispo=SALE&user=6001",
    )
    await owner.close()
