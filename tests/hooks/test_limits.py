"""Whoever has the address of a hook cannot fill the disk, cannot invent names without end, and loses no call."""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from tests.api.conftest import running
from tests.conftest import Owner
from tests.hooks.conftest import ROOT, NewHook, attempts, call, deliveries, dispo
from tests.hooks.test_call_settings import change, read_again

MOST = 3_000


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The service with a small limit for the deliveries of a day."""
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32, hook_bytes_per_day=MOST) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


async def test_over_the_limit_calls_are_stored_and_content_is_not(new_hook: NewHook, owner: Owner) -> None:
    hook, other = await new_hook("vicidial"), await new_hook("vicidial")
    for number in range(20):
        await hook.get(dispo(f"1772461800.{number}", call_notes="n" * 500))
    await other.get(dispo())
    account = hook.caller.account_id
    stored = await deliveries(owner, account)
    lengths = [len(row["query"]) for row in stored if row["body"] is not None]
    assert 0 < len(lengths) < 20
    assert sum(lengths) <= MOST
    assert all(row["query"] is None and row["headers"] is None for row in stored if row["body"] is None)
    assert all(row["status"] == "taken" and row["said"] for row in stored)
    assert len(await attempts(owner, account)) == 20
    document = await hook.document()
    assert (document["deliveries"]["taken"], document["without_content"]) == (20, 20 - len(lengths))
    assert (await other.document())["without_content"] == 0
    to_do = (await hook.caller.get("to-do"))["hooks"]
    assert [(item["kind"], item["count"]) for item in to_do] == [("without_content", 20 - len(lengths))]


async def test_a_repetition_over_the_limit_is_known(new_hook: NewHook) -> None:
    hook = await new_hook("vicidial")
    for _ in range(3):
        await hook.get(dispo(call_notes="n" * MOST))
    document = await hook.document()
    assert (document["deliveries"]["taken"], document["deliveries"]["repeated"]) == (1, 2)
    assert document["without_content"] == 1


async def test_parsing_again_keeps_what_only_items_tell_and_applies_settings_to_it(
    new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("vicidial")
    await hook.get(dispo("1772461800.1", talk_time="130", call_notes="n" * MOST))
    await hook.get(dispo("1772461800.1", epoch="1772461700", dispo="NI", talk_time=""))
    bodies = [row["body"] for row in await deliveries(owner, hook.caller.account_id)]
    assert [body is None for body in bodies] == [True, False]
    await change(hook, person_after_seconds=50)
    await read_again(owner, hook)
    [row] = await attempts(owner, hook.caller.account_id)
    assert (row["disposition"], row["said_talk_ms"], row["person_after_ms"]) == ("SALE", 130_000, 50_000)
    await read_again(owner, hook)
    assert await attempts(owner, hook.caller.account_id) == [row]


async def test_a_hook_counts_a_hundred_names_of_events_and_the_rest_together(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial")
    for number in range(130):
        await hook.get(dispo(event=f"made-up-{number}"))
    await hook.get(dispo(event="made-up-7", epoch="1772461999"))
    names = (await hook.document())["unknown_events"]
    assert (len(names), names["other"], names["made-up-7"]) == (101, 30, 2)
    assert sum(names.values()) == 131
    await owner.execute("UPDATE hook_counts SET on_day = on_day - 40 WHERE account_id = $1", hook.caller.account_id)
    await hook.get(dispo(event="made-up-129", epoch="1772461999"))
    assert await owner.fetchval("SELECT count FROM hook_counts WHERE name = 'made-up-129'") == 1


async def test_the_hundred_names_of_a_hook_leave_other_hooks_their_own(new_hook: NewHook) -> None:
    hook = await new_hook("vicidial")
    twilio = await new_hook("twilio", of=hook.caller)
    for number in range(101):
        await hook.get(dispo(event=f"made-up-{number}"))
    assert (await twilio.form(call(), secret="somebody else's")).status_code == 403
    assert list((await twilio.document())["refused"]) == ["wrong proof"]
