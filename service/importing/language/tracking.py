"""Tracking numbers in files: the number is a column, while the API has it in the address."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from service.ingest.configuration import ASSIGNMENT, TRACKING_NUMBER, Assignment, Configured, TrackingNumber
from service.ingest.fields import Item, PhoneNumber
from service.ingest.phone import is_number, read_number
from service.ingest.resources import Observation, Resource, Sender


def _e164(text: str | None, info: ValidationInfo[dict[str, Any]]) -> str:
    number = read_number(text or "", info.context["region"]).number
    if not is_number(number):
        raise PydanticCustomError("number_form", "must be a phone number, such as +14155550123")
    return number


Number = Annotated[PhoneNumber, AfterValidator(_e164)]


class NumberedTrackingNumber(TrackingNumber):
    """A number of yours that callers see or dial."""

    number: Number


class NumberedAssignment(Assignment):
    """The holder of a tracking number from one time to another, or until further notice."""

    number: Number


def _resource(configured: Configured, form: type[Item], **columns: Any) -> Resource:
    return Resource(configured.path, form, configured.fact, _observer(configured, columns), identity="number")


def _observer(configured: Configured, columns: dict[str, Any]) -> Callable[[Any, Sender], Iterator[Observation]]:
    def observe(item: Item, _sender: Sender) -> Iterator[Observation]:
        yield configured.fact, item.model_dump() | columns

    return observe


TRACKING_NUMBERS = _resource(TRACKING_NUMBER, NumberedTrackingNumber, confirmed=True)
ASSIGNMENTS = _resource(ASSIGNMENT, NumberedAssignment)
