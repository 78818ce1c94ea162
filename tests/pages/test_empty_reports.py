"""Over an empty account, each report names the facts that it needs, and has them once they are posted."""

import re

import pytest

from reports.catalogue.presets import PRESETS
from tests.api.conftest import NewCaller, client, new_caller, service
from tests.make import MAKERS
from tests.pages.test_pages import Browser

__all__ = ["client", "new_caller", "service"]

MONTH = {"from": "2026-03-01", "to": "2026-04-01"}
LATER = {"from": "2026-09-01", "to": "2026-09-08"}


@pytest.mark.parametrize("preset", PRESETS)
async def test_an_empty_report_names_what_it_needs_and_has_it_once_it_is_posted(
    new_caller: NewCaller, preset: str
) -> None:
    caller = await new_caller()
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look(f"/look/{preset}", **MONTH)
    assert "No data in this period." in page
    named = re.findall(r"/v1/([a-z-]+)", page.split("Send them to")[1].split("import a file")[0])
    assert named
    for resource in named:
        await caller.post(resource, MAKERS[resource]())
    assert "No data in this period." not in _made(await browser.look(f"/look/{preset}", **MONTH))
    later = _made(await browser.look(f"/look/{preset}", **LATER))
    assert "No data in this period." not in later or re.search(r"The account has [a-z ]+ from 2026-0", later)


def _made(page: str) -> str:
    """A page without the versions of its parts that it showed while it was being made."""
    return page.rpartition('class="made"')[2]


async def test_people_quality_cost_and_customers_ask_for_their_own_facts(new_caller: NewCaller) -> None:
    caller = await new_caller()
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    resources_of = {
        "people": {"agent-states", "attempts", "schedules", "staff"},
        "quality": {"form-items", "evaluations", "surveys"},
        "customers": {"customers", "stage-changes", "attempts"},
    }
    for preset, resources in resources_of.items():
        page = await browser.look(f"/look/{preset}", **MONTH)
        assert set(re.findall(r"/v1/([a-z-]+)", page.split("Send them to")[1].split("import a file")[0])) == resources
    assert "/v1/running-costs" in await browser.look("/look/cost", **MONTH)
