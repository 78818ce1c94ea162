"""The last fault of an account's copies on this machine, in a file beside the store, for every process to read."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from reports.store.durable import make_folder
from reports.store.lake import Lake

Copy: TypeAlias = Literal["lake", "store"]
# Engines explain some faults on many lines.
_LONGEST = 200


@dataclass(frozen=True)
class LastFault:
    """When a copy could not be brought up to date, which copy, and why."""

    at: datetime
    copy: str
    reason: str


def reason_of(error: BaseException) -> str:
    """Why a copy could not be brought up to date, in a line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text[:_LONGEST]}"


def note_fault(lake: Lake, account_id: int, copy: Copy, error: BaseException) -> None:
    """Keep a fault for later readers; nothing where that cannot be written."""
    path = _path(lake, account_id)
    if path is not None:
        with suppress(OSError):
            make_folder(path.parent)
            fault = {"at": datetime.now(UTC).isoformat(), "copy": copy, "reason": reason_of(error)}
            path.write_text(json.dumps(fault))


def last_fault(lake: Lake, account_id: int) -> LastFault | None:
    """The last fault; None without a readable one."""
    path = _path(lake, account_id)
    try:
        content: dict[str, str] = json.loads(path.read_bytes()) if path else {}
        return LastFault(datetime.fromisoformat(content["at"]), content["copy"], content["reason"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _path(lake: Lake, account_id: int) -> Path | None:
    return lake.cache / str(account_id) / "last_fault.json" if lake.cache else None
