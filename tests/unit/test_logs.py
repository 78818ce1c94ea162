"""A log line says what happened, in which request, and holds no phone number and no secret."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from service.config import read_settings
from service.logs import configure_logs, mask_text

KEY = "ct_abcdefghij12_" + "Ab-_" * 10 + "xyz"


@pytest.fixture(autouse=True)
def clean_logging() -> Iterator[None]:
    """Logging as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The log lines written so far."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "number",
    ["+15550109999", "15550109999", "+1 (555) 010-9999", "555-010-9999", "555.010.9999", "(555) 010 9999",
     "+44 20 7946 0958", "0049/89/1234567", "%2B15550109999", "to=5550109"],
)  # fmt: skip
def test_a_phone_number_is_masked_however_it_is_written(number: str) -> None:
    masked = mask_text(f"dialed {number}, busy")
    assert "[number]" in masked
    assert not any(part in masked for part in ("0109999", "9999", "0958", "1234567", "5550109"))


@pytest.mark.parametrize(
    "text",
    ["2026-11-21T20:09:41.515212Z", "2026-11-21 20:09", "http://127.0.0.1:8321", "10.120.130.140", "took 0.1234567 s",
     "port 8321 of 65535", "0001_create_ledger", "500 items"],
)  # fmt: skip
def test_what_is_no_phone_number_stays(text: str) -> None:
    assert mask_text(text) == text


@given(st.integers(10**6, 10**15 - 1), st.text("abc ,;", max_size=5), st.sampled_from(["", "+"]))
def test_no_run_of_seven_digits_or_more_survives(number: int, around: str, plus: str) -> None:
    assert str(number) not in mask_text(f"{around}{plus}{number}{around}")


@pytest.mark.parametrize(
    "path",
    [
        "/home/cache/1/calls/147d1f7475822923",
        "/home/cache/1/calls/147d1f7475822923/2026-11-30-e7f1509b-df12-4321-8765-17c98a7742ba.arrow",
        "/home/cache/1/leads/00000000000000a1/12345678-1234-4123-8123-123456789012.arrow",
    ],
)
def test_the_name_of_a_file_of_ours_can_be_read(path: str) -> None:
    assert mask_text(f"cannot read {path} now") == f"cannot read {path} now"


def test_keys_and_passwords_are_masked_and_a_key_is_still_told_by_its_prefix() -> None:
    text = f"Authorization: Bearer {KEY}; Bearer abc.def; postgresql://sales:hush@db/calls"
    masked = mask_text(text)
    assert "ct_abcdefghij12_[secret]" in masked
    assert not any(secret in masked for secret in (KEY[16:], "abc.def", "hush"))


def test_a_line_is_json_with_the_request_and_every_value_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(read_settings(log_format="json"))
    structlog.contextvars.bind_contextvars(request_id="0123456789abcdef0123456789abcdef")
    structlog.get_logger().info(
        "called +15550109999", to=["+15550109999", {"x": "+15550109999"}], ms=12345678, error=ValueError("+15550109999")
    )
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "called [number]",
        "level": "info",
        "to": ["[number]", {"x": "[number]"}],
        "ms": 12345678,
        "error": "[number]",
        "request_id": "0123456789abcdef0123456789abcdef",
    }


def test_the_lines_of_libraries_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    litestar = logging.getLogger("litestar")  # as an application of its own makes it
    litestar.propagate = False
    litestar.addHandler(logging.StreamHandler())
    configure_logs(read_settings(log_format="json"))
    for name in ("asyncpg.pool", "_granian", "litestar"):
        logging.getLogger(name).warning("seen %s", "+15550109999")
    logging.getLogger("httpx").info("GET /?to=5550109999")
    assert [line["event"] for line in lines(capsys)] == ["seen [number]"] * 3


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_shows_neither_numbers_nor_the_values_of_variables(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logs(read_settings(log_format=log_format))
    to_number = "+15550109999"
    try:
        int(to_number.replace("+", "cannot dial "))
    except ValueError:
        structlog.get_logger().exception("failed")
    written = capsys.readouterr().err
    assert "cannot dial [number]" in written
    assert "0109999" not in written


def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(read_settings(log_level="warning"))
    structlog.get_logger().info("quiet")
    logging.getLogger("any").info("quiet")
    assert capsys.readouterr().err == ""


async def test_each_request_keeps_its_own_id(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(read_settings(log_format="json"))

    async def request(name: str) -> None:
        structlog.contextvars.bind_contextvars(request_id=name)
        await asyncio.sleep(0)
        structlog.get_logger().info(name)

    await asyncio.gather(*(request(name) for name in ("one", "two", "three")))
    assert all(line["request_id"] == line["event"] for line in lines(capsys))
