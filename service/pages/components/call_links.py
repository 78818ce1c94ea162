"""Links from a row to the page of its call: one you made or one that came in, whichever the row is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from reports.measures.frame import CallKind
from service.platform.db import account_transaction
from service.web.services import RequestContext
from sql import load

Row: TypeAlias = Mapping[str, Any]

_SQL = load("life")


@dataclass(frozen=True)
class KnownCalls:
    """The calls that the account has, by dialer and id: those it made, and those that came in."""

    made: Mapping[tuple[str, str], Row]
    came_in: Mapping[tuple[str, str], Row]

    def find(self, kind: CallKind, dialer: str | None, call: str | None) -> Row | None:
        """The call of a kind, with `outbound` and its `recording`; None if the account does not have it.

        Of either kind, it is the call made, as in reports; but a call is preferred to one that is only mentioned.
        """
        if dialer is None or call is None:
            return None
        made, came_in = self.made.get((dialer, call)), self.came_in.get((dialer, call))
        match kind:
            case "attempt":
                return made
            case "inbound_call":
                return came_in
            case "either":
                return made if made and (made["happened"] or not came_in) else came_in


async def known_calls(context: RequestContext, calls: Iterable[tuple[str | None, str | None]]) -> KnownCalls:
    """Those of some calls, each a dialer and an id, that the account has; an erased recording has no address."""
    listed = [(dialer, call) for dialer, call in calls if dialer is not None and call is not None]
    if not listed:
        return KnownCalls({}, {})
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        fetched = await connection.fetch(_SQL["known_calls"], account, *map(list, zip(*listed, strict=True)))
    rows = [dict(row) for row in fetched]
    made, came_in = (
        {(row["dialer"], row["external_id"]): row for row in rows if row["outbound"] is outbound}
        for outbound in (True, False)
    )
    return KnownCalls(made, came_in)


def call_link(call: Row, **carried: str) -> str:
    """The address of the page of a known call. carried: parameters of the present page that go along."""
    path = "/attempt" if call["outbound"] else "/inbound-call"
    return f"{path}?{urlencode({'dialer': call['dialer'], 'external_id': call['external_id'], **carried})}"


def openable(recording: str | None) -> str | None:
    """The address of a recording, if a browser can open it."""
    return recording if recording and recording.startswith(("https://", "http://")) else None
