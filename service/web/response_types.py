"""What is answered, as types: the document of the API is made from them, and tests hold every answer to them."""

from datetime import datetime
from types import GenericAlias
from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, Field, create_model
from typing_extensions import TypedDict

from service.ingest.configuration import Assignment, Configured
from service.ingest.fields import Code
from service.ingest.receipts import Status


class FaultDocument(TypedDict):
    """One thing that is wrong."""

    pointer: Annotated[str, Field(description="Where: a JSON pointer into the item, or the name of a parameter.")]
    message: Annotated[str, Field(description="What, in words for people. Values are never repeated.")]


class ProblemDocument(TypedDict):
    """Why something was refused (RFC 9457)."""

    type: Annotated[str, Field(description="The kind of problem, and where to read about it.")]
    title: str
    status: int
    detail: str
    errors: NotRequired[Annotated[list[FaultDocument], Field(description="Everything that is wrong, place by place.")]]


class ReceiptDocument(TypedDict):
    """What became of one item; told only after it is durable."""

    index: Annotated[int, Field(description="The item's place in the request, counted from 0.")]
    external_id: Annotated[str | None, Field(description="What the item calls itself, as far as that could be read.")]
    status: Annotated[
        Status,
        Field(
            description="created: new. updated: known, and something of it was news. unchanged: all of it was known."
            " rejected: kept aside, see the problem."
        ),
    ]
    outranked: NotRequired[
        Annotated[list[str], Field(description="Fields whose sent value was not kept: a newer one is known.")]
    ]
    problem: NotRequired[ProblemDocument]


class CountsDocument(TypedDict):
    """How many items became what."""

    created: int
    updated: int
    unchanged: int
    rejected: int


class SummaryDocument(CountsDocument):
    """The answer to an array: the counts, then a receipt for every item, in order."""

    receipts: list[ReceiptDocument]


class RejectedItemDocument(TypedDict):
    """An item that could not be taken and waits to be mended."""

    id: int
    resource: str
    item_index: Annotated[int, Field(description="Its place in the request it came in.")]
    external_id: str | None
    item: Annotated[Any, Field(description="As it was sent: JSON, or text where it is not JSON.")]
    problem: ProblemDocument
    request_id: str | None
    recorded_at: datetime
    resubmitted_at: datetime | None


class RejectedItemsDocument(TypedDict):
    """A page of rejected items, the oldest first."""

    items: list[RejectedItemDocument]
    next: Annotated[int | None, Field(description="The `after` of the page that follows; null on the last.")]


class UnconfirmedDocument(TypedDict):
    """A code that was mentioned and that nobody has confirmed yet; put it to confirm, map or merge it."""

    kind: Literal["campaigns", "sources", "agents", "disposition-codes"]
    code: str
    attempts: Annotated[int, Field(description="How many attempts use it.")]
    first_seen_at: datetime


class UnseenDocument(TypedDict):
    """Things known only from what refers to them."""

    leads: int
    attempts: int
    inbound_calls: int


class HookTroubleDocument(TypedDict):
    """What a hook could not do with what was delivered to it."""

    hook: int
    kind: Annotated[
        Literal["unreadable", "rejected", "unknown", "refused"],
        Field(
            description="unreadable, rejected: deliveries that are kept, see `/v1/deliveries`; read anew once mended."
            " unknown: events calltally does not know, kept too. refused: nobody could believe them, not kept."
            " The last two of the last seven days, at open hooks."
        ),
    ]
    name: Annotated[str, Field(description="The kind of event that is unknown, or the reason to refuse.")]
    count: int


class SilentDialerDocument(TypedDict):
    """A dialer that nothing was heard from lately, though it was at the same time a week ago."""

    dialer: str
    hours: Annotated[Literal[2, 24], Field(description="Nothing was dialed in so many hours up to now.")]
    attempts_a_week_ago: Annotated[
        int,
        Field(
            description="How many attempts were known at this time a week ago that had been dialed in as many hours"
            " before; ten at least, as fewer stay away by chance."
        ),
    ]
    last_heard_at: Annotated[datetime, Field(description="When the last attempt was dialed that is known.")]


class ToDoDocument(TypedDict):
    """What waits for a person."""

    unconfirmed: list[UnconfirmedDocument]
    rejected_items: int
    unseen: UnseenDocument
    silent_dialers: list[SilentDialerDocument]
    hooks: list[HookTroubleDocument]


class LiveDocument(TypedDict):
    """The process runs."""

    status: Literal["live"]


class ReadyDocument(TypedDict):
    """The service can do its work."""

    status: Literal["ready"]


class AssignmentDocument(Assignment):
    """Whose a tracking number is, from one moment to another or until further notice."""


# What the ledger adds to what was put.
_ADDED: dict[str, dict[str, Any]] = {
    "disposition-codes": {
        "version": (Annotated[int, Field(description="Counts how often the mapping was changed.")], ...)
    },
    "tracking-numbers": {"assignments": (list[AssignmentDocument], ...)},
}


def stored(configured: Configured) -> type[BaseModel]:
    """A configured thing as it is read."""
    form = configured.form
    fields: dict[str, Any] = {configured.key: (Code, ...), "confirmed": (bool, ...), "recorded_at": (datetime, ...)}
    fields |= _ADDED.get(configured.path, {})
    return create_model(f"{form.__name__}Document", __base__=form, __doc__=form.__doc__, **fields)


def put_receipt(document: type[BaseModel]) -> type[BaseModel]:
    """What putting a configured thing answers: what it did, and the thing."""
    return create_model(f"Put{document.__name__}", __base__=document, __doc__=document.__doc__, status=(Status, ...))


def page(document: type[BaseModel]) -> type[BaseModel]:
    """A page of configured things, in the order of their codes."""
    after = Annotated[str | None, Field(description="The `after` of the page that follows; null on the last.")]
    fields: dict[str, Any] = {"items": (GenericAlias(list, document), ...), "next": (after, ...)}
    return create_model(f"{document.__name__.removesuffix('Document')}Page", __doc__=page.__doc__, **fields)
