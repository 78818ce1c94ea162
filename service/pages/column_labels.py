"""What the columns of rows are called, and how their values read: on the clock of a zone, with their units."""

from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from reports.model.types import AXES
from reports.render import formatting

# Columns whose name says less than it should.
_TITLES = {
    "external_id": "Call",
    "dialed_at": "Dialed",
    "answered_at": "Answered",
    "agent_joined_at": "Agent joined",
    "ended_at": "Ended",
    "answered_by": "Answered by",
    "talk_seconds": "Talked",
    "ring_seconds": "Rang",
    "hold_seconds": "On hold",
    "wrap_seconds": "Wrapped up",
    "dead_seconds": "Line dead",
    "response_seconds": "Waited for the first call",
    "waited_seconds": "Took",
    "said_source": "Source, as the dialer said",
    "attributed_by": "Attributed by",
    "to_number": "Number called",
    "to_country": "Country called",
    "to_region": "Region called",
    "to_zones": "Zones it may be in",
    "from_number": "Number shown",
    "detector": "Answered by, who told",
    "test": "Test call",
    "disposition_set_at": "Disposition set",
    "disposition_agent": "Disposition by",
    "callback_at": "Call back promised for",
    "due_at": "Due",
    "made_at": "Promised",
    "done_at": "Done",
    "called_at": "Called",
    "due": "Is due",
    "kept": "In time",
    "said": "State told",
    "from_at": "From",
    "to_at": "To",
    "set_at": "Set",
    "scheduled_at": "Scheduled for",
    "received_at": "Came",
    "first_attempt_at": "First called",
    "first_contact_at": "First reached",
    "closed_at": "Closed",
    "lead_closed_at": "Lead closed",
    "reached_at": "Reached",
    "worked_at": "Worked",
    "started_at": "Since",
    "opened_at": "Opened",
    "followed_at": "Followed up",
    "in_time_until": "In time until",
    "touch_at": "Touched",
    "touch_name": "Touch",
    "name": "Goal",
    "kind": "Kind of goal",
    "weight": "Share of the credit",
    "ordinal": "Which attempt",
    "period": "Period from",
    "spent_on": "Day",
}
# Words of ours, not codes of the account's: they read without underscores.
_WORDS = {*AXES, "state", "status", "stage", "detector", "attributed_by", "channel", "touch_kind", "kind", "move"}
_MONEY = {"revenue", "profit", "amount", "gross_profit", "cost"}


def title(column: str) -> str:
    """What a column is called.

    >>> title("talk_ms"), title("talk_seconds"), title("network_result")
    ('Talked', 'Talked', 'Network result')
    """
    name = f"{column.removesuffix('_ms')}_seconds" if column.endswith("_ms") else column
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def reads(column: str, value: Any, zone: ZoneInfo, currency: str = "") -> str:
    """A value as people read it; moments on the clock of a zone.

    >>> reads("talk_ms", 125_000, ZoneInfo("UTC")), reads("network_result", "no_answer", ZoneInfo("UTC"))
    ('2 m 05 s', 'no answer')
    """
    match value:
        case None:
            return formatting.NOTHING
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case int() | float():
            return _number(column, value, currency)
        case _:
            return _word(column, value)


def is_text(column: str) -> bool:
    """Whether a column reads from the left: names and words, not numbers and moments."""
    return not column.endswith(("_at", "_ms", "_seconds", "_on")) and column not in {
        *_MONEY,
        "weight",
        "ordinal",
        "adds",
    }


def _word(column: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[Any]", value)))
    return str(value).replace("_", " ") if column in _WORDS else str(value)


def _number(column: str, value: float, currency: str) -> str:
    if column.endswith("_ms"):
        return formatting.duration(value / 1000, spaced=True)
    if column.endswith("_seconds"):
        return formatting.duration(value, spaced=True)
    if column in _MONEY:
        return f"{value:,.2f} {currency}".rstrip()
    if column == "adds":
        return f"{value:,.2f}"
    if column == "weight":
        return f"{100 * value:.1f} %"
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def masked(number: str | None, *, whole: bool) -> str:
    """A phone number as somebody may see it: whole, or its last two digits; what is not one is told as it is.

    >>> masked("+14155550123", whole=False), masked("erased-7", whole=False), masked(None, whole=True)
    ('ends with 23', 'erased', '-')
    """
    if number is None:
        return formatting.NOTHING
    if number.startswith("erased-"):
        return "erased"
    return number if whole else f"ends with {number[-2:]}"
