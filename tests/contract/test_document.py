"""The document of the API is made from the code, is current, and tells everything there is."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Annotated, Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from click.testing import CliRunner
from litestar import Litestar, Response, get
from litestar.params import PathParameter, QueryParameter
from litestar.routes import HTTPRoute
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from service.app import create_app
from service.commands.openapi import command
from service.commands.work.openapi import document
from service.config import Settings
from service.openapi.document import api_document
from service.openapi.files import DOCUMENT, EXAMPLES, PROBLEMS
from service.openapi.operations import operations
from service.problems import TABLE, slug
from service.web.response_types import ProblemDocument
from service.web.route_options import RouteOptions, options_of
from tests.contract.conftest import Caller
from tests.make import attempt

APP = create_app(Settings(), "postgresql:///")
OPERATIONS = operations(APP)
WITH_BODY = [operation for operation in OPERATIONS if operation.body]
WRITTEN: dict[str, Any] = json.loads(DOCUMENT.read_bytes())


def test_the_written_document_is_current() -> None:
    assert DOCUMENT.read_bytes() == document(), "run: make openapi"


def test_the_document_is_valid_openapi() -> None:
    schemathesis.openapi.from_dict(WRITTEN).validate()


def test_every_route_is_in_the_document() -> None:
    """Seen from the server's side: what it routes, but for pages, and OPTIONS, which it answers by itself."""
    routed = {
        (route.path_format, method.lower())
        for route in APP.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if not options_of(handler).page
        for method in handler.http_methods - {"OPTIONS"}
    }
    written = {(path, method) for path, methods in WRITTEN["paths"].items() for method in methods}
    assert written == routed
    assert len(routed) > 30


def test_a_handler_added_later_is_told_without_another_line() -> None:
    class CallDocument(TypedDict):
        """One call."""

        number: int

    @get(
        "/calls/{floor:str}",
        operation_id="list_calls",
        summary="List calls",
        tags=["later"],
        opt=RouteOptions(scopes=("rows",)).opt,
    )
    async def list_calls(
        floor: Annotated[str, PathParameter(description="Which floor.")],
        most: Annotated[int, QueryParameter(ge=1, le=9, description="How many.")] = 5,
        since: Annotated[str | None, QueryParameter(name="from", description="From when.")] = None,
    ) -> Response[list[CallDocument]]:
        """The calls of a floor."""
        raise NotImplementedError

    written = api_document(Litestar([list_calls], openapi_config=None, logging_config=None))["paths"]["/calls/{floor}"][
        "get"
    ]
    assert written["description"] == "The calls of a floor.\n\nNeeds a key with the scope `rows`."
    assert written["parameters"] == [
        {"name": "floor", "in": "path", "required": True, "schema": {"type": "string"}, "description": "Which floor."},
        {
            "name": "most",
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
            "description": "How many.",
        },
        {"name": "from", "in": "query", "required": False, "schema": {"type": "string"}, "description": "From when."},
    ]
    schema = written["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"type": "array", "items": {"$ref": "#/components/schemas/CallDocument"}}
    assert set(written["responses"]) == {"200", "400", "401", "403", "404", "500", "503"}


def test_the_command_writes_prints_and_checks(tmp_path: Path) -> None:
    run, elsewhere = CliRunner().invoke, tmp_path / "openapi.json"
    assert run(command, ["--check"]).exit_code == 0
    assert run(command, ["--check", "--output", str(elsewhere)]).exit_code == 1
    assert run(command, ["--output", str(elsewhere)]).exit_code == 0
    assert elsewhere.read_bytes() == DOCUMENT.read_bytes() == run(command, ["--output", "-"]).stdout_bytes
    elsewhere.write_text("{}")
    assert run(command, ["--check", "--output", str(elsewhere)]).exit_code == 1


def test_operations_have_names_of_their_own_and_are_described() -> None:
    written = [operation for methods in WRITTEN["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in written]
    assert sorted(names) == sorted(set(names))
    for operation in written:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"])
        assert operation["summary"]
        assert not operation["summary"].endswith(".")
        assert operation["description"].split("\n")[0].endswith((".", "?")), operation["operationId"]
        assert "Raises" not in operation["description"], operation["operationId"]
        assert operation["tags"]
    assert {tag for operation in written for tag in operation["tags"]} == {tag["name"] for tag in WRITTEN["tags"]}


def test_everything_under_v1_asks_for_a_key_and_nothing_else_does() -> None:
    for path, methods in WRITTEN["paths"].items():
        for operation in methods.values():
            # The address of a hook is its key.
            guarded = path.startswith("/v1/") and not path.startswith("/v1/webhooks/")
            assert ("security" in operation) == guarded, path


def test_every_parameter_says_what_it_is() -> None:
    for methods in WRITTEN["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                assert parameter["schema"], parameter
                assert parameter["in"] == "path" or parameter["description"], parameter


def test_the_document_names_no_host() -> None:
    text = DOCUMENT.read_text()
    assert "servers" not in WRITTEN
    assert not re.search(r"https?://", text)


def test_forms_are_closed_and_carry_their_limits() -> None:
    schemas = WRITTEN["components"]["schemas"]
    for operation in WITH_BODY:
        if operation.options.resource:
            assert schemas[operation.body.__name__]["additionalProperties"] is False
    assert schemas["Attempt"]["required"] == ["external_id", "campaign", "dialed_at"]
    assert schemas["Code"]["maxLength"] == 200
    assert {"USD", "JPY", "KWD"} < set(schemas["Currency"]["enum"])
    assert schemas["Seconds"]["anyOf"][0]["maximum"] == 86_400
    assert schemas["Attempt"]["properties"]["dialed_at"]["$ref"].endswith("/PastTime")


# Problems ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_problem_has_a_page_and_every_page_a_kind() -> None:
    assert {path.stem for path in PROBLEMS.glob("*.md")} == {slug(error) for error in TABLE}


@pytest.mark.parametrize("error", TABLE, ids=slug)
def test_a_page_says_what_the_table_says(error: Any) -> None:
    kind, text = TABLE[error], (PROBLEMS / f"{slug(error)}.md").read_text()
    assert text.startswith(f"# {kind.title}\n\n`/problems/{slug(error)}`, status {kind.status}\n\n")
    assert "\n## What to do\n" in text
    [shown] = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    example = TypeAdapter(ProblemDocument).validate_json(shown)
    assert (example["type"], example["title"], example["status"]) == (
        f"/problems/{slug(error)}",
        kind.title,
        kind.status,
    )
    assert max(map(len, text.splitlines())) <= 125


# Examples ----------------------------------------------------------------------------------------------------------


def test_every_operation_with_a_body_has_examples_and_every_example_an_operation() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == {operation.name for operation in WITH_BODY}


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.name)
def test_examples_are_what_the_document_says_is_sent(operation: Any) -> None:
    content = WRITTEN["paths"][operation.path][operation.method]["requestBody"]["content"]["application/json"]
    schema = content["schema"] | {"components": WRITTEN["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats={"time-zone": bool})
    assert content["examples"]
    for example in content["examples"].values():
        validator.validate(example["value"])
        assert set(example) <= {"summary", "value", "x-path"}
    numbers = re.findall(r"\+?\d[\d() -]{9,}\d", json.dumps(content["examples"]))
    assert all("55501" in re.sub(r"\D", "", number) for number in numbers if not number.startswith("20"))


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.name)
async def test_examples_are_taken(operation: Any, caller: Caller) -> None:
    for example in json.loads((EXAMPLES / f"{operation.name}.json").read_bytes()).values():
        address = example.get("x-path", {})
        if operation.name == "resubmit_rejected_item":
            address = {"item_id": await _reject_something(caller)}
        if operation.name == "post_tracking_number_assignments":
            assert (await caller.send("PUT", f"/v1/tracking-numbers/{address['number']}", json={})).is_success
        if operation.name in ("change_hooks", "put_hooks_secret"):
            dialer = (
                {"dialer": "twilio", "secret": "s"} if operation.name == "put_hooks_secret" else {"dialer": "vicidial"}
            )
            made = await caller.post("hooks", {**dialer, "campaign": "c"})
            address = {"hook_id": made.json()["id"]}
        answer = await caller.send(operation.method.upper(), operation.path.format(**address), json=example["value"])
        assert answer.status_code in {200, 201}, answer.text
        receipts = answer.json().get("receipts", [{"status": "updated"} | answer.json()])
        assert all(receipt["status"] in {"created", "updated", "unchanged"} for receipt in receipts), receipts
        assert not any(receipt.get("outranked") for receipt in receipts)


async def _reject_something(caller: Caller) -> int:
    await caller.post("attempts", attempt("call-1004", dialed_at="2026-03-02T09:40:00"))
    return (await caller.get("rejected-items"))["items"][0]["id"]


# Served --------------------------------------------------------------------------------------------------------------


async def test_the_document_is_served(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == DOCUMENT.read_bytes()


async def test_the_type_of_a_problem_leads_to_its_page(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/v1/agents")).json()
    answer = await client.get(problem["type"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/markdown")
    assert answer.text == (PROBLEMS / "not-authenticated.md").read_text()


async def test_everything_the_home_page_links_to_is_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.headers["content-type"].startswith("text/html")
    links = set(re.findall(r'href="([^"]+)"', answer.text)) - {"#main"}
    assert {"/openapi.json", "/health/ready", "/health/live", "/sign-in"} <= links
    assert len([link for link in links if link.startswith("/problems/")]) == len(TABLE)
    assert all(link.startswith("/") for link in links), "nothing from elsewhere"
    for link in links:
        # A choice of a language leads back.
        assert (await client.get(link)).status_code == (303 if link.startswith("/language/") else 200), link


def test_a_wheel_holds_what_is_served(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=DOCUMENT.parents[1], check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "openapi/openapi.json" in names
    assert {f"openapi/problems/{path.name}" for path in PROBLEMS.glob("*.md")} <= names
