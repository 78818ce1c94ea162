"""Code that the configuration routes share: bodies of one object, codes in addresses, lists in pages."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, TypeVar

from litestar.params import PathParameter, QueryParameter
from pydantic import TypeAdapter, ValidationError

from service.errors import Fault, InvalidItem, InvalidParameter
from service.ingest.fields import Code, Item
from service.ingest.parsing import faults_of, read_json
from service.web.requests import AnyRequest, check_is_json, whole_body
from service.web.services import RequestContext

Model = TypeVar("Model", bound=Item)

WRITE = ("configure",)
READ = ("configure", "reports")
A_CODE: dict[str, Any] = {"$ref": "#/components/schemas/Code"}

After = Annotated[
    str,
    QueryParameter(
        description="Continue after this code: the `next` of the previous page.",
        schema_extra={"anyOf": [A_CODE, {"const": ""}]},
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="Most items on the page.")]


@cache
def _checker(kind: Any) -> TypeAdapter[str]:
    return TypeAdapter(kind)


@dataclass(frozen=True)
class Page:
    """One page of a list. next: the `after` of the following page, null on the last one."""

    items: list[dict[str, Any]]
    next: str | None


def in_path(description: str, **schema: Any) -> PathParameter:
    """A parameter in the address. schema: the rules for its values in the API document."""
    return PathParameter(description=description, schema_extra=schema)


async def read_model(
    request: AnyRequest, context: RequestContext, model: type[Model], most_bytes: int | None = None
) -> Model:
    """The body as a model. Raises InvalidItem with every faulty field. most_bytes: its size, if it is not one item."""
    check_is_json(request)
    body = read_json(await whole_body(request, most_bytes or context.settings.max_item_bytes))
    try:
        return model.model_validate(body, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def check_code(name: str, code: str, kind: Any = Code) -> None:
    """Refuse text that cannot be a code of a kind. Raises InvalidParameter."""
    try:
        _checker(kind).validate_python(code)
    except ValidationError as error:
        raise InvalidParameter(faults=tuple(Fault(name, fault.message) for fault in faults_of(error))) from None


def check_after(after: str) -> None:
    """Refuse an `after` that cannot come from an earlier page. Raises InvalidParameter."""
    if after:
        check_code("after", after)
