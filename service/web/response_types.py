"""The types of all answers. They feed the API document, and tests check every answer against them."""

from datetime import datetime
from types import GenericAlias
from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, Field, create_model
from typing_extensions import TypedDict

from service.ingest.configuration import Assignment, Configured
from service.ingest.fields import Code
from service.ingest.receipts import Status


class FaultDocument(TypedDict):
    """One fault in a request."""

    pointer: Annotated[str, Field(description="The place: a JSON pointer into the item, or the name of a parameter.")]
    message: Annotated[str, Field(description="The fault in words. Values are never repeated.")]


class ProblemDocument(TypedDict):
    """The reason for a refusal (RFC 9457)."""

    type: Annotated[str, Field(description="The kind of problem: the address of a page about it.")]
    title: str
    status: int
    detail: str
    errors: NotRequired[Annotated[list[FaultDocument], Field(description="Every fault with its place.")]]


class SupersededDocument(TypedDict):
    """A field with a sent value that was not stored."""

    field: str
    known_at: Annotated[
        datetime | None,
        Field(
            description="When the stored value was observed; for a start or an end of a call, the stored time itself."
        ),
    ]


class ReceiptDocument(TypedDict):
    """The outcome of one item, sent only after the item is durable."""

    index: Annotated[int, Field(description="Position of the item in the request, counted from 0.")]
    external_id: Annotated[str | None, Field(description="The item's own id, if it could be read.")]
    status: Annotated[
        Status,
        Field(
            description="created: a new item. updated: a known item with new values. unchanged: a known item without"
            " new values. rejected: not stored as data but kept for correction; see the problem."
        ),
    ]
    outranked: NotRequired[
        Annotated[
            list[str],
            Field(description="Fields that keep the ledger's newer value; the sent value was not stored."),
        ]
    ]
    superseded: NotRequired[
        Annotated[list[SupersededDocument], Field(description="The same fields, each with what it lost to.")]
    ]
    problem: NotRequired[ProblemDocument]


class CountsDocument(TypedDict):
    """How many items had each outcome."""

    created: int
    updated: int
    unchanged: int
    rejected: int


class SummaryDocument(CountsDocument):
    """The answer to an array: the counts, then a receipt for every item, in order."""

    receipts: list[ReceiptDocument]


class RejectedItemDocument(TypedDict):
    """A rejected item that waits for a correction."""

    id: int
    resource: str
    item_index: Annotated[int, Field(description="Position of the item in its request.")]
    external_id: str | None
    item: Annotated[
        Any,
        Field(
            description="The item as it was sent: JSON, or text if it is not JSON. Null for keys that may not see phone"
            " numbers, and for items larger than 64 KiB, which are not stored."
        ),
    ]
    item_bytes: Annotated[int, Field(description="The size of the item as it was sent.")]
    problem: ProblemDocument
    request_id: str | None
    recorded_at: datetime
    resubmitted_at: datetime | None


class RejectedItemsDocument(TypedDict):
    """A page of rejected items, oldest first."""

    items: list[RejectedItemDocument]
    next: Annotated[int | None, Field(description="The `after` of the following page; null on the last one.")]


class UnconfirmedDocument(TypedDict):
    """A code that items use and no person has confirmed yet; put it to confirm, map or merge it."""

    kind: Literal["campaigns", "sources", "agents", "disposition-codes"]
    code: str
    attempts: Annotated[int, Field(description="Number of attempts that use the code.")]
    first_seen_at: datetime


class UnseenDocument(TypedDict):
    """Items that the ledger knows only from references in other items."""

    leads: int
    attempts: int
    inbound_calls: int


class HookTroubleDocument(TypedDict):
    """Deliveries that a hook could not use."""

    hook: int
    kind: Annotated[
        Literal["unreadable", "rejected", "unknown", "refused", "without_content"],
        Field(
            description="unreadable, rejected: kept under `/v1/deliveries` and read again after a correction. unknown:"
            " kept too, but calltally does not know the event. refused: not kept, because the proof of origin did not"
            " fit. without_content: the calls are stored, the content is not, because the hook was over its limit of"
            " the day. unknown, refused and without_content cover the last seven days of open hooks."
        ),
    ]
    name: Annotated[str, Field(description="The unknown event, or the reason for the refusal.")]
    count: int


class SilentDialerDocument(TypedDict):
    """A dialer that sends nothing now, but was sending at the same time a week ago."""

    dialer: str
    hours: Annotated[Literal[2, 24], Field(description="The dialer has dialed nothing in this many hours up to now.")]
    attempts_a_week_ago: Annotated[
        int,
        Field(
            description="Attempts dialed in the same hours a week ago, as the ledger had them then. At least ten,"
            " because fewer may be missing by chance."
        ),
    ]
    last_heard_at: Annotated[datetime, Field(description="When the dialer's last known attempt was dialed.")]


class LongTalkDocument(TypedDict):
    """A call with more talk than seems possible; its end may be missing."""

    resource: Literal["attempts", "inbound-calls"]
    dialer: str
    external_id: str
    began_at: datetime | None
    talk_seconds: float
    call_seconds: Annotated[float | None, Field(description="From its start to its end; null without one of both.")]


class RetiredNumberDocument(TypedDict):
    """A tracking number with calls after it was retired."""

    number: str
    name: str | None
    retired_at: datetime
    attempts: Annotated[int, Field(description="Attempts that showed the number after that.")]
    inbound_calls: Annotated[int, Field(description="Inbound calls to the number after that.")]
    last_call_at: datetime


class ToDoDocument(TypedDict):
    """Everything that waits for a person."""

    unconfirmed: list[UnconfirmedDocument]
    rejected_items: int
    unseen: UnseenDocument
    silent_dialers: list[SilentDialerDocument]
    hooks: list[HookTroubleDocument]
    long_talks: Annotated[
        list[LongTalkDocument],
        Field(
            description="Calls of the last seven days with more than two hours of talk, or more than the call lasted;"
            " newest first, at most 100."
        ),
    ]
    retired_numbers: Annotated[
        list[RetiredNumberDocument],
        Field(
            description="Tracking numbers with calls after they were retired, in the last seven days; the numbers with"
            " most calls first, at most 100."
        ),
    ]


class LiveDocument(TypedDict):
    """The answer while the process runs."""

    status: Literal["live"]


class ReadyDocument(TypedDict):
    """The answer while the ledger answers."""

    status: Literal["ready"]


class AssignmentDocument(Assignment):
    """The owner of a tracking number from one moment to another, or until further notice."""


# Fields that the ledger adds to a configured code or number.
_ADDED: dict[str, dict[str, Any]] = {
    "disposition-codes": {"version": (Annotated[int, Field(description="How often the mapping has changed.")], ...)},
    "tracking-numbers": {"assignments": (list[AssignmentDocument], ...)},
}


def stored(configured: Configured) -> type[BaseModel]:
    """The type of a configured code or number in answers."""
    form = configured.form
    fields: dict[str, Any] = {configured.key: (Code, ...), "confirmed": (bool, ...), "recorded_at": (datetime, ...)}
    fields |= _ADDED.get(configured.path, {})
    return create_model(f"{form.__name__}Document", __base__=form, __doc__=form.__doc__, **fields)


class AuthorDocument(TypedDict):
    """Who made a change."""

    prefix: Annotated[
        str | None,
        Field(description="The prefix of the API key, or `user:` and the id of a person; null for a command."),
    ]
    name: Annotated[str | None, Field(description="The name of the key or the person, while there is one.")]


def versions(configured: Configured) -> type[BaseModel]:
    """The versions of a configured code, newest first."""
    name = configured.form.__name__
    about = "Null for a version that came with a call, a lead or a file."
    author: Any = Annotated[AuthorDocument | None, Field(description=about)]
    fields: dict[str, Any] = {"confirmed": (bool, ...), "recorded_at": (datetime, ...), "author": (author, ...)}
    version = create_model(f"{name}Version", __base__=configured.form, __doc__=configured.form.__doc__, **fields)
    listed: dict[str, Any] = {"items": (GenericAlias(list, version), ...)}
    return create_model(f"{name}Versions", __doc__=versions.__doc__, **listed)


def put_receipt(document: type[BaseModel]) -> type[BaseModel]:
    """The type of the answer to a put: the outcome, and the configured code or number."""
    return create_model(f"Put{document.__name__}", __base__=document, __doc__=document.__doc__, status=(Status, ...))


def assignment_receipt(document: type[BaseModel]) -> type[BaseModel]:
    """The type of the answer to an assignment: a put, and what follows it."""
    about = "Who has the number after an assignment with an end, or that nobody does; null without an end."
    fields: dict[str, Any] = {"afterwards": (Annotated[str | None, Field(description=about)], ...)}
    name = f"Assigned{document.__name__}"
    return create_model(name, __base__=put_receipt(document), __doc__=document.__doc__, **fields)


def page(document: type[BaseModel]) -> type[BaseModel]:
    """A page of configured things, in the order of their codes."""
    after = Annotated[str | None, Field(description="The `after` of the following page; null on the last one.")]
    fields: dict[str, Any] = {"items": (GenericAlias(list, document), ...), "next": (after, ...)}
    return create_model(f"{document.__name__.removesuffix('Document')}Page", __doc__=page.__doc__, **fields)
