"""Sending a page whose fragments take time: the quick ones at once, the others when they are ready.

A page is sent whole when its fragments are ready soon enough. An error in its parameters then has a status of its own.
Otherwise the head is sent at once and each fragment follows in its place. Until then the page shows the fragment as it
was last time, with its "as of" time, or says that the numbers are being counted. No script is needed: a browser shows
as much of a page as has arrived, and the style sheet hides what has been replaced.
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

from reports.model.language import current_language
from service.accounts.sessions import Session
from service.errors import CalltallyError
from service.pages.components.layout import html_response, render, streamed_response
from service.pages.filtering.filters import PageRequest
from service.problems import problem, unforeseen

# Makes one fragment of a page, as HTML.
FragmentMaker: TypeAlias = Callable[[], Awaitable[str]]
PendingFragment: TypeAlias = "asyncio.Future[str]"

# How long the fragments of a page may take and the page still be sent whole.
WHOLE_PAGE_SECONDS = 0.6
MAX_CACHED_CHARACTERS = 16 * 1024 * 1024
# Marks the place of a fragment. Nobody outside can guess the token, so no text of a caller passes for a mark.
_TOKEN = secrets.token_hex(8)
_MARK = f"<!--{_TOKEN} {{}}-->"
_MARKS = re.compile(rf"<!--{_TOKEN} ([\w-]+)-->")
# Fragments are cached once for an account; keys that may not see rows get them without drill-through links.
_DRILL_THROUGH_LINK = re.compile(r'<a href="/(?:look/rows|attempt|lead)\?[^"]*"[^>]*>(.*?)</a>', re.DOTALL)

_log = structlog.get_logger()


class LastFragments:
    """The fragments of pages as they were last made; when the process has no more room, the least used are dropped."""

    def __init__(self, max_characters: int = MAX_CACHED_CHARACTERS) -> None:
        self._max_characters = max_characters
        self._characters = 0
        self._fragments: OrderedDict[Hashable, str] = OrderedDict()

    def get(self, key: Hashable) -> str | None:
        """The fragment as it was last made, if it is still stored."""
        if key in self._fragments:
            self._fragments.move_to_end(key)
        return self._fragments.get(key)

    def store(self, key: Hashable, html: str) -> None:
        """Store a fragment in place of the previous one."""
        self._characters += len(html) - len(self._fragments.pop(key, ""))
        self._fragments[key] = html
        while self._characters > self._max_characters:
            self._characters -= len(self._fragments.popitem(last=False)[1])


_LAST_FRAGMENTS = LastFragments()


async def page_response(
    template: str,
    fragments: Mapping[str, FragmentMaker],
    *,
    session: Session,
    page_request: PageRequest,
    **variables: Any,
) -> Response[Any] | Stream:
    """A page with its fragments, each where the template puts `fragment.name`. Raises the errors of early fragments."""
    # The page belongs to an access, not to an account: another key or person may see less.
    page = (session.access, template, page_request.link(), current_language().code)
    marks = {name: Markup(_MARK.format(name)) for name in fragments}  # noqa: S704 - the names are our own
    html = render(template, fragment=marks, session=session, page_request=page_request, **variables)
    loop = asyncio.get_running_loop()
    pending: dict[str, PendingFragment] = {name: loop.create_future() for name in fragments}
    making = asyncio.create_task(_make(page, fragments, pending, row_links="rows" in session.access.scopes))
    await asyncio.wait([making], timeout=WHOLE_PAGE_SECONDS)
    if errors := [error for future in pending.values() if future.done() and (error := future.exception())]:
        making.cancel()
        raise errors[0]
    if not making.done():
        return streamed_response(_stream(page, html, pending, making))
    return html_response(_MARKS.sub(lambda mark: pending[mark[1]].result(), html))


async def _make(
    page: Hashable,
    fragments: Mapping[str, FragmentMaker],
    pending: Mapping[str, PendingFragment],
    *,
    row_links: bool,
) -> None:
    """Make the fragments one after another, so that one page takes one turn at reports and leaves room for others."""
    for name, make in fragments.items():
        try:
            html = await make()
            html = html if row_links else _DRILL_THROUGH_LINK.sub(r"\1", html)
        except Exception as error:  # noqa: BLE001 - passed on to the task that waits for the fragment
            pending[name].set_exception(error)
        else:
            pending[name].set_result(html)
            _LAST_FRAGMENTS.store((page, name), html)


async def _stream(
    page: Hashable, html: str, pending: Mapping[str, PendingFragment], making: "asyncio.Task[None]"
) -> AsyncGenerator[str]:
    """The page from start to end; before each unfinished fragment its last version, or a note that it is counting."""
    pieces = _MARKS.split(html)
    try:
        for text, name in zip(pieces[::2], pieces[1::2], strict=False):
            yield text
            if pending[name].done():
                yield await _finished(pending[name])
                continue
            last = Markup(_LAST_FRAGMENTS.get((page, name)) or "")  # noqa: S704 - as it was sent
            yield render("fragment_pending.html", last=last)
            yield render("fragment_ready.html", html=Markup(await _finished(pending[name])))  # noqa: S704 - rendered
        yield pieces[-1]
    finally:
        making.cancel()


async def _finished(pending: PendingFragment) -> str:
    """A fragment, or in its place the error that stopped it."""
    try:
        return await pending
    except CalltallyError as error:
        return render("problem_box.html", problem=problem(error))
    except Exception as error:  # noqa: BLE001 - the page is already being sent; the rest of it still follows
        _log.error("unforeseen", error=type(error).__name__, exc_info=error)
        return render("problem_box.html", problem=unforeseen())
