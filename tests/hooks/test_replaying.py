"""Deliveries are read anew: after a mistake in reading them the ledger changes where they say otherwise now."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from service.hooks.reprocess import Chosen, Replayed, replay
from service.platform.db import prepare_connection
from service.platform.secret_encryption import SecretCipher
from tests.conftest import Owner
from tests.hooks.conftest import Hooked, NewHook, attempts, call, deliveries, dispo, fields
from tests.ledger import broken_histories, written

NOTHING = Replayed(0)


@pytest.fixture
async def owner(owner: Owner) -> Owner:
    """The owner, as the command connects."""
    await prepare_connection(owner)
    return owner


async def read_anew(owner: Owner, hooked: Hooked, **chosen: Any) -> Replayed:
    seen: list[tuple[int, int]] = []
    done = await replay(
        owner,
        hooked.caller.account_id,
        Chosen(**chosen),
        lambda: SecretCipher("k" * 32),
        lambda read, whole: seen.append((read, whole)),
    )
    assert not seen or seen[-1] == (done.read, done.read)
    return done


def local(call: str = "1", **said: str) -> str:
    """The end of a call, told by a server's clock and by nothing else."""
    usual = fields(dispo(call)) | {"SQLdate": "2026-03-02 09:40:00", "call_id": "V03020930000000012345"} | said
    return urlencode({name: value for name, value in usual.items() if name not in {"epoch", "uniqueid"}})


async def test_what_says_the_same_changes_nothing(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("twilio")
    for form in (call(), call(CallDuration="43", SequenceNumber="4"), call("CA2"), {"a": "b"}):
        await hook.form(form)
    before = await written(owner, hook.caller.account_id), await deliveries(owner, hook.caller.account_id)
    assert await read_anew(owner, hook) == Replayed(4)
    assert (await written(owner, hook.caller.account_id), await deliveries(owner, hook.caller.account_id)) == before


async def test_a_time_that_was_read_in_the_wrong_zone_is_put_right_and_what_others_said_stays(
    new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("vicidial", zone="Asia/Kolkata")
    await hook.get(local())
    other = local(call_id="V03020935000000012399", lead_id="12399")
    await hook.get(other)
    [wrong, _] = await attempts(owner, hook.caller.account_id)
    told = {"external_id": wrong["external_id"], "dialer": "vicidial", "campaign": "SPRING", "wrap_seconds": 7}
    await hook.caller.post("attempts", told | {"dialed_at": "2026-03-02T15:00:00Z", "source": "web"})
    assert (wrong["dialed_at"], wrong["talk_ms"]) == (datetime(2026, 3, 2, 4, 0, tzinfo=UTC), 120_000)

    await owner.execute("UPDATE hooks SET zone = 'America/New_York' WHERE id = $1", hook.id)
    assert await read_anew(owner, hook, status="taken") == Replayed(2, {"taken": 2})  # pyright: ignore[reportArgumentType]
    [right, _] = await attempts(owner, hook.caller.account_id)
    assert (right["dialed_at"], right["talk_ms"]) == (datetime(2026, 3, 2, 14, 30, tzinfo=UTC), 120_000)
    assert (right["disposition"], right["source"], right["wrap_ms"]) == ("SALE", "web", 7_000)
    assert right["disposition_set_at"] == datetime(2026, 3, 2, 14, 40, tzinfo=UTC)
    assert await broken_histories(owner, hook.caller.account_id) == []
    assert await read_anew(owner, hook) == Replayed(2)


async def test_what_could_not_be_read_is_taken_once_it_can_be(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial")
    await hook.get(dispo("1772461800.1"))
    account = hook.caller.account_id
    for table in ("attempts", "dispositions"):
        await owner.execute(f"DELETE FROM {table} WHERE account_id = $1", account)
    as_it_was = (
        "UPDATE deliveries SET status = 'unreadable', said = NULL, calls = '{}', event = '' WHERE account_id = $1"
    )
    await owner.execute(as_it_was, account)
    await owner.execute("UPDATE hook_counts SET kind = 'unreadable' WHERE account_id = $1", account)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await read_anew(owner, hook, since=tomorrow) == NOTHING
    assert await read_anew(owner, hook, status="rejected") == NOTHING
    assert (await read_anew(owner, hook, status="unreadable", until=tomorrow)).became == {"taken": 1}
    assert [row["talk_ms"] for row in await attempts(owner, account)] == [120_000]
    told = await hook.told()
    assert (told["deliveries"]["taken"], told["deliveries"]["unreadable"]) == (1, 0)


@pytest.mark.parametrize("status", ["taken", None])
async def test_another_hooks_deliveries_are_let_alone(new_hook: NewHook, owner: Owner, status: str | None) -> None:
    one = await new_hook("vicidial", zone="Asia/Kolkata", code="one")
    two = await new_hook("vicidial", of=one.caller, zone="Asia/Kolkata", code="two")
    await one.get(local())
    await two.get(local())
    await owner.execute("UPDATE hooks SET zone = 'UTC' WHERE account_id = $1", one.caller.account_id)
    assert (await read_anew(owner, two, hook=two.id, status=status)).became == {"taken": 1}
    begun = {row["dialer"]: row["dialed_at"].hour for row in await attempts(owner, one.caller.account_id)}
    assert begun == {"one": 4, "two": 9}
