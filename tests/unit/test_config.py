"""Settings come from the environment. Their errors name the variable, and no message shows a password."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands.config import command
from service.config import SetupError, default_home, mask_url, read_settings, variable, warn_unknown


def test_everything_has_a_default_that_works() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8321, 2)
    assert settings.database_url is None
    assert settings.home == default_home()


def test_the_environment_is_read_when_settings_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLTALLY_PORT", "9000")
    assert read_settings().port == 9000
    monkeypatch.setenv("CALLTALLY_PORT", "9001")
    assert read_settings().port == 9001


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLTALLY_DATABASE_URL", "")
    assert read_settings().database_url is None


def test_an_option_that_was_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLTALLY_PORT", "9000")
    assert read_settings(port=9100, host=None).port == 9100


def test_a_home_is_one_folder_however_it_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings(home="a/../b").home == (tmp_path / "b").resolve()


def test_a_store_is_a_folder_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings(home="b").cache_root == (tmp_path / "b/cache").resolve()
    assert read_settings(cache="a/../c").cache_root == (tmp_path / "c").resolve()
    with pytest.raises(SetupError, match="CALLTALLY_CACHE: must be a folder of this machine"):
        read_settings(cache="s3://bucket/store")


def test_all_faults_are_told_by_variable_and_without_the_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLTALLY_PORT", "hush")
    monkeypatch.setenv("CALLTALLY_DATABASE_URL", "mysql://root:hush@db/calls")
    with pytest.raises(SetupError) as caught:
        read_settings()
    message = str(caught.value)
    assert "CALLTALLY_PORT" in message
    assert "CALLTALLY_DATABASE_URL: " in message
    assert "postgresql://" in message
    assert "hush" not in message


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://sales:hush@db.example/calls", "postgresql://sales:***@db.example/calls"),
        (
            "postgresql://sales@db.example/calls?password=hush&a=b",
            "postgresql://sales@db.example/calls?password=***&a=b",
        ),
        ("postgresql://:hush@db.example/", "postgresql://:***@db.example/"),
        ("postgresql://sales:h%40ush@db.example:5432/calls", "postgresql://sales:***@db.example:5432/calls"),
        ("postgresql://db.example:5432/calls", "postgresql://db.example:5432/calls"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert mask_url(url) == shown


def test_a_misspelt_variable_is_noticed_with_the_one_meant() -> None:
    names = ["PATH", "CALLTALLY_HOME", "CALLTALLY_DATABSE_URL", "CALLTALLY_ZZZ"]
    assert warn_unknown(names) == [
        "CALLTALLY_DATABSE_URL is not a setting; did you mean CALLTALLY_DATABASE_URL?",
        "CALLTALLY_ZZZ is not a setting; see: calltally config",
    ]


def test_the_command_shows_every_setting_its_source_and_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLTALLY_DATABASE_URL", "postgresql://sales:hush@db.example/calls")
    shown = CliRunner().invoke(command).output
    settings = read_settings()
    assert [line.partition("=")[0] for line in shown.splitlines()] == [
        variable(field) for field in type(settings).model_fields
    ]
    assert "CALLTALLY_DATABASE_URL=postgresql://sales:***@db.example/calls  # environment: " in shown
    assert "hush" not in shown


def test_a_mail_server_has_an_address_and_its_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("mail.example.com", "smtp://", "smtp://a:hush@mail.example.com:http", "smtp://mail.example.com:99999"):
        monkeypatch.setenv("CALLTALLY_SMTP_URL", url)
        with pytest.raises(SetupError) as caught:
            read_settings()
        assert "CALLTALLY_SMTP_URL: must " in str(caught.value)
        assert "hush" not in str(caught.value)
    monkeypatch.setenv("CALLTALLY_SMTP_URL", "smtps://calls:hush@mail.example.com")
    monkeypatch.setenv("CALLTALLY_PUBLIC_URL", "https://calls.example.com/")
    assert read_settings().mail_sender == "calltally@calls.example.com"
    monkeypatch.setenv("CALLTALLY_MAIL_FROM", "Calls <calls@example.com>")
    assert read_settings().mail_sender == "Calls <calls@example.com>"
    output = CliRunner().invoke(command).output
    assert "CALLTALLY_SMTP_URL=smtps://calls:***@mail.example.com " in output
    assert "hush" not in output
    monkeypatch.setenv("CALLTALLY_MAIL_FROM", "Calls")
    with pytest.raises(SetupError, match="CALLTALLY_MAIL_FROM: must be like"):
        read_settings()
