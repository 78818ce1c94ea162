"""Breakdowns: what reports can be broken down by and filtered by, in words.

The command offers them in its help, so this module imports nothing heavy. dimensions.py adds how each is computed.
"""

from dataclasses import dataclass
from datetime import date

from reports.model.language import translate
from reports.model.local_dates import weekday_words
from reports.model.vocabulary import (
    AGENT_STATES,
    AXES,
    HALF_HOURS_OF_DAY,
    HOURS_OF_DAY,
    HOURS_OF_WEEK,
    LEAD_MATCHES,
    QUARTER_HOURS_OF_DAY,
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Breakdown:
    """One way to break a report down.

    missing: the text for rows without a value; in data it is null.
    values: the values, where the set is fixed.
    code: whether its values are codes of the account.
    """

    name: str
    title: str
    missing: str = ""
    values: tuple[str, ...] = ()
    code: bool = False

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return translate(self.title)

    @property
    def missing_label(self) -> str:
        """The text for rows without a value, in the reader's language."""
        return translate(self.missing) if self.missing else ""

    def value_label(self, value: str | None) -> str:
        """A value as people read it, in the reader's language; codes of the account stay as they are."""
        if value is None:
            return self.missing_label
        if value not in self.values:
            return value
        weekday, _, time = value.partition(" ")
        if self.values is HOURS_OF_WEEK:
            return f"{weekday_words(_WEEKDAYS.index(weekday))} {time}"
        return translate(value.replace("_", " "))

    def fault(self, value: str) -> str | None:
        """The fault of a filter value, if it has one; the caller looks up codes."""
        if self.values and value and value not in self.values:
            return (
                f"must be one of {', '.join(self.values)}"
                if len(self.values) < 20
                else f"must be like {self.values[9]}"
            )
        if value and self.name in {"day", "week", "month", "period"} and not _is_date(value):
            return "must be a date, such as 2026-03-02"
        return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# As values of the hour of the week name them.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# Classes of talk length: each from so many seconds up to the start of the next.
TALK_LENGTHS = {
    "under 30 s": 0,
    "30 s to 1 min": 30,
    "1 to 2 min": 60,
    "2 to 5 min": 120,
    "5 to 10 min": 300,
    "10 min or more": 600,
}

BREAKDOWNS = {
    breakdown.name: breakdown
    for breakdown in (
        Breakdown(name="agent", title="Agent", missing="no agent", code=True),
        Breakdown(name="team", title="Team", missing="no team", code=True),
        Breakdown(name="campaign", title="Campaign", missing="no campaign", code=True),
        Breakdown(name="source", title="Source", missing="unattributed", code=True),
        Breakdown(name="tracking_number", title="Tracking number", missing="no tracking number", code=True),
        Breakdown(name="disposition", title="Disposition", missing="undisposed", code=True),
        Breakdown(name="result", title="Result", values=AXES["result"]),
        Breakdown(name="network_result", title="Network result", values=AXES["network_result"]),
        Breakdown(name="answered_by", title="Answered by", values=AXES["answered_by"]),
        Breakdown(name="queue", title="Queue", missing="no queue"),
        Breakdown(name="menu_path", title="Menu path", missing="no menu"),
        Breakdown(name="topic", title="Topic", missing="topic not known"),
        Breakdown(name="country", title="Country", missing="country not known"),
        Breakdown(name="region", title="Region", missing="region not known"),
        Breakdown(name="lead_by", title="Lead found by", missing="no lead", values=LEAD_MATCHES),
        Breakdown(name="period", title="Period from", missing="campaign start not set"),
        Breakdown(name="state", title="State", values=AGENT_STATES),
        Breakdown(name="evaluator", title="Evaluator", missing="no evaluator"),
        Breakdown(name="form", title="Form", missing="no form"),
        Breakdown(name="form_version", title="Version of the form", missing="no form"),
        Breakdown(name="section", title="Section of the form", missing="no section"),
        Breakdown(name="item", title="Item of the form", missing="no item"),
        Breakdown(name="scale", title="Scale", missing="no scale"),
        Breakdown(name="hour", title="Hour"),
        Breakdown(name="day", title="Day"),
        Breakdown(name="week", title="Week from"),
        Breakdown(name="month", title="Month from"),
        Breakdown(name="hour_of_week", title="Hour of the week", values=HOURS_OF_WEEK),
        Breakdown(
            name="callee_hour_of_week",
            title="Hour of the week where they are",
            missing="zone not known",
            values=HOURS_OF_WEEK,
        ),
        Breakdown(name="hour_of_day", title="Hour of the day", values=HOURS_OF_DAY),
        Breakdown(name="half_hour_of_day", title="Half hour of the day", values=HALF_HOURS_OF_DAY),
        Breakdown(name="quarter_hour_of_day", title="Quarter hour of the day", values=QUARTER_HOURS_OF_DAY),
        Breakdown(name="talk_length", title="Length of the talk", missing="nobody talked", values=tuple(TALK_LENGTHS)),
    )
}
