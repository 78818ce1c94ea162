"""The trail of what people saw and took: entries of the audit log, written before the answer is sent."""

from service.accounts.audit_log import Action, record
from service.platform.db import account_transaction
from service.web.services import RequestContext


async def note(context: RequestContext, action: Action, resource: str, subject: str = "") -> None:
    """Write an entry about what a request shows, before it is sent."""
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id) as connection:
        await record(connection, account_id, action, resource, subject)


async def note_numbers(context: RequestContext, resource: str, subject: str = "") -> None:
    """Write an entry about a view of phone numbers, if the access shows them whole."""
    if "phone-numbers" in context.access.scopes:
        await note(context, "see_numbers", resource, subject)
