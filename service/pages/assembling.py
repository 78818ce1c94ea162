"""Putting a page together from parts that take their time: what is quick comes at once, the rest as it is made.

A page is sent whole when its parts are made soon enough; then anything wrong with the question has a status of its own.
Else its head is sent at once, each part follows where it belongs, and until then the page says what it waits for. No
script is needed for that: a browser shows a page as far as it has come.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any

import structlog
from litestar import Response
from litestar.response import Stream
from markupsafe import Markup

from service.errors import CalltallyError
from service.pages.site import render, shown, streamed
from service.problems import problem

# What makes one part of a page, as HTML.
Making = Callable[[], Awaitable[str]]

# How long a page may take and still be sent whole.
PATIENCE_SECONDS = 0.6
# Where a part belongs; nobody outside can guess it, so no text of a caller's is taken for one.
_TOKEN = secrets.token_hex(8)
_MARK = f"<!--{_TOKEN} {{}}-->"
_MARKS = re.compile(rf"<!--{_TOKEN} ([\w-]+)-->")

UNFORESEEN = {"title": "Something went wrong in the service", "detail": "The mistake is ours; the log says more."}

_log = structlog.get_logger()


async def assemble(template: str, parts: Mapping[str, Making], **told: Any) -> Response[str | bytes] | Stream:
    """A page with its parts, each where the template puts `part.name`. Raises what is wrong with any made in time."""
    page = render(template, part={name: Markup(_MARK.format(name)) for name in parts}, **told)  # noqa: S704
    made = {name: asyncio.get_running_loop().create_future() for name in parts}
    making = asyncio.create_task(_make(parts, made))
    await asyncio.wait([making], timeout=PATIENCE_SECONDS)
    if wrong := [error for each in made.values() if each.done() and (error := each.exception())]:
        making.cancel()
        raise wrong[0]
    if not making.done():
        return streamed(_pieces(page, made, making))
    return shown(_MARKS.sub(lambda mark: made[mark[1]].result(), page))


async def _make(parts: Mapping[str, Making], made: Mapping[str, "asyncio.Future[str]"]) -> None:
    """Make the parts one after another, so that one page takes one turn at reports and leaves the others to others."""
    for name, make in parts.items():
        try:
            made[name].set_result(await make())
        except Exception as error:  # noqa: BLE001 - whoever waits for the part is told
            made[name].set_exception(error)


async def _pieces(
    page: str, made: Mapping[str, "asyncio.Future[str]"], making: "asyncio.Task[None]"
) -> AsyncGenerator[str]:
    """The page from its beginning to its end; before each part that is not made yet, what is waited for."""
    texts = _MARKS.split(page)
    try:
        for text, name in zip(texts[::2], texts[1::2], strict=False):
            yield text
            if not made[name].done():
                yield render("waiting.html")
            yield await _part(made[name])
        yield texts[-1]
    finally:
        making.cancel()


async def _part(made: "asyncio.Future[str]") -> str:
    """A part, or in its place what went wrong with it."""
    try:
        return await made
    except CalltallyError as error:
        return render("wrong.html", problem=problem(error))
    except Exception as error:  # noqa: BLE001 - the page is on its way; what is left of it still comes
        _log.error("unforeseen", error=type(error).__name__, exc_info=error)
        return render("wrong.html", problem=UNFORESEEN)
