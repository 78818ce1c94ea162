"""Shared secrets and hook addresses appear nowhere in the ledger or the logs."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import pytest

from service.accounts.keys import create_key
from service.accounts.scopes import SCOPES
from service.config import Settings, SetupError
from service.platform.secret_encryption import CannotDecrypt, SecretCipher, cipher_of
from service.platform.system_user import installed_programs
from tests.api.conftest import Caller
from tests.conftest import cloned, make_account
from tests.hooks.conftest import FORM, SECRET, Hooked, call, signature
from tests.serving import serving


async def test_neither_a_dump_of_the_ledger_nor_a_log_holds_a_secret(
    server_url: str, template: str, folder: Path
) -> None:
    async with cloned(server_url, template) as url:
        with serving(folder, DATABASE_URL=url, SECRET_KEY="k" * 32, LOG_LEVEL="debug", WORKERS="1") as service:
            owner = await asyncpg.connect(url)
            account = await make_account(owner)
            key, _ = await create_key(owner, account, name="test", scopes=SCOPES)
            await owner.close()
            async with service.client(key) as client:
                caller = Caller(client, key, account)
                made = await caller.post("hooks", {"dialer": "twilio", "campaign": "spring", "secret": SECRET}, 201)
                assert made["url"].startswith(service.url)
                hook = Hooked(caller, made["id"], made["url"], "twilio")
                path = made["url"].removeprefix(service.url)
                for signed in (True, False):
                    headers = FORM | ({"X-Twilio-Signature": _sign(hook)} if signed else {})
                    answer = await client.post(path, content=_body(), headers=headers)
                    assert answer.status_code == (200 if signed else 401)
                await client.delete(path)
                await client.get(f"{path}/more")
            log = service.logged()
        dump = subprocess.run(
            [installed_programs() / "pg_dump", url], check=True, capture_output=True, text=True
        ).stdout
    token = path.rpartition("/")[2]
    for text in (log, dump):
        assert "webhooks" in log
        for secret in (SECRET, SECRET.encode().hex(), token, token.encode().hex(), "k" * 32):
            assert secret not in text
    assert not re.search("4155550123", log)


def _body() -> str:
    return urlencode(call())


def _sign(hook: Hooked) -> str:
    return signature(hook.url, call(), SECRET)


def test_an_encrypted_secret_opens_only_with_its_key_and_its_context() -> None:
    cipher, encrypted = SecretCipher("k" * 32), SecretCipher("k" * 32).close(SECRET, b"place")
    assert cipher.open(encrypted, b"place") == SECRET
    assert cipher.close(SECRET, b"place") != encrypted
    changed = bytes([encrypted[0] ^ 1]) + encrypted[1:]
    for other, bytes_, place in (
        (SecretCipher("l" * 32), encrypted, b"place"),
        (cipher, encrypted, b"x"),
        (cipher, changed, b"place"),
    ):
        with pytest.raises(CannotDecrypt):
            other.open(bytes_, place)
    with pytest.raises(CannotDecrypt):
        cipher.open(b"", b"place")


def test_an_embedded_ledger_has_its_own_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    encrypted = cipher_of(Settings(home=tmp_path)).close(SECRET, b"")
    [key] = tmp_path.iterdir()
    assert (key.name, oct(key.stat().st_mode & 0o777)) == ("secret.key", "0o600")
    assert SecretCipher(key.read_text()).open(encrypted, b"") == SECRET
    assert os.environ.get("CALLTALLY_SECRET_KEY") is None


def test_an_external_ledger_needs_a_key_in_the_settings() -> None:
    with pytest.raises(SetupError, match="CALLTALLY_SECRET_KEY"):
        cipher_of(Settings(database_url="postgresql://elsewhere/ledger"))
