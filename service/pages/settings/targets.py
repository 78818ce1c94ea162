"""Targets: what a metric should reach, for the account or for one team, campaign, source, agent, number or queue."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import ValidationError

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric
from reports.model.answer_time import TARGET_METRIC
from reports.model.language import marked, translate
from reports.render import formatting
from service.errors import CalltallyError, ChangedMeanwhile, Fault, InvalidItem, InvalidParameter
from service.ingest.editing.plans import list_targets, read_target
from service.ingest.editing.saving import save, versions_of
from service.ingest.editing.target_rules import check_target, metric_of
from service.ingest.parsing import faults_of
from service.ingest.phone import read_number
from service.ingest.planning import SCOPES, Target, TargetKey, target_of
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.view import account_zone
from service.pages.settings import typed
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
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency
from sql.facts import TARGETS

PATH = "/settings/targets"
EDIT = f"{PATH}/target"
_PAGE = page_options("configure")
_MOST_TARGETS = 10_000
_SCOPE_WORDS = {"": marked("Whole account"), "tracking_number": marked("Tracking number")}
# What names a target; a form of a known target repeats it and cannot change it.
_KEY = ("metric", "scope", "code", "from_on")


@get(PATH, opt=_PAGE, before_request=admit)
async def targets(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The targets of the account, by metric."""
    account = await context.accounts.get(context.access.account_id)
    today = datetime.now(await account_zone(context)).date()
    stored = await list_targets(context.pool, account.account_id, most=_MOST_TARGETS)
    lines = sorted((_line(target, account.currency, today) for target in stored), key=lambda line: line["title"])
    listing = found_in(request, lines, lambda line: f"{line['title']} {line['for']} {line['metric']} {line['state']}")
    return settings_response(request, "settings_targets.html", listing=listing, any_targets=bool(stored))


@get(EDIT, opt=_PAGE, before_request=admit)
async def target_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The form of one target, or of a new one."""
    fields = {name: text for name, text in request.query_params.items() if name in (*_KEY, "version")}
    key = _known_key(fields)
    stored = await read_target(context.pool, context.access.account_id, key) if key else None
    if stored is None or key is None:
        return await _form_page(request, context, fields)
    metric = metric_of(stored["metric"])
    former = await _version(context, key, fields.get("version", ""))
    shown = _fields_of(former or stored, metric) | {name: fields.get(name, "") for name in _KEY}
    return await _form_page(request, context, shown, stored, was=former is not None)


@post(EDIT, opt=_PAGE, before_request=admit, status_code=200)
async def save_target(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Set, change or withdraw a target."""
    fields = await read_form(request)
    if fields.get("do") == "withdraw":
        fields = {name: text for name, text in fields.items() if name not in ("value", "upper", "within_seconds")}
    try:
        metric = _metric(fields.get("metric", ""))
        await _save(context, metric, fields)
    except (InvalidItem, InvalidParameter) as error:
        return await _form_page(request, context, fields, await _stored(context, fields), 422, errors=_at_fields(error))
    except ChangedMeanwhile:
        stored = await _stored(context, fields)
        return await _form_page(request, context, fields, stored, 409, problem=translate(CHANGED_MEANWHILE))
    return redirect_to(
        PATH,
        saved=translate(metric.title)
        if "value" in fields
        else translate("{metric} (withdrawn)", metric=translate(metric.title)),
    )


async def _save(context: RequestContext, metric: Metric, fields: Mapping[str, str]) -> None:
    account = await context.accounts.get(context.access.account_id)
    withdraws = fields.get("do") == "withdraw"
    if "value" not in fields and not withdraws:
        raise InvalidItem(faults=(Fault("/value", translate("is required; to end the target, withdraw it")),))
    try:
        target = Target.model_validate(_document(fields, metric), context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None
    key = await check_target(context.pool, account, metric, target)
    stored = await read_target(context.pool, account.account_id, key)
    # A withdrawn target is as good as none.
    seen = stored["recorded_at"] if stored and stored["value"] is None else seen_of(fields)
    await save(context.pool, account, target_of(key), target, seen=seen)


def _document(fields: Mapping[str, str], metric: Metric) -> dict[str, Any]:
    """The target as the API takes it."""
    sent: dict[str, Any] = {"value": None}
    sent |= {name: typed.level(fields[name], metric) for name in ("value", "upper") if name in fields}
    if "within_seconds" in fields:
        sent["within_seconds"] = typed.seconds(fields["within_seconds"])
    sent |= {name: fields[name] for name in ("from_on", "to_on") if name in fields}
    scope = fields.get("scope", "")
    if scope in SCOPES:
        sent[scope] = fields.get("code", "").strip()
    return sent


def _metric(text: str) -> Metric:
    """The metric of a form, by its name or its title. Raises InvalidParameter."""
    titles = {
        title.lower(): name
        for name, entry in catalogue().items()
        for title in (entry.metric.title, translate(entry.metric.title))
    }
    return metric_of(titles.get(text.strip().lower(), text.strip()))


def _at_fields(error: CalltallyError) -> dict[str, str]:
    """Each message by the name of its field: a message about a team, a campaign and so on is at the code."""
    by_field = faults_by_field(InvalidItem(faults=error.faults))
    return {"code" if name in SCOPES else name: message for name, message in by_field.items()}


def _known_key(fields: Mapping[str, str]) -> TargetKey | None:
    """The key of the target that an address or a form names, if it can be one."""
    try:
        from_on = date.fromisoformat(fields["from_on"]) if fields.get("from_on") else date.min
        return TargetKey(
            _metric(fields.get("metric", "")).name, fields.get("scope", ""), fields.get("code", ""), from_on
        )
    except (ValueError, InvalidParameter):
        return None


async def _stored(context: RequestContext, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """The target of a form as it is stored; a number without its country code is the account's."""
    key = _known_key(fields)
    if key is None:
        return None
    if key.dimension == "tracking_number" and key.code:
        account = await context.accounts.get(context.access.account_id)
        key = replace(key, code=read_number(key.code, account.region).line)
    return await read_target(context.pool, context.access.account_id, key)


async def _form_page(
    request: AnyRequest,
    context: RequestContext,
    fields: Mapping[str, str],
    stored: Mapping[str, Any] | None = None,
    status: int = 200,
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    was: bool = False,
) -> Response[str | bytes]:
    account = await context.accounts.get(context.access.account_id)
    codes = await suggested_codes(context)
    seen = seen_text(request, fields, stored, status)
    return settings_response(
        request,
        "settings_target.html",
        status,
        fields=fields,
        known=bool(seen),
        seen=seen,
        current=_line(stored, account.currency, date.min) if stored else None,
        errors=errors or {},
        problem=problem,
        was=was,
        metrics=sorted(translate(entry.metric.title) for entry in catalogue().values()),
        metric=metric_of(stored["metric"]) if stored and seen else None,
        title=_title(fields.get("metric", "")),
        answer_time_title=translate(metric_of(TARGET_METRIC).title),
        scopes=[(name, _scope_words(name)) for name in ("", *SCOPES)],
        codes=sorted({code for kind in ("team", "campaign", "source", "agent") for code in codes[kind]}),
        history=await _history(context, stored, account.currency) if stored else [],
    )


def _title(text: str) -> str:
    """The title of the metric that a form names; what was typed if it names none."""
    try:
        return translate(_metric(text).title)
    except InvalidParameter:
        return text


def _line(target: Mapping[str, Any], currency: str, today: date) -> dict[str, Any]:
    """A target in one line."""
    metric = metric_of(target["metric"])
    scope = next((name for name in SCOPES if target.get(name)), "")
    from_on, to_on = target["from_on"], target["to_on"]
    is_over, is_ahead = to_on and to_on < today, from_on and from_on > today
    state = marked("Ended") if is_over else marked("Planned") if is_ahead else marked("Valid")
    return {
        "metric": metric.name,
        "title": translate(metric.title),
        "for": f"{_scope_words(scope)} {target[scope]}" if scope else _scope_words(""),
        "value": _value_words(target, metric, currency),
        "from_on": from_on,
        "to_on": to_on,
        "state": state,
        "key": {"metric": metric.name, "scope": scope, "code": target.get(scope) or "", "from_on": from_on or ""},
    }


def _value_words(target: Mapping[str, Any], metric: Metric, currency: str) -> str:
    """The value to reach, in the unit of the metric."""
    if target["value"] is None:
        return translate("withdrawn")
    text = formatting.value(target["value"], metric, currency)
    if target["upper"] is not None:
        upper = formatting.value(target["upper"], metric, currency)
        text = translate("{start} to {end}", start=text, end=upper)
    within = target["within_seconds"]
    if within is None:
        return text
    return translate("{value} within {time}", value=text, time=formatting.duration(within))


def _scope_words(scope: str) -> str:
    return translate(_SCOPE_WORDS.get(scope, scope.capitalize()))


def _fields_of(target: Mapping[str, Any], metric: Metric) -> dict[str, str]:
    """The fields of a stored target as a person would type them."""
    within = target["within_seconds"]
    fields = {
        "value": typed.typed_level(target["value"], metric),
        "upper": typed.typed_level(target["upper"], metric),
        "within_seconds": "" if within is None else f"{within:g}",
        "to_on": target["to_on"].isoformat() if target["to_on"] else "",
    }
    return {name: text for name, text in fields.items() if text}


def _key_of_stored(stored: Mapping[str, Any]) -> TargetKey:
    scope = next((name for name in SCOPES if stored.get(name)), "")
    return TargetKey(stored["metric"], scope, stored.get(scope) or "", stored["from_on"] or date.min)


async def _versions(context: RequestContext, key: TargetKey) -> list[dict[str, Any]]:
    rows = await versions_of(context.pool, context.access.account_id, TARGETS, asdict(key))
    return [
        row | {"from_on": None, "within_seconds": None if row["within_ms"] is None else row["within_ms"] / 1000}
        for row in rows
    ]


async def _version(context: RequestContext, key: TargetKey, recorded_at: str) -> dict[str, Any] | None:
    """The target as it was saved at a moment, if the address names one."""
    versions = await _versions(context, key) if recorded_at else []
    return next((row for row in versions if row["recorded_at"].isoformat() == recorded_at), None)


async def _history(context: RequestContext, stored: Mapping[str, Any], currency: str) -> list[dict[str, Any]]:
    zone, metric = await account_zone(context), metric_of(stored["metric"])
    return [
        {
            "saved_at": clock_time(row["recorded_at"], zone),
            "author": row["author"],
            "version": row["recorded_at"].isoformat(),
            "value": _value_words(row, metric, currency),
            "withdrawn": row["value"] is None,
            "to_on": row["to_on"],
        }
        for row in await _versions(context, _key_of_stored(stored))
    ]


HANDLERS: list[HTTPRouteHandler] = [targets, target_page, save_target]
