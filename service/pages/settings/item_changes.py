"""Writing the items of one kind from what a form sent: a whole form, an item as it is, or many at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.errors import ChangedMeanwhile, InvalidItem, InvalidParameter, NotFound
from service.ingest.agents import AgentCode
from service.ingest.configuration import AGENT
from service.ingest.configured.authors import Change
from service.ingest.fields import Code
from service.pages.settings.fields import validate
from service.pages.settings.histories import moment_of
from service.pages.settings.item_pages import ItemForm, items_of
from service.pages.settings.sections import Section
from service.web.request_bodies import check_code
from service.web.services import RequestContext

_PICK, _SEEN = "pick-", "seen-"


@dataclass
class Outcome:
    """What became of many items: how many are saved, and the codes of those that are not."""

    saved: int = 0
    left: list[str] = field(default_factory=list[str])


async def write_item(context: RequestContext, section: Section, form: ItemForm) -> None:
    """Write a form by the model and the function of the API. Raises what the API answers, and ChangedMeanwhile."""
    check_code("code", form.code, AgentCode if section.configured is AGENT else Code)
    model = validate(section.configured.form, form.values)
    change = Change(context.access, moment_of(form.seen))
    await items_of(context).put(section.configured, form.code, model, change)


async def amended_form(
    context: RequestContext, section: Section, code: str, seen: str, changes: Mapping[str, str]
) -> ItemForm:
    """The form of a stored item with a few changes, as if a person had typed all of it. Raises NotFound."""
    row = await items_of(context).read(section.configured, code)
    typed = {part.name: _text(row[part.name]) for part in section.fields if row[part.name] is not None}
    return ItemForm(code, {name: text for name, text in {**typed, **changes}.items() if text}, seen)


async def write_many(
    context: RequestContext, section: Section, sent: Mapping[str, str], changes: Mapping[str, str]
) -> Outcome:
    """Confirm the ticked items of a list, with the same changes to each. One that somebody else changed is left."""
    outcome = Outcome()
    for name in [name for name in sent if name.startswith(_PICK)]:
        code, seen = sent[name], sent.get(_SEEN + name.removeprefix(_PICK), "")
        try:
            await write_item(context, section, await amended_form(context, section, code, seen, changes))
            outcome.saved += 1
        except (InvalidItem, InvalidParameter, ChangedMeanwhile, NotFound):
            outcome.left.append(code)
    return outcome


def _text(value: Any) -> str:
    """A stored value as a form sends it."""
    return value if isinstance(value, str) else str(value)
