"""Reprocessing: after a parsing fix, the ledger changes where stored deliveries now have another result."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from service.hooks.reprocess import DeliveryFilter, ReprocessResult, reprocess
from service.platform.db import prepare_connection
from service.platform.secret_encryption import SecretCipher
from tests.conftest import Owner
from tests.hooks.conftest import Hooked, NewHook, attempts, call, deliveries, dispo, fields
from tests.ledger import broken_histories, written

NOTHING = ReprocessResult(0)


@pytest.fixture
async def owner(owner: Owner) -> Owner:
    """The owner's connection, prepared as the command prepares it."""
    await prepare_connection(owner)
    return owner


async def run_again(owner: Owner, hooked: Hooked, **chosen: Any) -> ReprocessResult:
    seen: list[tuple[int, int]] = []
    result = await reprocess(
        owner,
        hooked.caller.account_id,
        DeliveryFilter(**chosen),
        lambda: SecretCipher("k" * 32),
        lambda read, whole: seen.append((read, whole)),
    )
    assert not seen or seen[-1] == (result.reprocessed, result.reprocessed)
    return result


def local(call: str = "1", **changes: str) -> str:
    """The end of a call with no time but the server's local clock."""
    usual = fields(dispo(call)) | {"SQLdate": "2026-03-02 09:40:00", "call_id": "V03020930000000012345"} | changes
    return urlencode({name: value for name, value in usual.items() if name not in {"epoch", "uniqueid"}})


async def test_unchanged_results_change_nothing(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("twilio")
    for form in (call(), call(CallDuration="43", SequenceNumber="4"), call("CA2"), {"a": "b"}):
        await hook.form(form)
    before = await written(owner, hook.caller.account_id), await deliveries(owner, hook.caller.account_id)
    assert await run_again(owner, hook) == ReprocessResult(4)
    assert (await written(owner, hook.caller.account_id), await deliveries(owner, hook.caller.account_id)) == before


async def test_a_time_in_the_wrong_zone_is_corrected_and_values_of_other_senders_stay(
    new_hook: NewHook, owner: Owner
) -> None:
    hook = await new_hook("vicidial", zone="Asia/Kolkata")
    await hook.get(local())
    other = local(call_id="V03020935000000012399", lead_id="12399")
    await hook.get(other)
    [wrong, _] = await attempts(owner, hook.caller.account_id)
    observation = {"external_id": wrong["external_id"], "dialer": "vicidial", "campaign": "SPRING", "wrap_seconds": 7}
    await hook.caller.post("attempts", observation | {"dialed_at": "2026-03-02T15:00:00Z", "source": "web"})
    assert (wrong["dialed_at"], wrong["talk_ms"]) == (datetime(2026, 3, 2, 4, 0, tzinfo=UTC), 120_000)

    await owner.execute("UPDATE hooks SET zone = 'America/New_York' WHERE id = $1", hook.id)
    assert await run_again(owner, hook, status="taken") == ReprocessResult(2, {"taken": 2})  # pyright: ignore[reportArgumentType]
    [right, _] = await attempts(owner, hook.caller.account_id)
    assert (right["dialed_at"], right["talk_ms"]) == (datetime(2026, 3, 2, 14, 30, tzinfo=UTC), 120_000)
    assert (right["disposition"], right["source"], right["wrap_ms"]) == ("SALE", "web", 7_000)
    assert right["disposition_set_at"] == datetime(2026, 3, 2, 14, 40, tzinfo=UTC)
    assert await broken_histories(owner, hook.caller.account_id) == []
    assert await run_again(owner, hook) == ReprocessResult(2)


async def test_an_unreadable_delivery_is_accepted_once_it_can_be_parsed(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial")
    await hook.get(dispo("1772461800.1"))
    account = hook.caller.account_id
    for table in ("attempts", "dispositions"):
        await owner.execute(f"DELETE FROM {table} WHERE account_id = $1", account)
    as_it_was = (
        "UPDATE deliveries SET status = 'unreadable', said = NULL, calls = '{}', event = '' WHERE account_id = $1"
    )
    await owner.execute(as_it_was, account)
    await owner.execute("UPDATE hook_counts SET kind = 'unreadable' WHERE kind = 'taken' AND account_id = $1", account)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await run_again(owner, hook, since=tomorrow) == NOTHING
    assert await run_again(owner, hook, status="rejected") == NOTHING
    assert (await run_again(owner, hook, status="unreadable", until=tomorrow)).changed == {"taken": 1}
    assert [row["talk_ms"] for row in await attempts(owner, account)] == [120_000]
    document = await hook.document()
    assert (document["deliveries"]["taken"], document["deliveries"]["unreadable"]) == (1, 0)


@pytest.mark.parametrize("status", ["taken", None])
async def test_deliveries_of_another_hook_stay_unchanged(new_hook: NewHook, owner: Owner, status: str | None) -> None:
    first = await new_hook("vicidial", zone="Asia/Kolkata", code="one")
    second = await new_hook("vicidial", of=first.caller, zone="Asia/Kolkata", code="two")
    await first.get(local())
    await second.get(local())
    await owner.execute("UPDATE hooks SET zone = 'UTC' WHERE account_id = $1", first.caller.account_id)
    assert (await run_again(owner, second, hook=second.id, status=status)).changed == {"taken": 1}
    hours = {row["dialer"]: row["dialed_at"].hour for row in await attempts(owner, first.caller.account_id)}
    assert hours == {"one": 4, "two": 9}
