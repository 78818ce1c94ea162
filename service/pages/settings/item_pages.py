"""What the pages of one kind of codes show: its list, its proposals, and the form of one item with its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Response

from reports.model.language import translate
from service.accounts.sessions import Session
from service.errors import NotFound
from service.ingest.configuration import AGENT, CAMPAIGN, DISPOSITION_CODE, SOURCE
from service.ingest.configured.authors import NEVER
from service.ingest.configured.items import ConfiguredItems
from service.ingest.configured.proposals import list_told_apart, propose_merges
from service.ingest.configured.versions import read_versions
from service.pages.components.code_uses import Uses, all_uses
from service.pages.components.layout import html_response, render
from service.pages.components.view import zone_of
from service.pages.settings.example_calls import example_calls
from service.pages.settings.fields import zones
from service.pages.settings.histories import author_text, history_lines
from service.pages.settings.item_list import STATES, ListQuery, lines, needs_a_person
from service.pages.settings.meanings import suggested_meaning
from service.pages.settings.sections import Section
from service.web.services import RequestContext

# More than any account has, so that a list can be searched and ordered by calls.
_MOST_ITEMS = 50_000
_MOST_PROPOSALS = 10


@dataclass(frozen=True)
class ItemForm:
    """What the form of an item shows. seen: the version it was read from, as its hidden field holds it.

    values: by field. message: above the form; kind: how it looks.
    """

    code: str
    values: Mapping[str, Any]
    seen: str
    faults: Mapping[str, str] = field(default_factory=dict[str, str])
    message: str = ""
    kind: str = "bad"


def items_of(context: RequestContext) -> ConfiguredItems:
    """The configured items of the account."""
    return ConfiguredItems(context.pool, context.accounts, context.access.account_id)


def version_text(row: Mapping[str, Any] | None) -> str:
    """The version of an item as a hidden field holds it."""
    return (row["recorded_at"] if row else NEVER).isoformat()


async def list_page(
    context: RequestContext, session: Session, section: Section, parameters: Mapping[str, str]
) -> Response[str | bytes]:
    """The list of a section, with the merges to propose and what was just saved."""
    items, query = items_of(context), ListQuery.of(parameters)
    rows = await items.list_items(section.configured, limit=_MOST_ITEMS)
    uses = await all_uses(context, section.dimension)
    counts = {code: use.calls for code, use in uses.items()}
    proposed = await propose_merges(items, section.configured, rows, counts)
    fitting = lines(rows, uses, query)
    saved = parameters.get("saved", "")
    return html_response(
        render(
            "settings_items.html",
            session=session,
            here=section.path,
            section=section,
            query=query,
            states=STATES,
            lines=fitting[: query.show],
            matching=len(fitting),
            total=len(rows),
            waiting=[row for row in rows if needs_a_person(row)],
            waiting_calls=sum(counts.get(row["code"], 0) for row in rows if needs_a_person(row)),
            names={row["code"]: row["name"] or row["code"] for row in rows},
            uses=uses,
            versions={row["code"]: version_text(row) for row in rows},
            proposals=proposed[:_MOST_PROPOSALS],
            more_proposals=max(0, len(proposed) - _MOST_PROPOSALS),
            apart=await list_told_apart(items, section.configured),
            zone=await zone_of(session, context),
            author_text=author_text,
            saved=saved if saved in {row["code"] for row in rows} else "",
            undo=await _undo(items, section, saved),
            done=int(done) if (done := parameters.get("done", "")).isdecimal() else None,
            left=parameters.get("left", ""),
            teams=sorted({row["team"] for row in rows if row.get("team")}),
        )
    )


async def _undo(items: ConfiguredItems, section: Section, code: str) -> tuple[str, str] | None:
    """The version before the one just saved, and the one just saved, if there are both."""
    versions = await read_versions(items, section.configured, code) if code else []
    if len(versions) < 2:
        return None
    return versions[1].recorded_at.isoformat(), versions[0].recorded_at.isoformat()


async def stored_form(context: RequestContext, section: Section, code: str) -> ItemForm:
    """The form of an item as it is stored, or with the meaning that its name suggests. Raises NotFound."""
    row = await items_of(context).read(section.configured, code)
    suggested = suggested_meaning(code, row["name"]) if section.configured is DISPOSITION_CODE else {}
    if not suggested or row["merged_into"] or row["result"] != "unmapped":
        return ItemForm(code, row, version_text(row))
    message = translate("The answers below are suggested by the name of the code. Check them, then save.")
    return ItemForm(code, {**row, **suggested}, version_text(row), message=message, kind="info")


async def form_page(
    context: RequestContext, session: Session, section: Section, form: ItemForm, status: int = 200
) -> Response[str | bytes]:
    """The form of one item, or of a new one, with its history, the calls that use it, and examples of them."""
    items = items_of(context)
    versions = await read_versions(items, section.configured, form.code) if form.seen != version_text(None) else []
    uses = (await all_uses(context, section.dimension)).get(form.code) if versions else None
    suggestions = await _suggestions(items, section, form.code)
    placed = {name: text for name, text in form.faults.items() if name in {"code", *(f.name for f in section.fields)}}
    other = [f"{name}: {text}" if name else text for name, text in form.faults.items() if name not in placed]
    return html_response(
        render(
            "settings_item.html",
            session=session,
            here=section.path,
            section=section,
            form=form,
            new=not versions,
            title=(versions[0].values["name"] if versions else None) or form.code,
            confirmed=bool(versions and versions[0].values["confirmed"]),
            fields=[part.filled(form.values, placed, suggestions) for part in section.fields],
            code_fault=placed.get("code", ""),
            other_faults=other,
            history=history_lines(section.labels, versions),
            uses=uses,
            examples=await _examples(context, section, form.code, uses),
            zone=await zone_of(session, context),
        ),
        status,
    )


async def _examples(context: RequestContext, section: Section, code: str, uses: Uses | None) -> list[Mapping[str, Any]]:
    if uses is None or section.configured is not DISPOSITION_CODE or "rows" not in context.access.scopes:
        return []
    return await example_calls(context, code)


async def _suggestions(items: ConfiguredItems, section: Section, code: str) -> dict[str, list[str]]:
    """What the fields of a section suggest: other codes, sources, teams, media and time zones."""
    own = await items.list_items(section.configured, limit=_MOST_ITEMS)
    agents = own if section.configured is AGENT else []
    sources = await items.list_items(SOURCE, limit=_MOST_ITEMS) if section.configured in (CAMPAIGN, SOURCE) else []
    return {
        "codes": [row["code"] for row in own if row["code"] != code and row["merged_into"] is None],
        "sources": [row["code"] for row in sources if row["merged_into"] is None],
        "teams": sorted({row["team"] for row in agents if row["team"]}),
        "mediums": sorted({row["medium"] for row in sources if row["medium"]}),
        "zones": zones(),
    }


async def current_row(context: RequestContext, section: Section, code: str) -> Mapping[str, Any] | None:
    """The document of an item, or None."""
    try:
        return await items_of(context).read(section.configured, code)
    except NotFound:
        return None
