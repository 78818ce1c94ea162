"""The trail of what people saw and took: entries of the audit log, written before the answer is sent."""

from service.accounts.audit_log import Action, account_of, record
from service.platform.actor import Actor, act_as
from service.platform.db import account_transaction
from service.web.services import RequestContext, Services


async def note(context: RequestContext, action: Action, resource: str, subject: str = "") -> None:
    """Write an entry about what a request shows, before it is sent."""
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id) as connection:
        await record(connection, account_id, action, resource, subject)


async def note_failed_sign_in(services: Services, person: str, client: str | None) -> None:
    """Write an entry into the log of the account that a person or a key with this name belongs to, if there is one.

    It runs after the answer, so that its time says nothing about who has an account.
    """
    account_id = await account_of(services.pool, person)
    if account_id is None:
        return
    act_as(Actor("unknown", person, client))
    async with account_transaction(services.pool, account_id) as connection:
        await record(connection, account_id, "sign_in_failed", "sessions", person)


async def note_numbers(context: RequestContext, resource: str, subject: str = "") -> None:
    """Write an entry about a view of phone numbers, if the access shows them whole."""
    if "phone-numbers" in context.access.scopes:
        await note(context, "see_numbers", resource, subject)
