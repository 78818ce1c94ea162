"""Putting a page together from parts that take their time: what is quick comes at once, the rest as it is made.

A page is sent whole when its parts are made soon enough; then anything wrong with the question has a status of its own.
Else its head is sent at once, and each part follows where it belongs. Until then the page shows the part as it was when
it was last made, which says as of when, or that it is being counted. No script is needed for that: a browser shows a
page as far as it has come, and the style sheet hides what has been replaced.
"""

import asyncio
import re
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Mapping
from typing import Any, TypeAlias

import structlog
from litestar import Response
from litestar.response import Stream
from markupsafe import Markup

from service.accounts.sessions import Session
from service.errors import CalltallyError
from service.pages.filters import PageRequest
from service.pages.layout import render, shown, streamed
from service.problems import problem

# What makes one part of a page, as HTML.
Making: TypeAlias = Callable[[], Awaitable[str]]
Made: TypeAlias = "asyncio.Future[str]"

# How long a page may take and still be sent whole.
PATIENCE_SECONDS = 0.6
MOST_CHARACTERS = 16 * 1024 * 1024
# Where a part belongs; nobody outside can guess it, so no text of a caller's is taken for one.
_TOKEN = secrets.token_hex(8)
_MARK = f"<!--{_TOKEN} {{}}-->"
_MARKS = re.compile(rf"<!--{_TOKEN} ([\w-]+)-->")
# Parts are kept for everybody of an account; for keys that may not see rows their numbers lead nowhere.
_DOORS = re.compile(r'<a href="/(?:look/rows|attempt|lead)\?[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
UNFORESEEN = {"title": "Something went wrong in the service", "detail": "The mistake is ours; the log says more."}

_log = structlog.get_logger()


class Earlier:
    """The parts of pages as they were last made: the latest looked at, as many as there is room for in a process."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._most = most_characters
        self._held = 0
        self._kept: OrderedDict[Hashable, str] = OrderedDict()

    def get(self, part: Hashable) -> str | None:
        """A part as it was, if it is still there."""
        if part in self._kept:
            self._kept.move_to_end(part)
        return self._kept.get(part)

    def keep(self, part: Hashable, html: str) -> None:
        """Keep a part in the place of what it was before."""
        self._held += len(html) - len(self._kept.pop(part, ""))
        self._kept[part] = html
        while self._held > self._most:
            self._held -= len(self._kept.popitem(last=False)[1])


_EARLIER = Earlier()


async def assemble(
    template: str, parts: Mapping[str, Making], *, session: Session, page_request: PageRequest, **told: Any
) -> Response[Any] | Stream:
    """A page with its parts, each where the template puts `part.name`. Raises what is wrong with any made in time."""
    # Of a key, not of an account: another may see less.
    page = (session.access.prefix, template, page_request.here())
    marks = {name: Markup(_MARK.format(name)) for name in parts}  # noqa: S704 - of names of ours
    html = render(template, part=marks, session=session, page_request=page_request, **told)
    loop = asyncio.get_running_loop()
    made: dict[str, Made] = {name: loop.create_future() for name in parts}
    making = asyncio.create_task(_make(page, parts, made, doors="rows" in session.access.scopes))
    await asyncio.wait([making], timeout=PATIENCE_SECONDS)
    if wrong := [error for each in made.values() if each.done() and (error := each.exception())]:
        making.cancel()
        raise wrong[0]
    if not making.done():
        return streamed(_pieces(page, html, made, making))
    return shown(_MARKS.sub(lambda mark: made[mark[1]].result(), html))


async def _make(page: tuple[str, ...], parts: Mapping[str, Making], made: Mapping[str, Made], *, doors: bool) -> None:
    """Make the parts one after another, so that one page takes one turn at reports and leaves the others to others."""
    for name, make in parts.items():
        try:
            part = await make()
            part = part if doors else _DOORS.sub(r"\1", part)
        except Exception as error:  # noqa: BLE001 - whoever waits for the part is told
            made[name].set_exception(error)
        else:
            made[name].set_result(part)
            _EARLIER.keep((page, name), part)


async def _pieces(
    page: tuple[str, ...], html: str, made: Mapping[str, Made], making: "asyncio.Task[None]"
) -> AsyncGenerator[str]:
    """The page from its beginning to its end; before each part that is not made yet, how it was, or that it is not."""
    texts = _MARKS.split(html)
    try:
        for text, name in zip(texts[::2], texts[1::2], strict=False):
            yield text
            if made[name].done():
                yield await _part(made[name])
                continue
            yield render("waiting.html", earlier=Markup(_EARLIER.get((page, name)) or ""))  # noqa: S704 - as it was sent
            yield render("made.html", part=Markup(await _part(made[name])))  # noqa: S704 - rendered
        yield texts[-1]
    finally:
        making.cancel()


async def _part(made: Made) -> str:
    """A part, or in its place what went wrong with it."""
    try:
        return await made
    except CalltallyError as error:
        return render("wrong.html", problem=problem(error))
    except Exception as error:  # noqa: BLE001 - the page is on its way; what is left of it still comes
        _log.error("unforeseen", error=type(error).__name__, exc_info=error)
        return render("wrong.html", problem=UNFORESEEN)
