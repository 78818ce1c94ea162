"""Every payload, ours and recorded ones, is parsed into exactly the facts written down for it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from service.dialers import dialers
from service.ingest.fields import Item
from service.ingest.resources.attempts import PartialAttempt
from service.ingest.resources.dispositions import Disposition
from service.ingest.resources.inbound_calls import PartialInboundCall
from tests.dialers.deliveries import (
    OURS,
    RECEIVED_AT,
    RECORDED,
    Expected,
    deliveries,
    described,
    expected,
    hook_of,
    payloads,
    sent,
)

FORMS: dict[str, type[Item]] = {
    "attempts": PartialAttempt,
    "dispositions": Disposition,
    "inbound_calls": PartialInboundCall,
}
OURS_EXPECTED = [(vendor, name) for vendor in dialers() for name in expected(vendor)]
RECORDED_EXPECTED = [(vendor, name) for vendor in dialers() for name in expected(vendor, "recorded.json")]
where_recorded = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded payloads do not stand beside the project"
)


def _parsed(vendor: str, path: Path, expectation: Expected) -> Any:
    """The parsed events of a file: a list if the file is a stream."""
    dialer, hook = dialers()[vendor], hook_of(vendor)
    events = [dialer.parse(delivery, hook) for delivery in deliveries(path, expectation.get("query", ""))]
    for event in events:
        _check(described(event))
    return [described(event) for event in events] if path.suffix == ".jsonl" else described(events[0])


def _check(event: Expected) -> None:
    """Items must be valid for the API, except for fields that a single event may leave out."""
    for kind, form in FORMS.items():
        for item in event.get(kind, []):
            form.model_validate(item, context={"now": RECEIVED_AT})


def _expected_items(expectation: Expected) -> Any:
    return expectation.get("stream") or {name: value for name, value in expectation.items() if name != "query"}


def _masked(read: Any, expectation: Any) -> Any:
    """The parsed items, with numbers cut to their end where the expectation writes them so: `…4559`."""
    if isinstance(read, dict) and isinstance(expectation, dict):
        parsed_fields, expected_fields = cast("Expected", read), cast("Expected", expectation)
        return {name: _masked(value, expected_fields.get(name)) for name, value in parsed_fields.items()}
    if isinstance(read, list) and isinstance(expectation, list):
        rest = [None] * len(cast("list[Any]", read))
        return [
            _masked(*pair)
            for pair in zip(cast("list[Any]", read), [*cast("list[Any]", expectation), *rest], strict=False)
        ]
    hidden = (
        isinstance(read, str)
        and isinstance(expectation, str)
        and expectation.startswith("…")
        and read.endswith(expectation[1:])
    )
    return expectation if hidden else read


@pytest.mark.parametrize(("vendor", "name"), OURS_EXPECTED)
def test_a_payload_is_parsed_into_the_facts_written_down_for_it(vendor: str, name: str) -> None:
    expectation = expected(vendor)[name]
    assert _parsed(vendor, OURS / vendor / name, expectation) == _expected_items(expectation)


@where_recorded
@pytest.mark.parametrize(("vendor", "name"), RECORDED_EXPECTED)
def test_a_recorded_payload_is_parsed_into_the_facts_written_down_for_it(vendor: str, name: str) -> None:
    expectation = expected(vendor, "recorded.json")[name]
    if "left_out" not in expectation:
        items = _expected_items(expectation)
        assert _masked(_parsed(vendor, RECORDED / vendor / name, expectation), items) == items


@pytest.mark.parametrize("vendor", dialers())
def test_payloads_and_expectations_belong_together(vendor: str) -> None:
    assert set(expected(vendor)) == set(payloads(OURS / vendor))
    assert expected(vendor), "a dialer without a payload"


@where_recorded
@pytest.mark.parametrize("vendor", dialers())
def test_every_recorded_payload_has_its_expectation(vendor: str) -> None:
    assert set(expected(vendor, "recorded.json")) == set(payloads(RECORDED / vendor))


@pytest.mark.parametrize("vendor", dialers())
def test_stories_name_existing_payloads(vendor: str) -> None:
    stories: dict[str, list[str]] = json.loads((OURS / vendor / "streams.json").read_text())
    assert stories
    assert {name for story in stories.values() for name in story} <= set(expected(vendor))


@pytest.mark.parametrize("vendor", dialers())
def test_only_a_repetition_of_a_payload_has_the_same_key(vendor: str) -> None:
    dialer = dialers()[vendor]
    keys = [dialer.delivery_key(sent(vendor, name)) for name in expected(vendor)]
    assert keys == [dialer.delivery_key(sent(vendor, name)) for name in expected(vendor)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("vendor", dialers())
def test_a_stored_delivery_is_parsed_like_the_original_delivery(vendor: str) -> None:
    dialer, hook = dialers()[vendor], hook_of(vendor)
    for name in expected(vendor):
        delivery = sent(vendor, name)
        stored = dialer.without_secrets(delivery)
        headers = {header: value for header, value in stored.headers.items() if header in dialer.stored_headers}
        stored = replace(stored, headers=headers)
        assert dialer.delivery_key(stored) == dialer.delivery_key(delivery)
        assert dialer.parse(stored, hook) == dialer.parse(delivery, hook)


@pytest.mark.parametrize("vendor", dialers())
def test_the_initial_disposition_codes_can_be_configured(vendor: str) -> None:
    from service.ingest.configuration import DispositionCode

    for form in dialers()[vendor].dispositions.values():
        DispositionCode.model_validate(form)
