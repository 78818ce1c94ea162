"""Working hours: the calendar of each team, with its public holidays."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import ValidationError

from reports.model.calendars import DEFAULT_TEAM, WEEKDAYS
from reports.model.language import translate, translate_plural
from service.errors import CalltallyError, ChangedMeanwhile, Fault, InvalidItem, InvalidParameter
from service.ingest.editing.plans import list_calendars
from service.ingest.editing.saving import save, versions_of
from service.ingest.parsing import faults_of
from service.ingest.planning import Calendar, calendar_of
from service.pages.components.forms import read_form
from service.pages.components.known_sentences import in_the_readers_language
from service.pages.components.view import account_zone
from service.pages.settings.hours.form import (
    DAY_NAMES,
    CalendarForm,
    HolidayRow,
    form_of,
    form_of_fields,
    hours_in_words,
    new_form,
)
from service.pages.settings.hours.public_holidays import countries, public_holidays, regions
from service.pages.settings.views import (
    CHANGED_MEANWHILE,
    clock_time,
    found_in,
    redirect_to,
    seen_of,
    seen_text,
    settings_response,
    suggested_codes,
)
from service.pages.sign_in import admit
from service.web.request_bodies import check_code
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency
from sql.facts import CALENDARS

PATH = "/settings/calendars"
EDIT = f"{PATH}/calendar"
_PAGE = page_options("configure")
_MOST_TEAMS = 5_000


@get(PATH, opt=_PAGE, before_request=admit)
async def calendars(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The calendars of the teams."""
    rows = await list_calendars(context.pool, context.access.account_id, most=_MOST_TEAMS)
    today = datetime.now(await account_zone(context)).date().isoformat()
    lines = [_line(row, today) for row in rows]
    listing = found_in(request, lines, lambda line: f"{line['team']} {line['zone']} {line['hours']}")
    has_default = any(row["team"] == DEFAULT_TEAM for row in rows)
    return settings_response(
        request, "settings_calendars.html", listing=listing, any_calendars=bool(rows), has_default=has_default
    )


@get(EDIT, opt=_PAGE, before_request=admit)
async def calendar_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The form of one team's calendar, as it is or as it was; without a team, the form of a new one."""
    team = request.query_params.get("team", "")
    stored = await _stored(context, team)
    former = await _version(context, team, request.query_params.get("version", ""))
    zone = (await account_zone(context)).key
    form = form_of(former or stored, team) if stored else new_form(team, zone)
    return await _form_page(request, context, form, stored, was=former is not None)


@post(EDIT, opt=_PAGE, before_request=admit, status_code=200)
async def save_calendar(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Save a calendar, or add public holidays to its form."""
    fields = await read_form(request)
    form = form_of_fields(fields)
    if fields.get("do") == "add":
        return await _with_public_holidays(request, context, form, fields)
    try:
        await _save(context, form, seen_of(fields))
    except (InvalidItem, InvalidParameter) as error:
        return await _refused(request, context, form, fields, error)
    except ChangedMeanwhile:
        stored = await _stored(context, form.team)
        return await _form_page(request, context, form, stored, 409, problem=translate(CHANGED_MEANWHILE))
    return redirect_to(PATH, saved=form.team)


async def _save(context: RequestContext, form: CalendarForm, seen: datetime | None) -> None:
    account = await context.accounts.get(context.access.account_id)
    check_code("team", form.team)
    try:
        calendar = Calendar.model_validate(form.document, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None
    await save(context.pool, account, calendar_of(form.team), calendar, seen=seen)


async def _with_public_holidays(
    request: AnyRequest, context: RequestContext, form: CalendarForm, fields: Mapping[str, str]
) -> Response[str | bytes]:
    """The form with the public holidays that a person chose; nothing is saved yet."""
    chosen = {name: fields.get(name, "").strip() for name in ("country", "region", "first_year", "last_year")}
    stored = await _stored(context, form.team)
    try:
        public = public_holidays(**chosen)
    except InvalidItem as error:
        errors = _at_fields(error.faults)
        return await _form_page(request, context, form, stored, 422, fields=fields, chosen=chosen, errors=errors)
    listed = {row.on for row in form.holidays}
    added = [HolidayRow(day.isoformat(), name, "") for day, name in public.days if day.isoformat() not in listed]
    form.holidays = sorted([*form.holidays, *added], key=lambda row: row.on)
    note = translate_plural(
        "Added {count} day of {place} to the list below. Check the list, then save the calendar.",
        "Added {count} days of {place} to the list below. Check the list, then save the calendar.",
        len(added),
        place=public.place,
    )
    return await _form_page(request, context, form, stored, fields=fields, chosen=chosen, note=note)


async def _refused(
    request: AnyRequest, context: RequestContext, form: CalendarForm, fields: Mapping[str, str], error: CalltallyError
) -> Response[str | bytes]:
    stored = await _stored(context, form.team) if form.team else None
    return await _form_page(request, context, form, stored, 422, fields=fields, errors=_at_fields(error.faults))


def _at_fields(faults: tuple[Fault, ...]) -> dict[str, str]:
    """Each message by the name of its field: /hours/monday/0 is monday, /holidays/3/on is on_3."""
    return {_field(fault.pointer.strip("/").split("/")): in_the_readers_language(fault.message) for fault in faults}


def _field(place: list[str]) -> str:
    match place:
        case ["hours", weekday, *_]:
            return weekday
        case ["holidays", row, field, *_]:
            return f"{field}_{row}"
        case ["holidays", row]:
            return f"on_{row}"
        case [name, *_]:
            return name
        case _:
            return ""


async def _form_page(
    request: AnyRequest,
    context: RequestContext,
    form: CalendarForm,
    stored: Mapping[str, Any] | None,
    status: int = 200,
    *,
    fields: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    note: str = "",
    was: bool = False,
) -> Response[str | bytes]:
    account = await context.accounts.get(context.access.account_id)
    year = str(datetime.now(UTC).year)
    chosen = chosen or {"country": account.region, "region": "", "first_year": year, "last_year": year}
    return settings_response(
        request,
        "settings_calendar.html",
        status,
        form=form,
        heading=_heading(form.team),
        stored=stored,
        current=_line(stored, "") if stored else None,
        seen=seen_text(request, fields or {}, stored, status),
        chosen=chosen,
        countries=countries(),
        regions=[code for code, _ in regions(chosen["country"])],
        errors=errors or {},
        problem=problem,
        note=note,
        was=was,
        weekdays=dict(zip(WEEKDAYS, DAY_NAMES, strict=True)),
        teams=[*(await suggested_codes(context))["team"], DEFAULT_TEAM],
        history=await _history(context, form.team) if stored else [],
    )


def _heading(team: str) -> str:
    if team == DEFAULT_TEAM:
        return translate("Working hours of all teams without a calendar")
    return translate("Working hours of {team}", team=team) if team else translate("Add a calendar")


async def _stored(context: RequestContext, team: str) -> dict[str, Any] | None:
    rows = await list_calendars(context.pool, context.access.account_id, team=team, most=1) if team else []
    return rows[0] if rows else None


async def _version(context: RequestContext, team: str, recorded_at: str) -> dict[str, Any] | None:
    """The calendar as it was saved at a moment, if the address names one."""
    versions = await versions_of(context.pool, context.access.account_id, CALENDARS, {"team": team})
    return next((row for row in versions if row["recorded_at"].isoformat() == recorded_at), None)


async def _history(context: RequestContext, team: str) -> list[dict[str, Any]]:
    zone = await account_zone(context)
    versions = await versions_of(context.pool, context.access.account_id, CALENDARS, {"team": team})
    return [
        _line(row, "")
        | {
            "version": row["recorded_at"].isoformat(),
            "saved_at": clock_time(row["recorded_at"], zone),
            "author": row["author"],
        }
        for row in versions
    ]


def _line(row: Mapping[str, Any], today: str) -> dict[str, Any]:
    """A calendar in one line. today: holidays from then on are counted."""
    ahead = [holiday for holiday in row["holidays"] if holiday["on"] >= today]
    return {
        "team": row["team"],
        "zone": row["zone"],
        "hours": hours_in_words(row["hours"]),
        "holidays": len(row["holidays"]),
        "next": ahead[0] if ahead and today else None,
    }


HANDLERS: list[HTTPRouteHandler] = [calendars, calendar_page, save_calendar]
