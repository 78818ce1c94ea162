"""A tour per role: everything in a person's own menu, on a phone, a laptop and a wall, in four languages.

Each role sees each screen, each screen each language, and each page of a menu is looked at on one of the screens.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import StorageState

from service.accounts.users import LANGUAGES
from service.web.languages import COOKIE
from tests.browser.conftest import LAST_WEEK
from tests.browser.touring import barriers, losses
from tests.browser.visiting import House, Visitor
from tests.serving import Service

pytestmark = pytest.mark.timeout(600)

_ROLES = ("manager", "marketer", "admin", "agent")
_SCREENS = {"phone": (390, 844), "laptop": (1440, 900), "wall": (1920, 1080)}
_MENU = """[...document.querySelectorAll('.menu a, .submenu a')]
  .map(link => link.href.slice(new URL(link.href).origin.length))"""
_VISITS = [
    (role, screen, turn, [*LANGUAGES][(place + turn) % len(LANGUAGES)])
    for place, role in enumerate(_ROLES)
    for turn, screen in enumerate(_SCREENS)
]


@dataclass
class Person:
    """What the browser of a signed-in person keeps, and the names of agents that the person must not see."""

    state: StorageState
    strangers: Sequence[str] = ()


@pytest.fixture(scope="module")
async def people(house: House, looked_at: tuple[Service, str]) -> dict[str, Person]:
    """A person of each role; the manager has the team of the agent."""
    async with looked_at[0].client(house.key) as client:
        agents = (await client.get("/v1/agents")).raise_for_status().json()["items"]
    [own, *_] = [agent for agent in agents if agent.get("team")]
    elsewhere = [agent["code"] for agent in agents if agent.get("team") != own["team"]]
    others = [agent["code"] for agent in agents if agent["code"] != own["code"]]
    assert set(elsewhere) < set(others)
    limits = {"manager": ("--team", own["team"]), "agent": ("--agent", own["code"])}
    strangers = {"manager": elsewhere, "agent": others}
    states: dict[str, Person] = {}
    for role in _ROLES:
        email, options = f"{role}@roles.example.com", limits.get(role, ())
        link = looked_at[0].run("user", "create", email, "--role", role, *options, "--link")
        async with house.stranger() as visitor:
            await visitor.page.goto(link)
            states[role] = Person(await visitor.page.context.storage_state(), strangers.get(role, ()))
    return states


@asynccontextmanager
async def visit(house: House, state: StorageState, screen: str, language: str) -> AsyncIterator[Visitor]:
    width, height = _SCREENS[screen]
    async with house.stranger(storage_state=state, viewport={"width": width, "height": height}) as visitor:
        await visitor.page.context.add_cookies([{"name": COOKIE, "value": language, "url": house.root}])
        yield visitor


async def menu(visitor: Visitor) -> list[str]:
    """The addresses in a person's menu, with those in the menu of Settings."""
    await visitor.look(f"/overview?{LAST_WEEK}")
    addresses = await visitor.page.evaluate(_MENU)
    settings = [address for address in addresses if address.startswith("/settings")]
    if settings:
        await visitor.look(settings[0])
        addresses += await visitor.page.evaluate(_MENU)
    return list({address.partition("?")[0]: address for address in reversed(addresses)}.values())


@pytest.mark.parametrize(("role", "screen", "turn", "language"), _VISITS)
async def test_everything_in_a_persons_menu_is_whole_and_theirs(
    house: House, people: dict[str, Person], role: str, screen: str, turn: int, language: str
) -> None:
    person, problems = people[role], list[str]()
    async with visit(house, person.state, screen, language) as visitor:
        for address in (await menu(visitor))[turn :: len(_SCREENS)]:
            page = await visitor.look(address)
            assert await page.locator("html").get_attribute("lang") == language, address
            content = await page.content()
            problems += [f"{address}: {loss}" for loss in await losses(page)]
            problems += [f"{address} shows {name}" for name in person.strangers if f">{name}<" in content]
        problems += [f"the last page: {barrier}" for barrier in await barriers(visitor.page)]
        assert not (faults := visitor.faults + problems), "\n".join(faults)


async def test_only_administrators_see_what_sets_the_account_up(house: House, people: dict[str, Person]) -> None:
    seen: dict[str, set[str]] = {}
    for role, person in people.items():
        async with visit(house, person.state, "laptop", "en") as visitor:
            seen[role] = {address.partition("?")[0] for address in await menu(visitor)}
    assert {role for role, paths in seen.items() if "/campaigns" in paths} == {"marketer", "admin"}
    assert {role for role, paths in seen.items() if "/settings/users" in paths} == {"admin"}
    assert {role for role, paths in seen.items() if "/agents" in paths} == set(_ROLES)
