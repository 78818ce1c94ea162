"""Every page in a real browser: no errors, no requests to other hosts, no accessibility barriers."""

import pytest
from playwright.async_api import StorageState

from tests.browser.conftest import LAST_WEEK, Visits
from tests.browser.touring import NUMBERS, Look, addresses, barriers, kinds, tour
from tests.browser.visiting import House

pytestmark = pytest.mark.timeout(600)

Addresses = dict[str, str]

_IMAGES = """[...document.querySelectorAll('main img')]
  .filter(image => image.complete && image.naturalWidth > 100 && !image.closest('.earlier')).length"""


@pytest.fixture(scope="session")
async def pages(house: House, signed_in: StorageState) -> Addresses:
    """An address of every kind of page."""
    async with house.stranger(storage_state=signed_in) as visitor:
        return await addresses(visitor.page.context.request, house.root, LAST_WEEK)


@pytest.fixture(scope="session")
async def looks(house: House, signed_in: StorageState, pages: Addresses) -> list[Look]:
    """The observations on every kind of page."""
    async with house.stranger(storage_state=signed_in) as visitor:
        return [await tour(visitor, path) for path in pages.values()]


async def test_links_lead_from_the_overview_to_every_page_there_is(pages: Addresses) -> None:
    assert set(pages) == set(kinds())


async def test_nothing_goes_wrong_on_any_page_and_nobody_else_is_asked(looks: list[Look]) -> None:
    assert not (problems := [problem for look in looks for problem in look.faults]), "\n".join(problems)


async def test_axe_finds_no_grave_barrier_by_day_by_night_or_on_a_phone(looks: list[Look]) -> None:
    assert not (problems := [problem for look in looks for problem in look.barriers]), "\n".join(problems)


async def test_no_page_scrolls_sideways_on_a_phone_a_desk_or_a_wall(looks: list[Look]) -> None:
    assert not (problems := [problem for look in looks for problem in look.too_wide]), "\n".join(problems)


async def test_no_table_loses_a_column_without_a_hint_on_any_screen_or_on_paper(looks: list[Look]) -> None:
    assert not (problems := [problem for look in looks for problem in look.cut]), "\n".join(problems)


async def test_every_chart_shows_something(looks: list[Look]) -> None:
    assert sum(look.drawn for look in looks) > 10
    assert not (problems := [problem for look in looks for problem in look.blank]), "\n".join(problems)


async def test_by_night_pages_are_dark(looks: list[Look]) -> None:
    assert {tuple(look.paper.values()) for look in looks} == {("rgb(245, 246, 248)", "rgb(15, 19, 24)")}


async def test_paper_is_not_spent_on_what_only_a_screen_can_use(looks: list[Look]) -> None:
    assert {look.path: look.in_print for look in looks if look.in_print} == {}


async def test_axe_would_say_so(visiting: Visits) -> None:
    async with visiting() as visitor:
        page = await visitor.look("/sessions")
        await page.evaluate("document.querySelector('h1').after(document.createElement('img'))")
        assert [barrier.partition(" ")[0] for barrier in await barriers(page)] == ["image-alt"]


async def test_without_scripts_every_page_tells_the_same_numbers_and_shows_its_charts(
    visiting: Visits, looks: list[Look]
) -> None:
    async with visiting(java_script_enabled=False) as visitor:
        # The list of devices tells when each was last used, which every look changes.
        for look in (look for look in looks if look.path != "/sessions"):
            page = await visitor.look(look.path)
            assert await page.evaluate(NUMBERS) == look.numbers, look.path
            assert await page.evaluate(_IMAGES) == look.drawn, look.path
        assert visitor.faults == []
