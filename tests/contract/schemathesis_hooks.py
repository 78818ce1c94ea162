"""What schemathesis cannot know of our document: its formats, its streams of lines, and how many items are refused."""

import json
from datetime import UTC, datetime
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, DeserializationContext, Response, SerializationContext
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

from reports.model.times import zone_names

# The most items of an array in the document that is played; the service takes more.
MOST_ITEMS = 20
LINES = "application/x-ndjson"

_moments = st.datetimes(datetime(1970, 1, 2), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
schemathesis.openapi.format("date-time", _moments.map(datetime.isoformat))
schemathesis.openapi.format("time-zone", st.sampled_from(sorted(zone_names())))


@schemathesis.serializer(LINES)
def send_lines(context: SerializationContext, value: Any) -> bytes:
    return "\n".join(json.dumps(line) for line in (value if isinstance(value, list) else [value])).encode()


@schemathesis.deserializer(LINES)
def read_lines(context: DeserializationContext, response: Response) -> Any:
    return [json.loads(line) for line in response.content.splitlines()]


@schemathesis.check
def refuses_what_breaks_the_document(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """Of many items the bad ones are rejected and the answer is 200; anything else is refused as a whole."""
    many = case.media_type == LINES or isinstance(case.body, list)
    if not many or response.status_code != 200:
        return negative_data_rejection(ctx, response, case)
    if case.media_type != LINES and isinstance(case.body, list) and len(case.body) > MOST_ITEMS:
        return None
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    if body is not None and body.mode.is_negative and case.body not in ([], [[]]):
        counts = json.loads(response.content.splitlines()[-1])
        assert counts["rejected"] > 0, "nothing of a body that breaks the document was rejected"
    return None
