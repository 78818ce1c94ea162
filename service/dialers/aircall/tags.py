"""The outcomes of an Aircall call: agents record them as tags, several at once, and take them away again."""

from datetime import timedelta

from service.dialers import Item
from service.dialers.aircall.call import Call, agent_of
from service.dialers.parsing import item

_CHANGES = {"call.tagged", "call.untagged"}
# Aircall counts whole seconds. Within one second, the event of a change is newer than any other event that differs.
_JUST_BEFORE = timedelta(milliseconds=1)


def outcomes(call: Call) -> Item:
    """Every tag that is on the call now, and when that was so; no tags, if none is left.

    Empty if the event says nothing about tags: without a tag, only a change of tags says that none is left.
    """
    tags = {tag["code"]: tag for tag in sorted(_tags(call), key=lambda tag: tag.get("set_at", ""))}
    changed = call.event in _CHANGES and call.data.raw("tags") is not None
    if not tags and not changed:
        return {}
    return {"outcomes": list(tags.values())} | item(
        outcomes_at=call.event_time if changed else call.event_time - _JUST_BEFORE
    )


def _tags(call: Call) -> list[Item]:
    return [
        item(code=code, set_at=tag.time("tagged_at"), agent=agent_of(tag.nested("tagged_by")))
        for tag in call.data.objects("tags")
        if (code := tag.code("name"))
    ]
