"""Every page of the product, seen for the first time: the seconds until its last part has arrived."""

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
from litestar import get

from reports.catalogue.presets import PRESETS
from reports.charts import charts
from service.pages.routes import HANDLERS
from tests.bench.floor_names import Names
from tests.bench.lines import Line, within

_PAGE_SECONDS = 1.0
# No numbers to count, or a stream without end.
_NO_REPORTS = {"/sessions", "/profile", "/live/events", "/assets/{name:str}", "/favicon.ico", "/to-do/rejected"}
_NO_NUMBERS = ("/sign-in", "/invitation/", "/forgot-password", "/reset/", "/settings/")


def addresses(names: Names) -> Iterator[str]:
    """The address of every page. A new page with parameters needs them here."""
    week = {name: values[0] for name, values in names.days(7).items()}
    four_weeks = {name: values[0] for name, values in names.days(28).items()}
    queries: dict[str, dict[str, str]] = {
        "/live": {},
        "/copies": {},
        "/staffing": {},
        "/definitions": {},
        "/definitions/{name:str}": {},
        "/agent": {"agent": names.agent, **week},
        "/tracking-number": {"tracking_number": names.number, **week},
        "/tracking-numbers/change": {"tracking_number": names.number},
        "/attempt": {"dialer": names.dialer, "external_id": names.call},
        "/inbound-call": {"dialer": names.inbound_dialer, "external_id": names.inbound_call},
        "/lead": {"external_id": names.lead},
        "/best-time": four_weeks,
        "/coaching/share": {"dialer": names.dialer, "external_id": names.call},
        "/look/rows": {"metric": "attempts", **week},
    }
    values = {"{preset:str}": list(PRESETS), "/charts/{name:str}": list(charts()), "{name:str}": ["attempts"]}
    for path in _paths():
        names_of = next((values[part] for part in values if path.endswith(part)), [""])
        for name in names_of:
            filled = path.partition("{")[0] + name
            query = urlencode(queries.get(path, week))
            yield f"{filled}?{query}" if query else filled


def _paths() -> list[str]:
    handlers = [handler for handler in HANDLERS if isinstance(handler, get)]
    paths = sorted({path for handler in handlers for path in handler.paths})
    return [path for path in paths if path not in _NO_REPORTS and not path.startswith(_NO_NUMBERS)]


def sign_in(client: httpx.Client, key: str) -> None:
    """Open a session, in which the client looks at pages."""
    answer = client.post("/sign-in", data={"key": key})
    assert answer.status_code == 303, answer.text


def look_at_all(client: httpx.Client, names: Names, size: str, forget: Callable[[], None]) -> Iterator[Line]:
    """A line per page. forget: makes the service count everything anew."""
    for address in addresses(names):
        forget()
        path = address.partition("?")[0]
        first = look(client, address)
        yield within(f"{size}: page {path}", first, _PAGE_SECONDS, "s", f"again {look(client, address):.3f} s")


def look(client: httpx.Client, address: str) -> float:
    """The seconds until the last byte of a page."""
    begun = time.perf_counter()
    answer = client.get(address)
    seconds = time.perf_counter() - begun
    assert answer.status_code == 200, (address, answer.status_code, answer.text[:500])
    assert 'class="wrong" role="alert"' not in answer.text, (address, answer.text[:500])
    return seconds
