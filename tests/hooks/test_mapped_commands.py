"""Mapped hooks at the terminal: tried, created, shown, and given another mapping."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.__main__ import commands
from service.config import SetupError

MAPPING = (
    '[proof]\nby = "bearer"\n[attempt]\nexternal_id = "id"\ntalk_seconds = "talk"\ndialer = { constant = "fish" }\n'
)
SECRET = "a token of both"


@pytest.fixture
def run(fresh_ledger: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Run":
    """Runs a command on a ledger of the test's own, with a mapping in calls.toml."""
    for name, value in {"DATABASE_URL": fresh_ledger, "SECRET_KEY": "k" * 32}.items():
        monkeypatch.setenv(f"CALLTALLY_{name}", value)
    monkeypatch.chdir(tmp_path)
    Path("calls.toml").write_text(MAPPING)
    return Run()


class Run:
    def __call__(self, *arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(commands, arguments, input=stdin)

    def complaint(self, *arguments: str) -> str:
        """What a command that cannot be done says."""
        done = self(*arguments)
        assert done.exit_code != 0
        return str(done.exception) if isinstance(done.exception, SetupError) else done.output


CREATE = ("hook", "create", "--dialer", "mapped", "--campaign", "spring")
WITH_MAPPING = (*CREATE, "--mapping", "calls.toml")


def test_a_mapped_hook_is_created_shown_and_given_another_mapping(run: Run) -> None:
    made = run(*WITH_MAPPING, "--secret-from-stdin", stdin=f"{SECRET}\n")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1/webhooks/mapped/[\w-]{43}\n", made.stdout)
    assert "The token that the dialer sends as `Authorization: Bearer TOKEN`." in made.stderr
    assert SECRET not in made.output
    assert "fish" in run("hook", "list").output
    assert "The mapping reads: `id`, `talk`." in run("hook", "show", "1").output
    Path("calls.toml").write_text(MAPPING.replace('"talk"', '"talk_time"'))
    assert "uses the new mapping" in run("hook", "remap", "1", "--mapping", "calls.toml").output
    assert "`talk_time`" in run("hook", "show", "1").output


def test_a_ready_mapping_is_named(run: Run) -> None:
    made = run(*CREATE, "--mapping", "zoom-phone", "--as", "zoom", stdin=f"{SECRET}\n")
    assert made.exit_code == 0
    assert "Zoom App Marketplace" in made.stderr
    assert "zoom" in run("hook", "list").output


@pytest.mark.parametrize("body", ['{"id": "7", "talk": "12.5"}', "body.json", "-"])
def test_a_body_is_tried_as_text_as_a_file_or_piped_and_nothing_is_stored(run: Run, body: str) -> None:
    Path("body.json").write_text('{"id": "7", "talk": "12.5"}')
    tried = run(*WITH_MAPPING, "--try", body, stdin='{"id": "7", "talk": "12.5"}')
    assert (tried.exit_code, "outbound call 7" in tried.output) == (0, True)
    assert re.search(r"talk_seconds +12\.5", tried.output)
    document = run("hook", "try", "--mapping", "calls.toml", "--json", body, stdin='{"id": "7", "talk": "12.5"}').stdout
    assert json.loads(document)["attempts"] == [{"external_id": "7", "talk_seconds": 12.5, "campaign": "default"}]
    assert "There are no hooks yet" in run("hook", "list").output


def test_a_body_with_a_fault_ends_the_command_with_three(run: Run) -> None:
    tried = run("hook", "try", "--mapping", "calls.toml", '{"id": "7", "talk": "long"}')
    assert tried.exit_code == 3
    assert "fault in call 1, talk_seconds: must be a number of seconds (read from talk)" in tried.output


@pytest.mark.parametrize("body", ["hello", "{", '{"id": 7'])
def test_a_body_that_is_no_json_is_called_so(run: Run, body: str) -> None:
    tried = run("hook", "try", "--mapping", "calls.toml", body)
    assert (tried.exit_code, "fault: the body is not JSON" in tried.output) == (3, True)


def test_a_change_keeps_what_an_answer_means_if_it_names_another_setting(run: Run) -> None:
    run(*WITH_MAPPING, "--answered-means", "person", "--secret-from-stdin", stdin=f"{SECRET}\n")
    assert run("hook", "change", "1", "--no-match-leads").exit_code == 0
    assert "An answered call means: person, unless" in run("hook", "show", "1").output
    assert run("replay", "--hook", "1").exit_code == 0


def test_the_zone_of_the_account_counts_unless_another_is_named(run: Run) -> None:
    Path("calls.toml").write_text(MAPPING + 'dialed_at = { column = "at", format = "%Y-%m-%d %H:%M" }\n')
    body = '{"id": "7", "at": "2026-03-02 09:30"}'
    assert "2026-03-02T09:30:00Z" in run("hook", "try", "--mapping", "calls.toml", body).output
    tried = run("hook", "try", "--mapping", "calls.toml", "--zone", "Asia/Kathmandu", body)
    assert "2026-03-02T03:45:00Z" in tried.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (CREATE, "mapping is required for the dialer mapped: TOML, or one of"),
        ((*CREATE, "--mapping", "none.toml"), "none.toml is neither a readable file nor one of: 3cx,"),
        ((*CREATE, "--mapping", "zoom-fone"), "zoom-fone is not a ready mapping; did you mean zoom-phone?"),
        (("hook", "create", "--dialer", "maped", "--campaign", "x"), "did you mean mapped?"),
        (("hook", "create", "--dialer", "kixie", "--campaign", "x"), "must be mapped for this dialer"),
        (
            ("hook", "create", "--dialer", "vicidial", "--campaign", "x", "--mapping", "kixie"),
            "mapping is only for the dialer mapped",
        ),
        (("hook", "create", "--dialer", "vicidial", "--campaign", "x", "--try", "{}"), "--try needs --dialer mapped"),
        (("hook", "try", "{}"), "Missing option '--mapping'"),
        (("hook", "remap", "7", "--mapping", "kixie"), "There is no mapped hook 7"),
        (("hook", "try", "--mapping", "kixie", "nofile.json"), "There is no file nofile.json"),
        (("hook", "try", "--mapping", "kixie", "missing/delivery"), "There is no file missing/delivery"),
        (("hook", "change", "1"), "Nothing to change: name a setting"),
        (("hook", "change", "99", "--no-match-leads"), "There is no hook 99"),
        (("replay", "--hook", "99"), "There is no hook 99"),
    ],
)
def test_an_impossible_command_explains_why(arguments: tuple[str, ...], reason: str, run: Run) -> None:
    assert reason in run.complaint(*arguments)


def test_every_fault_of_a_mapping_is_told(run: Run) -> None:
    Path("calls.toml").write_text('[atempt]\nexternal_id = "id"\n[attempt]\ntalk_secnds = "x"\n')
    complaint = run.complaint(*WITH_MAPPING)
    assert "mapping [atempt] is not a table of a mapping; did you mean attempt?" in complaint
    assert "mapping [attempt] talk_secnds is not a field of an attempt; did you mean talk_seconds?" in complaint


def test_dialers_lists_the_ready_mappings_and_shows_each(run: Run) -> None:
    assert "mapped: zoom-phone" in run("dialers").output
    assert "Secret Token" in run("dialers", "zoom-phone").output
