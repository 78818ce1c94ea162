"""What configuring has in common: bodies of one object, codes in addresses, lists a page at a time."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from litestar.params import PathParameter, QueryParameter
from pydantic import TypeAdapter, ValidationError

from service.accounts.accounts import Account
from service.errors import Fault, InvalidItem, InvalidParameter
from service.ingest.fields import Code, Item
from service.ingest.parsing import faults_of, read_json
from service.web.requests import AnyRequest, check_is_json, whole_body
from service.web.services import RequestContext

_CODE: TypeAdapter[str] = TypeAdapter(Code)

Form = TypeVar("Form", bound=Item)

WRITE = ("configure",)
READ = ("configure", "reports", "ingest")
A_CODE: dict[str, Any] = {"$ref": "#/components/schemas/Code"}

After = Annotated[
    str,
    QueryParameter(
        description="Go on after this code, as `next` of the page before says.",
        schema_extra={"anyOf": [A_CODE, {"const": ""}]},
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="Most items of a page.")]


@dataclass(frozen=True)
class Page:
    """One page of a list; next is the `after` of the page that follows, null on the last."""

    items: list[dict[str, Any]]
    next: str | None


def in_path(description: str, **schema: Any) -> PathParameter:
    """A parameter in the address; schema: what the document says of its values."""
    return PathParameter(description=description, schema_extra=schema)


async def read_form(request: AnyRequest, context: RequestContext, form: type[Form], account: Account) -> Form:
    """The body as a form. Raises InvalidItem naming every faulty field."""
    check_is_json(request)
    body = read_json(await whole_body(request, context.settings.max_item_bytes))
    try:
        return form.model_validate(body, context={"now": account.sender(None).now})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def check_code(name: str, code: str) -> None:
    """Refuse a code that cannot be one. Raises InvalidParameter."""
    try:
        _CODE.validate_python(code)
    except ValidationError as error:
        raise InvalidParameter(faults=tuple(Fault(name, fault.message) for fault in faults_of(error))) from None


def check_after(after: str) -> None:
    """Refuse an `after` that no page has named. Raises InvalidParameter."""
    if after:
        check_code("after", after)
