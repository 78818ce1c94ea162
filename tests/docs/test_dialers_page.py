"""The page about dialers is what their files say today."""

from pathlib import Path

from click.testing import CliRunner

from service.commands.dialers import command
from service.dialers import dialers

PAGE = Path(__file__).parents[2] / "docs" / "dialers.md"


def test_the_page_is_written_from_the_code() -> None:
    assert PAGE.read_text() == CliRunner().invoke(command, ["--markdown"]).output, "run `make openapi`"


def test_one_dialer_is_told_at_a_terminal_and_an_unknown_one_named() -> None:
    for name in dialers():
        assert "Secret" in CliRunner().invoke(command, [name]).output
    unknown = CliRunner().invoke(command, ["fax"])
    assert (unknown.exit_code, "There is no dialer fax" in unknown.output) == (2, True)
