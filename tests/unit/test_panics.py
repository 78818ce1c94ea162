"""A panic of the engine is answered like any other fault: with a problem, and a line in the log."""

import polars as pl
from litestar import Litestar, get
from litestar.testing import AsyncTestClient

from service.web.error_handlers import HANDLERS
from service.web.requests import report_panics


@get("/panic")
async def panic() -> None:
    """Fails as the engine does when it cannot go on."""
    raise pl.exceptions.PanicException("row 7 of +1 555 010 0199")


async def test_a_panic_is_answered_as_a_problem_without_its_text() -> None:
    app = Litestar([panic], middleware=[report_panics], exception_handlers=HANDLERS, openapi_config=None)
    async with AsyncTestClient(app) as client:
        answer = await client.get("/panic")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "555" not in answer.text
