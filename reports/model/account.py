"""The account that a report is about, at the moment the report reads it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Account:
    """An account: its time zone, its currency, and the moment of the snapshot (`taken_at`)."""

    account_id: int
    zone: ZoneInfo
    currency: str
    taken_at: datetime
