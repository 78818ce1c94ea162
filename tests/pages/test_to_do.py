"""The to-do list of the overview: every kind of trouble, and what to do about it."""

from datetime import UTC, datetime, timedelta

from tests.api.conftest import caller, new_caller
from tests.conftest import Owner
from tests.hooks.conftest import NewHook, call, client, dispo, new_hook, service
from tests.make import attempt, disposition
from tests.pages.test_overview import text_of
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "new_hook", "service"]


async def test_every_kind_of_trouble_is_said_with_what_to_do_about_it(new_hook: NewHook, owner: Owner) -> None:
    hook = await new_hook("vicidial")
    twilio = await new_hook("twilio", of=hook.caller)
    await hook.get(dispo(event="lunch"))
    await hook.get(dispo(dispo="CALLBK", callback_datetime="2099-01-01 00:00:00"))
    assert (await twilio.form(call(), secret="somebody else's")).status_code == 403
    await hook.caller.post("dispositions", disposition("nobody-told-of-it"))
    await hook.caller.post("attempts", attempt(lead="unheard-of"))
    spoke = datetime.now(UTC) - timedelta(days=7, hours=1)
    times = [(spoke - timedelta(seconds=n)).isoformat() for n in range(12)]
    attempts_then = [attempt(f"then-{n}", dialer="castline", dialed_at=time) for n, time in enumerate(times)]
    await hook.caller.post("attempts", attempts_then)
    await owner.execute(
        "UPDATE attempts SET recorded_at = dialed_at WHERE account_id = $1 AND dialer = 'castline'",
        hook.caller.account_id,
    )
    browser = Browser(hook.caller.client)
    await browser.sign_in(hook.caller.key)
    page = await browser.look("/overview")
    silent = text_of(page, "Dialers that stopped sending")
    assert "castline : no calls in the last 24 hours (12 at this time last week)." in silent
    assert f"Last data: {spoke:%Y-%m-%d %H:%M} UTC" in silent
    hooks = text_of(page, "Problems with dialer deliveries")
    assert f"Hook {hook.id}: 1 delivery of an unknown type (lunch)." in hooks
    assert f"calltally replay --hook {hook.id} --status rejected" in hooks
    assert f"Hook {twilio.id}: 1 delivery refused in the last seven days" in hooks
    assert "Compare the secret of the hook with the one in the dialer" in hooks
    unseen = text_of(page, "Records without details")
    assert "1 call with only a disposition" in unseen
    assert "POST /v1/leads" in unseen
