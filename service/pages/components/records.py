"""What the pages of one call and of one lead share: the ids in the address, the lead, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response

from reports.model.times import TimeFormError, read_zone
from reports.query.parameters import ParameterParser
from service.errors import Fault, InvalidParameter
from service.pages.components.layout import html_response, render
from service.pages.components.view import PageView, account_zone
from service.platform.db import Connection
from sql import load

_SQL = load("life")


@dataclass(frozen=True)
class RecordRequest:
    """Which call or lead the page shows: its ids, as of when, and on which clock."""

    ids: Mapping[str, str]
    as_of: datetime | None
    zone: ZoneInfo

    @property
    def moment(self) -> datetime:
        """The moment of the versions on the page."""
        return self.as_of or datetime.now(UTC)


async def fetch_lead(connection: Connection, account_id: int, name: str | None, at: datetime) -> dict[str, Any] | None:
    """A lead as it was believed at a moment, if there was one."""
    row = await connection.fetchrow(_SQL["lead"], account_id, name, at) if name is not None else None
    return None if row is None else dict(row)


async def parse_record_request(view: PageView, *names: str) -> RecordRequest:
    """The ids, the moment and the zone in the address. Raises InvalidParameter with all faults."""
    parser = ParameterParser(view.parameters)
    parser.refuse_unknown((*names, "as_of", "tz"))
    ids = {name: parser.single(name) or "" for name in names}
    for name in names:
        if not ids[name]:
            parser.fault(name, "must be given")
    as_of, zone = parser.as_of(datetime.now(UTC)), await account_zone(view.context)
    try:
        zone = read_zone(text) if (text := parser.single("tz")) else zone
    except TimeFormError as error:
        parser.fault("tz", str(error))
    faults = [Fault(fault.parameter, fault.message) for fault in parser.faults]
    if faults or view.page_request.faults:
        raise InvalidParameter(faults=(*faults, *view.page_request.faults))
    return RecordRequest(ids, as_of, zone)


def respond(view: PageView, record: RecordRequest, template: str, **variables: Any) -> Response[str | bytes]:
    """The page of a record."""
    return html_response(
        render(template, session=view.session, page_request=view.page_request, record=record, **variables)
    )
