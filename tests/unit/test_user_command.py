"""People at a terminal: the first owner, invitations, new passwords, and who may sign in no more."""

import os
import re
import subprocess
import sys
from pathlib import Path

from service.accounts.passwords import fault_of_password
from tests.unit.test_commands import Run, calltally, held

__all__ = ["calltally", "held"]


def with_input(home: Path, text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=os.environ | {"CALLTALLY_HOME": str(home)},
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_people_are_created_invited_listed_and_disabled(calltally: Run, home: Path, held: None) -> None:
    assert "There are no users yet" in calltally("user", "list").stdout
    create = ("user", "create", "Ada@Example.com", "--role", "owner", "--name", "Ada Okafor", "--password-stdin")
    weak = with_input(home, "ada okafor 1\n", *create)
    assert (weak.returncode, weak.stderr) == (2, "calltally: password must not be your name or e-mail address\n")
    made = with_input(home, "violet tram 41 north\n", *create)
    assert made.stdout.startswith("Created user ada@example.com with the role owner. Sign in at http://127.0.0.1:8321/")
    again = with_input(home, "violet tram 41 north\n", *create)
    assert (again.returncode, again.stderr) == (2, "calltally: email is already a user of this account\n")
    assert "violet" not in made.stdout + made.stderr + again.stderr

    link = calltally("user", "create", "ada@example.com", "--role", "owner", "--link")
    assert re.fullmatch(r"http://127\.0\.0\.1:8321/sign-in/[\w-]{43}\n", link.stdout)
    invited = calltally("user", "invite", "bo@example.com", "--role", "manager", "--team", "north")
    assert re.fullmatch(r"http://127\.0\.0\.1:8321/invitation/[\w-]{43}\n", invited.stdout)
    assert "works once, within 7 days" in invited.stderr
    assert "/invitation/" in calltally("user", "reset", "bo@example.com").stdout
    assert "/reset/" in calltally("user", "reset", "ada@example.com").stdout

    refused = calltally("user", "disable", "ada@example.com")
    assert (refused.returncode, "the account has no other" in refused.stderr) == (2, True)
    assert "can no longer sign in" in calltally("user", "disable", "bo@example.com").stdout
    listed = calltally("user", "list").stdout
    assert re.search(r"ada@example.com +Ada Okafor +owner +active +never", listed)
    assert re.search(r"bo@example.com +manager +north +disabled 20", listed)
    secret = invited.stdout.rpartition("/")[2].strip()
    assert secret not in listed
    assert "There is no user cy@example.com" in calltally("user", "reset", "cy@example.com").stderr


def test_options_that_cannot_be_are_named(calltally: Run) -> None:
    assert "Missing option '--role'" in calltally("user", "create", "ada@example.com").stderr
    silent = calltally("user", "create", "ada@example.com", "--role", "owner")
    assert "give --password-stdin or --link" in silent.stderr
    both = calltally("user", "create", "ada@example.com", "--role", "owner", "--link", "--password-stdin")
    assert "not both" in both.stderr


def test_a_password_is_long_and_no_one_elses_and_not_ones_own_name() -> None:
    names = ("Ada Lovelace", "countess@example.com")
    faults = {
        "eleven char": "must have at least 12 characters",
        "x" * 201: "must have at most 200 characters",
        "abababababab": "must have at least 5 different characters",
        "password1234": "is too common",
        "Passw0rd2026!": "is too common",
        "qwertyuiop[]": "is too common",
        "123456789012": "is too common",
        "".join(chr(ord(letter) + 0xFEE0) for letter in "PASSWORD1234"): "is too common",  # in full width
        "ada.lovelace": "must not be your name or e-mail address",
        "LovelaceAda26": "must not be your name or e-mail address",
        "countess@example.com": "must not be your name or e-mail address",
        "Countess-2026": "must not be your name or e-mail address",
    }
    for password, message in faults.items():
        assert (fault_of_password(password, names) or "").startswith(message), password
    for password in ("violet tram 41 north", "nine brown desks", "tr0ub4dor&3xyz", "一二三四五六七八九十天地"):
        assert fault_of_password(password, names) is None, password
