"""Import targets: the fields that a mapping can fill, taken from the forms of the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, Field, TypeAdapter
from typing_extensions import TypeAliasType

from service.importing.language import tracking as _tracking
from service.ingest import exchange_rates as _exchange_rates
from service.ingest.fields import Item
from service.ingest.resources import Resource
from service.ingest.resources import agent_states as _agent_states
from service.ingest.resources import appointments as _appointments
from service.ingest.resources import attempts as _attempts
from service.ingest.resources import cases as _cases
from service.ingest.resources import customers as _customers
from service.ingest.resources import dispositions as _dispositions
from service.ingest.resources import evaluations as _evaluations
from service.ingest.resources import follow_ups as _follow_ups
from service.ingest.resources import form_items as _form_items
from service.ingest.resources import inbound_calls as _inbound_calls
from service.ingest.resources import leads as _leads
from service.ingest.resources import running_costs as _running_costs
from service.ingest.resources import schedules as _schedules
from service.ingest.resources import shared_calls as _shared_calls
from service.ingest.resources import spend as _spend
from service.ingest.resources import staff as _staff
from service.ingest.resources import stage_changes as _stage_changes
from service.ingest.resources import surveys as _surveys

Kind: TypeAlias = Literal["text", "time", "day", "duration", "flag", "amount", "json"]

_KINDS: dict[Any, Kind] = {
    str: "text",
    datetime: "time",
    date: "day",
    int: "duration",
    bool: "flag",
    Decimal: "amount",
    list: "json",
    dict: "json",
}

# Fields with names of the caller's own: what is known of a lead, and the points of each item of a form.
_OPEN: Mapping[str, Kind] = {"attributes": "text", "points": "amount"}


@dataclass(frozen=True)
class Section:
    """One table of a mapping: the form it fills, and the form's fields.

    marker: the field without which a row has no item of this section.
    fields: the kind of each field, nested ones with a dot: recording.uri.
    open: fields that accept any name below them, with the kind of each: attributes.industry.
    """

    name: str
    form: type[Item]
    marker: str
    fields: Mapping[str, Kind]
    required: tuple[str, ...]
    open: Mapping[str, Kind] = field(default_factory=dict[str, Kind])


@dataclass(frozen=True)
class Target:
    """What rows are imported as: their resource, and the sections of their mapping, the first one required.

    kind: the direction of its rows, if they are calls.
    """

    resource: Resource
    sections: tuple[Section, ...]
    kind: str = ""


@dataclass(frozen=True)
class Scope:
    """What a mapping is for.

    purpose: in words. row_kinds: further kinds of rows that it may describe. tables: further tables, which the caller
    reads itself.
    """

    purpose: str
    resource: str
    target: Target
    row_kinds: tuple[Target, ...] = ()
    tables: tuple[str, ...] = ()


def _section(name: str, form: type[Item], marker: str, *, without: tuple[str, ...] = ()) -> Section:
    fields: dict[str, Kind] = {}
    for field_name, info in form.model_fields.items():
        if field_name not in without:
            fields |= _fields(field_name, info.annotation)
    required = tuple(field_name for field_name, info in form.model_fields.items() if info.is_required())
    open_fields: dict[str, Kind] = {name: kind for name, kind in _OPEN.items() if fields.get(name) == "json"}
    return Section(name, form, marker, fields, required, open_fields)


def _fields(name: str, annotation: Any) -> dict[str, Kind]:
    """The kind of a field; a field with a form of its own may also be filled part by part."""
    bare = _plain_type(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        parts: dict[str, Kind] = {f"{name}.{part}": _kind(info.annotation) for part, info in bare.model_fields.items()}
        parts[name] = "json"
        return parts
    return {name: _kind(annotation)}


def _kind(annotation: Any) -> Kind:
    bare = _plain_type(annotation)
    return "text" if get_origin(bare) is Literal else _KINDS[get_origin(bare) or bare]


def _plain_type(annotation: Any) -> Any:
    """An annotation without its name, its constraints and `| None`."""
    if isinstance(annotation, TypeAliasType):
        return _plain_type(annotation.__value__)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain_type(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        [inner] = [part for part in get_args(annotation) if part is not type(None)]
        return _plain_type(inner)
    return annotation


def _alone(resource: Resource, name: str) -> Target:
    """A resource that has its rows for itself."""
    return Target(resource, (_section(name, resource.form, resource.identity),))


# What the row of a call may hold besides the call.
_LEAD = _section("lead", _leads.Lead, "external_id")
_IN_CALLS = (
    _section("disposition", _attempts.InlineDisposition, "code"),
    _section("participant", _attempts.Participant, "agent"),
    _LEAD,
)

# What the row of an inbound call may hold besides: one of its waits, and one of its offers to agents.
_OF_CALLERS = (
    _section("segment", _inbound_calls.Segment, "queued_at"),
    _section("offer", _inbound_calls.Offer, "agent"),
)
# The fields of a call that list what such sections fill.
LISTS: Mapping[str, str] = {"participant": "participants", "segment": "segments", "offer": "offers", "score": "scores"}

_ATTEMPT = _section("attempt", _attempts.Attempt, "external_id", without=("disposition",))
_INBOUND_CALL = _section("inbound_call", _inbound_calls.InboundCall, "external_id", without=("disposition",))
_LEG = _section("leg", _attempts.PartialAttempt, "external_id", without=("disposition",))
_INBOUND_CALLS = Target(_inbound_calls.RESOURCE, (_INBOUND_CALL, *_IN_CALLS, *_OF_CALLERS), "inbound")

TARGETS = {
    "attempts": Target(_attempts.RESOURCE, (_ATTEMPT, *_IN_CALLS), "outbound"),
    "inbound-calls": _INBOUND_CALLS,
    "leads": Target(_leads.RESOURCE, (_LEAD,)),
    "dispositions": Target(_dispositions.RESOURCE, (_section("disposition", _dispositions.Disposition, "attempt"),)),
    "appointments": _alone(_appointments.RESOURCE, "appointment"),
    "follow-ups": _alone(_follow_ups.RESOURCE, "follow_up"),
    "stage-changes": _alone(_stage_changes.RESOURCE, "stage_change"),
    "spend": _alone(_spend.RESOURCE, "spend"),
    "exchange-rates": _alone(_exchange_rates.RESOURCE, "exchange_rate"),
    "agent-states": _alone(_agent_states.RESOURCE, "agent_state"),
    "cases": _alone(_cases.RESOURCE, "case"),
    "schedules": _alone(_schedules.RESOURCE, "schedule"),
    "staff": _alone(_staff.RESOURCE, "employment"),
    "running-costs": _alone(_running_costs.RESOURCE, "running_cost"),
    "customers": _alone(_customers.RESOURCE, "customer"),
    "surveys": _alone(_surveys.RESOURCE, "survey"),
    "form-items": _alone(_form_items.RESOURCE, "form_item"),
    "evaluations": Target(
        _evaluations.RESOURCE,
        (
            _section("evaluation", _evaluations.Evaluation, "external_id"),
            _section("score", _evaluations.ItemScore, "item"),
        ),
    ),
    "shared-calls": _alone(_shared_calls.RESOURCE, "shared_call"),
    "tracking-numbers": _alone(_tracking.TRACKING_NUMBERS, "tracking_number"),
    "assignments": _alone(_tracking.ASSIGNMENTS, "assignment"),
}

# What a delivery of a dialer reports, call by call: any field may be missing. The hook itself names the dialer.
_IN_DELIVERIES = _IN_CALLS[:2]
_BESIDES = ("dialer", "disposition")
_REPORTED_ATTEMPT = _section("attempt", _attempts.PartialAttempt, "external_id", without=_BESIDES)
_REPORTED_INBOUND_CALL = _section("inbound_call", _inbound_calls.PartialInboundCall, "external_id", without=_BESIDES)
_REPORTED_ATTEMPTS = Target(_attempts.PARTIAL, (_REPORTED_ATTEMPT, *_IN_DELIVERIES), "outbound")
_REPORTED_INBOUND_CALLS = Target(
    _inbound_calls.PARTIAL, (_REPORTED_INBOUND_CALL, *_IN_DELIVERIES, *_OF_CALLERS), "inbound"
)

# Kinds of rows that a file of attempts may also have. A leg adds to a call that another row began.
ROW_KINDS = (_INBOUND_CALLS, Target(_attempts.PARTIAL, (_LEG, *_IN_CALLS), "leg"))

_COMMON = (name for name in _inbound_calls.InboundCall.model_fields if name in _attempts.Attempt.model_fields)

# The fields that these take over from [attempt], with their names there.
INHERITED: Mapping[str, Mapping[str, str]] = {
    "inbound_call": {name: name for name in _COMMON if name != "disposition"} | {"arrived_at": "dialed_at"},
    "leg": {name: name for name in ("external_id", "dialer", "observed_at")},
}


def import_scope(resource: str) -> Scope:
    """The scope of an import; an import of inbound calls leaves attempts out."""
    row_kinds = ROW_KINDS if resource == "attempts" else ()
    return Scope(f"an import of {resource}", resource, TARGETS[resource], row_kinds)


def delivery_scope(tables: tuple[str, ...]) -> Scope:
    """The scope of the deliveries to a hook. tables: the tables that only hooks have."""
    return Scope("a hook", "attempts", _REPORTED_ATTEMPTS, (_REPORTED_INBOUND_CALLS,), tables)


def words_of(form: type[Item], field: str) -> tuple[str, ...]:
    """The words that a field allows, if it allows only some: the stages of a deal, the states of an appointment."""
    info = form.model_fields.get(field)
    bare = _plain_type(info.annotation) if info else None
    return tuple(get_args(bare)) if get_origin(bare) is Literal else ()


@cache
def checker(form: type[Item], field: str) -> TypeAdapter[Any]:
    """A form's check of a single field."""
    info = form.model_fields[field]
    constrained: Any = Annotated[(info.annotation, Field(), *info.metadata)]  # pyright: ignore[reportInvalidTypeForm, reportUnknownVariableType, reportUnknownMemberType]
    return TypeAdapter[Any](constrained)
