"""The audit log: who signed in, exported, saw phone numbers, or changed a setting, a key, a user or a role."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from pydantic import Field
from typing_extensions import TypedDict

from service.accounts.audit_log import ACTIONS, RESOURCES, Action, list_entries
from service.errors import Fault, InvalidParameter
from service.platform.db import account_transaction
from service.web.audit_entries import MEDIA_TYPES, MOST_IN_A_FILE, as_file, read_selection
from service.web.parameters import AfterId
from service.web.request_bodies import Limit
from service.web.requests import JSON
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency
from service.web.trail import note

_EDGE: dict[str, Any] = {"anyOf": [{"format": "date"}, {"format": "date-time"}]}

OfAction = Annotated[
    str | None, QueryParameter(description="Only entries with this action.", schema_extra={"enum": [*ACTIONS]})
]
OfResource = Annotated[
    str | None, QueryParameter(description="Only entries about this resource.", schema_extra={"enum": [*RESOURCES]})
]
OfName = Annotated[
    str | None, QueryParameter(description="Only entries by this actor: an e-mail, or the prefix of a key.")
]
From = Annotated[
    str | None, QueryParameter(name="from", description="Start: a date or an RFC 3339 time.", schema_extra=_EDGE)
]
To = Annotated[
    str | None, QueryParameter(name="to", description="End, not included. Default: now.", schema_extra=_EDGE)
]
FormatName = Annotated[
    str | None,
    QueryParameter(
        name="format",
        description="csv or xlsx: the selected entries as a file. Default: json.",
        schema_extra={"enum": ["json", *MEDIA_TYPES]},
    ),
]


class AuditEntryDocument(TypedDict):
    """One entry: who did what, when and from where."""

    id: int
    recorded_at: datetime
    actor: Annotated[Literal["user", "key", "command", "service", "unknown"], Field(description="Kind of actor.")]
    name: Annotated[str | None, Field(description="E-mail of a user, prefix of a key, or system user of a command.")]
    client: Annotated[str | None, Field(description="Network address of the request.")]
    address: Annotated[str | None, Field(description="The request or command, without secrets and phone numbers.")]
    action: Action
    resource: str
    subject: Annotated[str, Field(description="What the entry is about: a code, an id, an e-mail, a report.")]
    changes: Annotated[
        dict[str, list[Any] | None] | None,
        Field(description="For each changed field its value before and after; null in place of a secret."),
    ]


class AuditLogDocument(TypedDict):
    """A page of the audit log, the latest entry first."""

    items: list[AuditEntryDocument]
    next: Annotated[int | None, Field(description="The `after` of the following page; null on the last one.")]


@get(
    "/audit-log",
    operation_id="list_audit_log",
    summary="Read the audit log",
    tags=["audit"],
    opt=RouteOptions(scopes=("admin",), answer=AuditLogDocument, media_types=(JSON, *MEDIA_TYPES.values())).opt,
)
async def list_audit_log(
    context: RequestContextDependency,
    action: OfAction = None,
    resource: OfResource = None,
    name: OfName = None,
    from_at: From = None,
    to_at: To = None,
    format_name: FormatName = None,
    after: AfterId = 0,
    limit: Limit = 100,
) -> Response[Any]:
    """Sign-ins, exports, views of phone numbers, and all changes of settings, keys, users and roles.

    The latest entries come first, in pages. Entries cannot be changed. A file has up to 100,000 entries at once.
    """
    if format_name not in {None, "json", *MEDIA_TYPES}:
        raise InvalidParameter(faults=(Fault("format", f"must be one of json, {', '.join(MEDIA_TYPES)}"),))
    sent = {"action": action, "resource": resource, "name": name, "from": from_at, "to": to_at}
    if empty := [field for field, value in sent.items() if value == "" and field != "name"]:
        raise InvalidParameter(faults=tuple(Fault(field, "must not be empty") for field in empty))
    account = await context.accounts.get(context.access.account_id)
    selection = read_selection(sent, ZoneInfo(account.zone))
    is_file = format_name in MEDIA_TYPES
    most = MOST_IN_A_FILE if is_file else limit
    async with account_transaction(context.pool, account.account_id, readonly=True) as connection:
        entries = await list_entries(connection, account.account_id, selection, after or None, most + 1)
    if not is_file:
        following = entries[limit - 1]["id"] if len(entries) > limit else None
        return Response({"items": entries[:limit], "next": following})
    content = await asyncio.to_thread(as_file, entries[:most], format_name)
    await note(context, "export", "audit-log")
    headers = {"Content-Disposition": f'attachment; filename="calltally-audit-log.{format_name}"'}
    return Response(cast("Any", content), media_type=MEDIA_TYPES[format_name], headers=headers)


HANDLERS: list[HTTPRouteHandler] = [list_audit_log]
