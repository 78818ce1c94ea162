"""The labels of row columns, and their values as people read them: with units, on the clock of one time zone."""

from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from reports.model.language import digits, percent, translate
from reports.model.local_dates import date_words, full_words
from reports.model.vocabulary import AXES
from reports.render import formatting

# Labels of the columns with a name that is too short or too technical.
_LABELS = {
    "external_id": "Call",
    "dialed_at": "Dialed",
    "answered_at": "Answered",
    "agent_joined_at": "Agent joined",
    "ended_at": "Ended",
    "answered_by": "Answered by",
    "talk_seconds": "Talk time",
    "ring_seconds": "Ring time",
    "hold_seconds": "Hold time",
    "wrap_seconds": "Wrap-up time",
    "dead_seconds": "Line dead",
    "response_seconds": "Time to first call",
    "waited_seconds": "Duration",
    "said_source": "Source reported by the dialer",
    "lead_by": "Lead found by",
    "contact": "Contact in the dialer",
    "rang_at": "Ringing since",
    "person_after_seconds": "Counts as a person after",
    "shares": "Talk by agent",
    "outcomes": "Outcomes set",
    "spam": "Spam call",
    "attributed_by": "Attributed by",
    "to_number": "Number called",
    "to_country": "Country called",
    "to_region": "Region called",
    "to_zones": "Possible time zones",
    "lead_zone": "Time zone of the lead",
    "from_number": "Number shown",
    "detector": "Answered by, detected by",
    "test": "Test call",
    "disposition_set_at": "Disposition set",
    "disposition_agent": "Disposition by",
    "callback_at": "Callback promised for",
    "due_at": "Due",
    "made_at": "Promised",
    "done_at": "Done",
    "called_at": "Called",
    "due": "Due",
    "kept": "In time",
    "said": "State reported",
    "from_at": "From",
    "to_at": "To",
    "set_at": "Set",
    "scheduled_at": "Scheduled for",
    "received_at": "Received",
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
    "ordinal": "Call number",
    "period": "Period from",
    "spent_on": "Day",
    "rate": "Exchange rate",
    "rate_on": "Exchange rate of",
}
# Columns that hold our own words and not the account's codes: underscores become spaces.
_WORD_COLUMNS = {
    *AXES,
    "state",
    "status",
    "stage",
    "detector",
    "attributed_by",
    "lead_by",
    "channel",
    "touch_kind",
    "kind",
    "move",
    "dispute",
    "outcome",
}
# What the ledger's -infinity and infinity mean to people; the driver reads them as the first and the last day.
_NO_MOMENT = {date.min: "time unknown", date.max: "no end date"}
_MONEY_COLUMNS = {"value", "revenue", "profit", "amount", "gross_profit", "cost"}
# The same in the currency of the report.
_CONVERTED_COLUMNS = {f"converted_{name}" for name in _MONEY_COLUMNS}


def column_label(column: str) -> str:
    """The label of a column.

    >>> column_label("talk_ms"), column_label("talk_seconds"), column_label("network_result")
    ('Talk time', 'Talk time', 'Network result')
    """
    return translate(english_label(column))


def english_label(column: str) -> str:
    """The label of a column, as the catalogues of languages have it."""
    name = f"{column.removesuffix('_ms')}_seconds" if column.endswith("_ms") else column
    return _LABELS.get(name) or name.replace("_", " ").capitalize()


def display_value(column: str, value: Any, zone: ZoneInfo, currency: str = "") -> str:
    """A value as people read it; times are those of the zone.

    >>> utc = ZoneInfo("UTC")
    >>> display_value("talk_ms", 125_000, utc), display_value("network_result", "no_answer", utc)
    ('2 m 05 s', 'no answer')
    """
    match value:
        case None:
            return formatting.NOTHING
        case bool():
            return translate("yes") if value else translate("no")
        case datetime():
            return _moment(value, zone)
        case date():
            return translate(_NO_MOMENT[value]) if value in _NO_MOMENT else date_words(value)
        case int() | float():
            return _number(column, value, currency)
        case _:
            return _word(column, value)


def is_converted(column: str) -> bool:
    """Whether a column holds money in the currency of the report, beside the same money as it was sent."""
    return column in _CONVERTED_COLUMNS


def is_left_aligned(column: str) -> bool:
    """Whether a column is aligned to the left: names and words are, numbers and times are not."""
    return not column.endswith(("_at", "_ms", "_seconds", "_on")) and column not in {
        *_MONEY_COLUMNS,
        *_CONVERTED_COLUMNS,
        "rate",
        "weight",
        "ordinal",
        "adds",
    }


def _moment(value: datetime, zone: ZoneInfo) -> str:
    """A time on the clock of a zone. The ledger's times without end have no clock: the driver sends them bare."""
    if (day := value.date()) in _NO_MOMENT:
        return translate(_NO_MOMENT[day])
    return full_words(value.astimezone(zone), seconds=True)


def english_words(value: str) -> str:
    """A word of our own, as the catalogues of languages have it."""
    return value.replace("_", " ")


def _word(column: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[Any]", value)))
    return translate(english_words(str(value))) if column in _WORD_COLUMNS else str(value)


def _number(column: str, value: float, currency: str) -> str:
    if column.endswith(("_ms", "_seconds")):
        return formatting.duration(value / 1000 if column.endswith("_ms") else value)
    if column in _MONEY_COLUMNS | _CONVERTED_COLUMNS:
        return formatting.money(value, currency)
    if column == "rate":
        return f"{value:,.6g}"
    if column == "adds":
        return digits(value, 2)
    if column == "weight":
        return percent(digits(100 * value, 1))
    return digits(value, 1 if isinstance(value, float) else 0)


def mask_phone_number(number: str | None, *, whole: bool) -> str:
    """A phone number as a key may see it: whole, or its last two digits. An erased number reads "erased".

    >>> mask_phone_number("+14155550123", whole=False), mask_phone_number("erased-7", whole=False)
    ('ends with 23', 'erased')
    """
    if number is None:
        return formatting.NOTHING
    if number.startswith("erased-"):
        return translate("erased")
    return number if whole else translate("ends with {digits}", digits=number[-2:])
