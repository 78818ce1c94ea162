"""Pages with slow fragments: sent whole when quick, fragment by fragment when not, with the last version until then."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import pytest
from litestar import Response
from litestar.response import Stream

from reports.catalogue.presets import PRESETS
from service.accounts.keys import Access
from service.accounts.sessions import Session
from service.errors import Busy, Fault, InvalidParameter
from service.pages.components.streaming import LastFragments, page_response
from service.pages.filtering.filters import PageRequest

Making = Callable[[], Awaitable[str]]


async def page(table: Making, key: str = "one") -> Response[Any] | Stream:
    """The page of a preset report; the test makes its one fragment."""
    access = Access(account_id=1, prefix=key, scopes=frozenset({"reports"}), dialer=None)
    return await page_response(
        "report.html",
        {"table": table},
        session=Session(1, access, "token"),
        page_request=PageRequest("/look/calls", {}),
        choices={},
        names={},
        chips=[],
        faults={},
        statistics=False,
        period=None,
        preset=PRESETS["calls"],
        presets=[],
        dimensions=[],
        attributes={},
    )


async def quick() -> str:
    return "<p>forty-two</p>"


def pieces_of(answer: Response[Any] | Stream) -> AsyncIterator[str]:
    assert isinstance(answer, Stream)
    return cast("AsyncIterator[str]", answer.iterator)


async def sent(answer: Response[Any] | Stream) -> str:
    return "".join([piece async for piece in pieces_of(answer)])


class Slow:
    """A fragment that is made when the test says so."""

    def __init__(self, makes: str | Exception) -> None:
        self._makes = makes
        self.may = asyncio.Event()

    async def __call__(self) -> str:
        await self.may.wait()
        if isinstance(self._makes, Exception):
            raise self._makes
        return self._makes


async def test_what_is_quick_is_one_answer() -> None:
    answer = await page(quick)
    assert not isinstance(answer, Stream)
    assert '<section class="part"><p>forty-two</p></section>' in answer.content
    assert "Loading" not in answer.content


async def test_what_is_slow_follows_the_head_and_shows_what_it_was_until_then() -> None:
    slow = Slow("<p>forty-three</p>")
    answer = await page(slow, "slow")
    pieces = pieces_of(answer)
    before = await anext(pieces) + await anext(pieces)
    assert "<h1>Calls</h1>" in before
    assert "Loading …" in before
    slow.may.set()
    assert "forty-three" in "".join([piece async for piece in pieces])

    again = Slow("<p>forty-four</p>")
    answer = await page(again, "slow")
    again.may.set()
    whole = await sent(answer)
    assert whole.index("updating …") < whole.index("forty-three") < whole.index("forty-four")
    other = Slow("<p>theirs</p>")
    answer = await page(other, "another key")
    other.may.set()
    assert "forty" not in await sent(answer), "a part is shown again to nobody but who saw it"


async def test_what_is_wrong_with_the_question_has_a_status_and_what_goes_wrong_later_a_place() -> None:
    async def wrong() -> str:
        raise InvalidParameter(faults=(Fault("by", "is unheard of"),))

    with pytest.raises(InvalidParameter):
        await page(wrong)
    late = Slow(Busy("Too many reports are being made."))
    answer = await page(late, "late")
    late.may.set()
    whole = await sent(answer)
    assert 'role="alert"' in whole
    assert "Too many reports are being made." in whole
    assert whole.rstrip().endswith("</html>")
    broken = Slow(ZeroDivisionError("secret"))
    answer = await page(broken, "broken")
    broken.may.set()
    whole = await sent(answer)
    assert "This is a fault in calltally" in whole
    assert "secret" not in whole


def test_fragments_parts_are_kept_while_there_is_room_the_latest_used_longest() -> None:
    fragments = LastFragments(max_characters=10)
    fragments.store("a", "aaaa")
    fragments.store("b", "bbbb")
    assert fragments.get("a") == "aaaa"
    fragments.store("c", "cccc")
    assert [fragments.get(name) for name in "abc"] == ["aaaa", None, "cccc"]
    fragments.store("a", "AAAAAA")
    assert [fragments.get(name) for name in "ac"] == ["AAAAAA", "cccc"]
