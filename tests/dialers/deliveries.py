"""From the payloads of a folder to deliveries, as the vendor sends them.

`.json` is a posted body, `.form` a posted form, `.query` what a GET has behind its question mark, `.jsonl` one posted
body a line. Ours are in the vendor's folder here; those others have recorded stand beside the project, where they do.
`expected.json` and `recorded.json` say what is read of each, by file name; `query` there is what the hook's address had
behind its question mark, `left_out` why a file beside the payloads is none. `signatures.json` has requests that are
genuine, or not, and why.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from service.dialers import Delivery, HookSettings, ParsedEvent

OURS = Path(__file__).parent
RECORDED = OURS.parents[2] / "shared" / "dialers" / "samples"
RECEIVED_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADDRESS = "https://calls.example.com/v1/webhooks/{dialer}/a-token"
SECRET = "a secret that account and vendor share"

_FORM = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
_JSON = {"content-type": "application/json"}
_EXPECTATIONS = {"expected.json", "streams.json", "story.json", "recorded.json", "signatures.json"}

Expected = dict[str, Any]


def hook_of(vendor: str, secret: str | None = SECRET) -> HookSettings:
    """A hook of this vendor, with local times in New York."""
    return HookSettings(dialer=vendor, campaign="spring-renewals", zone=ZoneInfo("America/New_York"), secret=secret)


def payloads(folder: Path) -> dict[str, Path]:
    """The files of a folder of payloads, by name."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path for path in files if path.is_file() and path.name not in _EXPECTATIONS}


def expected(vendor: str, file: str = "expected.json") -> dict[str, Expected]:
    """The expectation of each payload, by file name."""
    path = OURS / vendor / file
    return cast("dict[str, Expected]", json.loads(path.read_text())) if path.exists() else {}


def delivery(path: Path, query: str = "") -> Delivery:
    """The delivery of one file, sent to a hook's address with this query."""
    url = ADDRESS.format(dialer=path.parent.name) + (f"?{query}" if query else "")
    sent = path.read_bytes()
    match path.suffix:
        case ".query":
            url += ("&" if query else "?") + sent.decode().strip()
            return Delivery("GET", url, {}, b"", RECEIVED_AT)
        case ".form":
            return Delivery("POST", url, _FORM, sent.rstrip(b"\n"), RECEIVED_AT)
        case _:
            return Delivery("POST", url, _JSON, sent, RECEIVED_AT)


def deliveries(path: Path, query: str = "") -> Iterator[Delivery]:
    """The deliveries of a file: a single one, or one for each line."""
    whole = delivery(path, query)
    if path.suffix != ".jsonl":
        yield whole
        return
    for line in whole.body.splitlines():
        record = json.loads(line)
        # Streams of some vendors were recorded with the arrival time of each line.
        body = json.dumps(record["body"]).encode() if "received_at" in record else line
        yield replace(whole, body=body)


def sent(vendor: str, name: str) -> Delivery:
    """The delivery of one of our payloads, to the address in its expectation."""
    return delivery(OURS / vendor / name, expected(vendor)[name].get("query", ""))


def described(event: ParsedEvent) -> Expected:
    """A parsed event as the expectations write it: only the fields it has."""
    items = {name: list(getattr(event, name)) for name in ("attempts", "dispositions", "inbound_calls")}
    known = {} if event.known else {"known": False}
    return {"event": event.event, **known, **{name: list_ for name, list_ in items.items() if list_}}
