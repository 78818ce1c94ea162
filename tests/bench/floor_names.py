"""What the benchmarks ask a simulated account about: its last day, and names of its agents, calls and leads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from reports.catalogue.presets import PRESETS
from tests.bench.asking import Question

HEADLINES = "attempts,dial_efficiency,conv_per_conversation,appointment_set_rate,avg_talk_time"

ALL, WEEK, MONTH = "outbound, agent x source, all days", "outbound by agent, 7 days", "one campaign, 30 days, by agent"

# The latest call with every name, and the disposition that most long talks ended with.
_CALL = """
    SELECT dialer, external_id, lead, agent, campaign, dialed_at FROM attempts
    WHERE account_id = $1 AND lead IS NOT NULL AND agent IS NOT NULL AND campaign IS NOT NULL AND dialed_at IS NOT NULL
    ORDER BY dialed_at DESC LIMIT 1
"""
_INBOUND_CALL = """
    SELECT dialer, external_id FROM inbound_calls WHERE account_id = $1 AND arrived_at IS NOT NULL
    ORDER BY arrived_at DESC LIMIT 1
"""
_NUMBER = "SELECT number FROM tracking_numbers WHERE account_id = $1 ORDER BY number LIMIT 1"
_DISPOSITION = """
    SELECT disposition FROM attempts WHERE account_id = $1 AND disposition IS NOT NULL AND talk_ms >= 60000
    GROUP BY disposition ORDER BY count(*) DESC, disposition LIMIT 1
"""
_LEADS = "SELECT external_id FROM leads WHERE account_id = $1 ORDER BY received_at DESC NULLS LAST LIMIT 5000"


@dataclass(frozen=True)
class Names:
    """Names of an account. first, last: the moments of its first and last call."""

    first: datetime
    last: datetime
    dialer: str
    call: str
    inbound_dialer: str
    inbound_call: str
    lead: str
    agent: str
    campaign: str
    number: str
    disposition: str
    leads: list[str]

    def days(self, count: int, *, until: int = 0) -> dict[str, list[str]]:
        """The window of so many days up to the last one; until: days to leave out at its end."""
        end = self.last + timedelta(days=1 - until)
        return {"from": [f"{end - timedelta(days=count):%Y-%m-%d}"], "to": [f"{end:%Y-%m-%d}"]}

    @property
    def questions(self) -> dict[str, Question]:
        """The questions by name."""
        five = {"metrics": [HEADLINES], "by": ["agent"], "campaign": [self.campaign]}
        return {
            ALL: self.everything(),
            WEEK: ("outbound", {"by": ["agent"], **self.days(7)}),
            MONTH: (None, {**five, **self.days(30)}),
        }

    def everything(self, earlier: int = 0) -> Question:
        """The first question. earlier: days without calls before the first one."""
        return ("outbound", {"by": ["agent,source"], **self.days((self.last - self.first).days + 2 + earlier)})

    @property
    def rested(self) -> Question:
        """The first question up to ten days ago, without the clocks of waiting leads: it has one answer at any time."""
        metrics = [name for name in PRESETS["outbound"].metrics if name != "lead_response_time"]
        days = self.days((self.last - self.first).days - 8, until=10)
        return (None, {"metrics": [",".join(metrics)], "by": ["agent,source"], **days})


async def read_names(url: str, account_id: int) -> Names:
    """The names of an account."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        call = await connection.fetchrow(_CALL, account_id)
        inbound = await connection.fetchrow(_INBOUND_CALL, account_id)
        assert call, "the account has no calls"
        assert inbound, "the account has no inbound calls"
        return Names(
            first=await connection.fetchval("SELECT min(dialed_at) FROM attempts WHERE account_id = $1", account_id),
            last=call["dialed_at"],
            dialer=call["dialer"],
            call=call["external_id"],
            inbound_dialer=inbound["dialer"],
            inbound_call=inbound["external_id"],
            lead=call["lead"],
            agent=call["agent"],
            campaign=call["campaign"],
            number=await connection.fetchval(_NUMBER, account_id),
            disposition=await connection.fetchval(_DISPOSITION, account_id),
            leads=[row["external_id"] for row in await connection.fetch(_LEADS, account_id)],
        )
    finally:
        await connection.close()
