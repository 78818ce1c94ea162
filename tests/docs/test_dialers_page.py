"""The page about dialers is what their files say today."""

from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands.dialers import command
from service.dialers import CallFact, ParsedEvent, Unreadable, dialers
from tests.dialers.deliveries import OURS, deliveries, expected, hook_of, payloads

PAGE = Path(__file__).parents[2] / "docs" / "dialers.md"


def test_the_page_is_written_from_the_code() -> None:
    assert PAGE.read_text() == CliRunner().invoke(command, ["--markdown"]).output, "run `make openapi`"


def test_one_dialer_is_told_at_a_terminal_and_an_unknown_one_named() -> None:
    for name in dialers():
        assert "Secret" in CliRunner().invoke(command, [name]).output
    unknown = CliRunner().invoke(command, ["fax"])
    assert (unknown.exit_code, "There is no dialer fax" in unknown.output) == (2, True)


def facts_of(event: ParsedEvent) -> set[CallFact]:
    """What the items of an event tell of outbound calls."""
    facts: set[CallFact] = {"disposition"} if event.dispositions else set()
    for item in event.attempts:
        parts: list[dict[str, str]] = item.get("participants", [])
        tests: dict[CallFact, bool] = {
            "ringing": "rang_at" in item or bool(item.get("ring_seconds")),
            "answer": "answered_at" in item or item.get("network_result") == "answered",
            "person": item.get("answered_by") == "human",
            "hold": bool(item.get("hold_seconds")) or any(part.get("state") == "holding" for part in parts),
            "transfer": len({part["agent"] for part in parts}) > 1,
            "drop": item.get("handled") == "abandoned_by_us",
            "disposition": "outcomes" in item or "disposition" in item,
            "lead": "lead" in item,
        }
        facts |= {fact for fact, is_told in tests.items() if is_told}
    return facts


@pytest.mark.parametrize("vendor", dialers())
def test_a_dialer_tells_no_more_than_the_page_says(vendor: str) -> None:
    expectations, facts = expected(vendor), set[CallFact]()
    for name, path in payloads(OURS / vendor).items():
        for delivery in deliveries(path, expectations.get(name, {}).get("query", "")):
            with suppress(Unreadable):
                facts |= facts_of(dialers()[vendor].parse(delivery, hook_of(vendor)))
    assert facts
    assert facts <= dialers()[vendor].tells


def test_what_a_dialer_cannot_tell_costs_metrics() -> None:
    page = PAGE.read_text()
    drops = "`drop_rate_uk`, `drop_rate_us`, `drop_rate_us_rolling`"
    assert f"| CallRail | {drops} | {drops} | `avg_hold_time` |" in page
    assert "| JustCall | - | - | - |" in page
    assert "| CallRail | - | yes | - | - | - | - | yes | - |" in page
