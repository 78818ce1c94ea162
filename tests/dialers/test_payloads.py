"""What every payload says, ours and those others have recorded: each has its facts written down, and means them."""

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
    expected,
    hook_of,
    payloads,
    sent,
    told,
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


def _read(vendor: str, path: Path, expectation: Expected) -> Any:
    """What is read of a file: of one that is a stream, a list."""
    dialer, hook = dialers()[vendor], hook_of(vendor)
    readings = [dialer.read(delivery, hook) for delivery in deliveries(path, expectation.get("query", ""))]
    for reading in readings:
        _check(told(reading))
    return [told(reading) for reading in readings] if path.suffix == ".jsonl" else told(readings[0])


def _check(reading: Expected) -> None:
    """Items must be such as the API takes, but for what a single event need not say."""
    for kind, form in FORMS.items():
        for item in reading.get(kind, []):
            form.model_validate(item, context={"now": RECEIVED_AT})


def _said(expectation: Expected) -> Any:
    return expectation.get("stream") or {name: value for name, value in expectation.items() if name != "query"}


def _masked(read: Any, said: Any) -> Any:
    """What was read, with numbers left unwritten but for their end where the expectation has them so: `…4559`."""
    if isinstance(read, dict) and isinstance(said, dict):
        inside, also = cast("Expected", read), cast("Expected", said)
        return {name: _masked(value, also.get(name)) for name, value in inside.items()}
    if isinstance(read, list) and isinstance(said, list):
        rest = [None] * len(cast("list[Any]", read))
        return [
            _masked(*pair) for pair in zip(cast("list[Any]", read), [*cast("list[Any]", said), *rest], strict=False)
        ]
    hidden = isinstance(read, str) and isinstance(said, str) and said.startswith("…") and read.endswith(said[1:])
    return said if hidden else read


@pytest.mark.parametrize(("vendor", "name"), OURS_EXPECTED)
def test_a_payload_says_what_is_written_down_for_it(vendor: str, name: str) -> None:
    expectation = expected(vendor)[name]
    assert _read(vendor, OURS / vendor / name, expectation) == _said(expectation)


@where_recorded
@pytest.mark.parametrize(("vendor", "name"), RECORDED_EXPECTED)
def test_a_recorded_payload_says_what_is_written_down_for_it(vendor: str, name: str) -> None:
    expectation = expected(vendor, "recorded.json")[name]
    if "left_out" not in expectation:
        said = _said(expectation)
        assert _masked(_read(vendor, RECORDED / vendor / name, expectation), said) == said


@pytest.mark.parametrize("vendor", dialers())
def test_every_payload_has_its_expectation_and_every_expectation_its_payload(vendor: str) -> None:
    assert set(expected(vendor)) == set(payloads(OURS / vendor))
    assert expected(vendor), "a dialer without a payload"


@where_recorded
@pytest.mark.parametrize("vendor", dialers())
def test_every_recorded_payload_has_its_expectation(vendor: str) -> None:
    assert set(expected(vendor, "recorded.json")) == set(payloads(RECORDED / vendor))


@pytest.mark.parametrize("vendor", dialers())
def test_stories_are_told_of_payloads_that_exist(vendor: str) -> None:
    stories: dict[str, list[str]] = json.loads((OURS / vendor / "streams.json").read_text())
    assert stories
    assert {name for story in stories.values() for name in story} <= set(expected(vendor))


@pytest.mark.parametrize("vendor", dialers())
def test_a_repetition_has_the_same_key_and_no_other_payload_has(vendor: str) -> None:
    dialer = dialers()[vendor]
    keys = [dialer.key(sent(vendor, name)) for name in expected(vendor)]
    assert keys == [dialer.key(sent(vendor, name)) for name in expected(vendor)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("vendor", dialers())
def test_what_is_kept_of_a_delivery_says_the_same_as_what_was_sent(vendor: str) -> None:
    dialer, hook = dialers()[vendor], hook_of(vendor)
    for name in expected(vendor):
        delivery = sent(vendor, name)
        kept = dialer.without_secrets(delivery)
        headers = {header: value for header, value in kept.headers.items() if header in dialer.keeps}
        kept = replace(kept, headers=headers)
        assert dialer.key(kept) == dialer.key(delivery)
        assert dialer.read(kept, hook) == dialer.read(delivery, hook)


@pytest.mark.parametrize("vendor", dialers())
def test_what_an_account_begins_with_can_be_configured(vendor: str) -> None:
    from service.ingest.configuration import DispositionCode

    for form in dialers()[vendor].dispositions.values():
        DispositionCode.model_validate(form)
