"""What is added to a Ringover call after its end: tags, comments and recordings.

These events do not state the call's direction, so they apply to an attempt and an inbound call of that id. The one that
never existed stays unknown and counts nowhere.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from service.dialers import Item
from service.dialers.parsing import Fields, item
from service.dialers.ringover.recordings import recording

ADDITION_EVENTS = frozenset({"comments_updated", "tags_updated", "aftercall", "record_available"})
# As many outcomes as a call can have.
_MOST_TAGS = 50


def additions(event: str, data: Fields, sent_at: datetime) -> tuple[Item, ...]:
    """The additions of an event, for a call in either direction; none if it adds nothing."""
    outcomes = _outcomes(event, data)
    added = item(
        recording=recording(data, "record_link", "record_duration"),
        note=data.text("comments"),
        outcomes=outcomes,
        outcomes_at=None if outcomes is None else sent_at,
    )
    return (item(external_id=data.identity("call_id"), **added, observed_at=sent_at),) if added else ()


def _outcomes(event: str, data: Fields) -> list[Item] | None:
    """All tags of the call, in alphabetical order; none left is an empty list. None if the event is not about tags."""
    listed = data.raw("tags")
    if listed is None or listed == "":
        return [] if event == "tags_updated" else None
    codes = sorted(set(_codes(listed)))[:_MOST_TAGS]
    return [item(code=code) for code in codes]


def _codes(listed: object) -> Iterator[str]:
    """The tags of a list, each a text or an object with a name."""
    tags = cast("list[object]", listed) if isinstance(listed, list) else [listed]
    for tag in tags:
        name = cast("dict[str, Any]", tag).get("name") if isinstance(tag, dict) else tag
        if isinstance(name, str) and (code := Fields({"tag": name}).code("tag")):
            yield code


def voicemail_left(data: Fields, sent_at: datetime) -> Item:
    """A message that a caller left."""
    return item(
        external_id=data.identity("call_id"),
        outcome="voicemail",
        recording=recording(data, "voicemail_link", "voicemail_duration"),
        observed_at=sent_at,
    )
