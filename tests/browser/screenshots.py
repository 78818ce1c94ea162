"""The pictures of the README: `make screenshots` simulates the demo floor and takes pictures of its pages.

The floor ends last Friday afternoon, so that pictures of a week do not change. The live board shows the present.
For it, the script simulates the same floor for a second account and moves it in time, so that it ends now.
"""

import asyncio
import re
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import orjson
from playwright.async_api import Browser

from service.sandbox.demo.floor import DemoFloor
from service.sandbox.live.deliveries import Deliveries, deliveries
from service.sandbox.live.sender import Sender
from service.sandbox.scenario.plan import ZONE
from tests.browser import chromium
from tests.browser.visiting import House
from tests.serving import Service, serving

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"

_SEED = 7
# Working days, in whole weeks: enough calls for clear differences.
_DAYS = 15
_FRIDAY = 4
_ENDS = time(16, 30)
_DESK, _PHONE = {"width": 1280, "height": 1100}, {"width": 390, "height": 844}
# Each page, and how many weeks of the floor it shows.
_PAGES = {
    "overview": ("/overview", 1),
    "agents": ("/agents", 3),
    "sources": ("/sources", 3),
    "lead-response": ("/lead-response", 1),
    "best-time": ("/best-time", 3),
}
_INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\dT[\d:.]+)(Z|[+-]\d\d:\d\d)"')
# The resources that the board reads.
_ON_THE_BOARD = {"attempts", "dispositions", "agent-states", "inbound-calls"}


def last_friday(now: datetime) -> datetime:
    """The last Friday afternoon in the past, in the time zone of the floor."""
    day = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    day -= timedelta(days=(day.weekday() - _FRIDAY) % 7)
    return datetime.combine(day, _ENDS, ZoneInfo(ZONE)).astimezone(UTC)


def moved(floor: Deliveries, by: timedelta) -> Deliveries:
    """The deliveries of a floor that the board needs, moved by a duration."""

    def later(instant: re.Match[bytes]) -> bytes:
        return orjson.dumps((datetime.fromisoformat(instant[0].decode().strip('"')) + by).isoformat())

    return replace(
        floor,
        settings=[
            replace(setting, body=orjson.loads(_INSTANT.sub(later, orjson.dumps(setting.body))))
            for setting in floor.settings
        ],
        items={
            resource: orjson.loads(_INSTANT.sub(later, orjson.dumps(items)))
            for resource, items in floor.items.items()
            if resource in _ON_THE_BOARD
        },
    )


async def tell(service: Service, key: str, floor: Deliveries) -> None:
    """Send a floor to an account."""
    async with httpx.AsyncClient(
        base_url=service.url, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
    ) as client:
        await Sender(client, lambda _: None).send(floor)


async def photograph(house: House, name: str, path: str, **options: object) -> None:
    """Take a picture of a page."""
    state = await house.signed_in()
    async with house.stranger(storage_state=state, **options) as visitor:
        page = await visitor.look(path)
        await page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
        assert visitor.faults == []


def _account(service: Service, code: str) -> str:
    """A key to a new account in the time zone of the floor."""
    service.run("account", "create", code, "--zone", ZONE)
    return service.run("key", "create", "--account", code).splitlines()[-1]


def _last(weeks: int, until: datetime) -> str:
    """The query for this number of weeks up to the day of `until`."""
    after = until + timedelta(days=1)
    return f"?from={after - timedelta(weeks=weeks):%Y-%m-%d}&to={after:%Y-%m-%d}"


async def make_all(browser: Browser, service: Service) -> None:
    """Simulate the floors and take all pictures."""
    until = last_friday(datetime.now(UTC))
    board = House(browser, service.url, _account(service, "board"))
    await tell(service, board.key, moved(deliveries(DemoFloor(_SEED, until, 2).plan), datetime.now(UTC) - until))
    await photograph(board, "live", "/live", viewport=_DESK, color_scheme="dark")
    floor = House(browser, service.url, _account(service, "floor"))
    await tell(service, floor.key, deliveries(DemoFloor(_SEED, until, _DAYS).plan))
    for name, (path, weeks) in _PAGES.items():
        await photograph(floor, name, path + _last(weeks, until), viewport=_DESK)
    await photograph(floor, "overview-phone", "/overview" + _last(1, until), viewport=_PHONE)


async def main(executable: str) -> None:
    """Take the pictures of a temporary service, and delete its folder."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="calltally-screenshots-") as made:
        Path(made).chmod(0o755)
        with serving(Path(made), HOME=f"{made}/home", DATABASE_URL="", LAKE="") as service:
            async with chromium.started(executable) as browser:
                await make_all(browser, service)


if __name__ == "__main__":
    executable = chromium.find()
    if executable is None:
        raise SystemExit(
            "There is no browser here: install Debian's package chromium, or say in CHROMIUM where one is."
        )
    asyncio.run(main(executable))
