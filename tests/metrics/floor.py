"""A generated ledger full of what goes wrong: silent axes, contradicting ones, merged codes, corrected versions.

Rows are written straight into the tables, versions and all, so that every combination occurs, also those that capture
would have put right before they were stored.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import cycle, pairwise
from json import dumps
from pkgutil import iter_modules
from random import Random
from typing import Any

from reports.model.vocabulary import ANSWERED_BY, HANDLED, LEAD_MATCHES, NETWORK_RESULTS, NEXT_STEPS, PARTIES, RESULTS
from tests.conftest import Owner
from tests.metrics import floors

Row = dict[str, Any]

# Over both summer-time changes of Berlin in 2026 and one of New York.
FIRST = datetime(2026, 3, 27, tzinfo=UTC)
LAST = datetime(2026, 3, 31, tzinfo=UTC)
# Versions are recorded at these moments; reports are asked as of moments between and at them.
LEARNED = [datetime(2026, 4, 1, hour, tzinfo=UTC) for hour in (8, 9, 10)]
AFTER = datetime(2026, 4, 2, tzinfo=UTC)

NUMBERS = [f"+1415555010{n}" for n in range(4)]

# Places of callees: unknown, in one zone, in two that agree on the hour, in two that do not.
PLACES: list[Row] = [
    {},
    {"to_country": "US", "to_region": "New York", "to_zones": ["America/New_York"]},
    {"to_country": "DE", "to_region": None, "to_zones": ["Europe/Berlin", "Europe/Busingen"]},
    {"to_country": "US", "to_region": "Indiana", "to_zones": ["America/Chicago", "America/New_York"]},
]


# What an earlier version of other rows said.
_EARLIER: dict[str, Row] = {
    "agent_states": {"state": "paused", "to_at": None},
    "cases": {"resolved_at": None, "topic": "other"},
    "surveys": {"answered_at": None, "score": None, "delivered": None},
    "evaluations": {"agent": "cy", "dispute": None, "dispute_at": None},
    "evaluation_scores": {"points": 1, "not_applicable": None},
    "shared_calls": {"team": "south", "withdrawn_at": None},
}


# Which agents took part in a call: it is not known, one, one who left, and two.
_ALONE, _LEFT, _TWO = (
    [{"agent": "gus"}],
    [{"agent": "bo"}, {"agent": "bo", "state": "left"}],
    [{"agent": "cy"}, {"agent": "di"}],
)
_PARTS = (None, None, dumps(_ALONE), dumps(_LEFT), dumps(_TWO))


class Floor:
    """One account's facts, all drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.lives = Random(f"lives of {seed}")
        self.inquiries = Random(f"inquiries of {seed}")  # so that what is told of leads changes no calls
        self.leads = [f"lead-{n}" for n in range(60)]

    def maybe(self, values: Iterable[Any], share: float = 0.6) -> Any:
        """One of the values, or nothing."""
        return self.random.choice(list(values)) if self.random.random() < share else None

    def agents(self) -> list[Row]:
        """Six agents, of whom one was four people to the dialers until the names were merged in a chain."""
        teams = {
            code: {"code": code, "team": self.maybe(["north", "south"], 0.8)}
            for code in ("ada", "bo", "cy", "di", "eve", "fay")
        }
        return [
            *teams.values(),
            *_merged(("ada.x", "ada.l"), ("ada.l", "ada2"), ("ada2", "ada"), ("gus", "nobody-known")),
        ]

    def sources(self) -> list[Row]:
        """Sources, of which three were merged in a circle and two into one."""
        plain = [{"code": code} for code in ("web", "fair", "radio", "=cmd()", "news, print", 'say "hi"\nyou')]
        return [*plain, *_merged(("www", "web"), ("x", "y"), ("y", "z"), ("z", "x"), ("w", "x"))]

    def campaigns(self) -> list[Row]:
        """Campaigns with and without a source of their own."""
        rows = [
            # Its second period of 30 days begins on 2026-03-29, at midnight of whichever zone is the account's.
            {"code": "spring", "source": "fair", "starts_on": date(2026, 2, 27)},
            {"code": "summer", "source": None},
            {"code": "autumn", "source": "www", "zone": "America/New_York", "starts_on": date(2026, 3, 29)},
        ]
        return [*rows, *_merged(("SPRING", "spring"))]

    def disposition_codes(self) -> list[Row]:
        """Every result twice, with axes that speak or stay silent at random, and some codes merged or unmapped."""
        codes = [{"code": f"{result}-{n}", "result": result, **self._axes()} for result in RESULTS for n in range(3)]
        merged = _merged(("SOLD", "sale-1"), ("NIX", "gone"))
        return [*codes, *({"result": "unmapped", **row} for row in merged)]

    def _axes(self) -> Row:
        return {
            "network_result": self.maybe(NETWORK_RESULTS, 0.25),
            "answered_by": self.maybe(ANSWERED_BY, 0.25),
            "party": self.maybe(PARTIES, 0.4),
            "handled": self.maybe(HANDLED, 0.3),
            "next_step": self.maybe(NEXT_STEPS, 0.3),
        }

    def lead(self, external_id: str) -> Row:
        """A lead, sometimes a test, sometimes with a source."""
        return {
            "external_id": external_id,
            "source": self.maybe(["web", "www", "x", "radio"]),
            "test": self.random.choice([None, None, None, None, False, True]),
            "observed_at": FIRST,
            **self.inquiry(),
        }

    def inquiry(self) -> Row:
        """Arrival, phone number and owner of a lead: some numbers request again, and some moments are impossible."""
        drawn = self.inquiries
        hour = FIRST + timedelta(minutes=drawn.choice([30, 60, 90]) * drawn.randrange(65))
        asked_at = drawn.choice([hour, hour, hour + timedelta(microseconds=drawn.randrange(10**9))])
        received_at = drawn.choice(
            [None, *[asked_at] * 7, asked_at - timedelta(days=30), LAST, asked_at - timedelta(15)]
        )
        number = drawn.choice(
            [*[(f"+1415555{n:04}", "US") for n in range(150)], *[(None, None), ("unknown", None)] * 20]
        )
        assigned_at = asked_at + timedelta(minutes=drawn.choice([-20, 0, 3, 45, 900]))
        return {
            "received_at": received_at,
            "campaign": drawn.choice([None, None, "spring", "SPRING", "autumn", "unheard-of"]),
            "phone_number": number[0],
            "phone_country": number[1],
            "owner": drawn.choice([None, "ada", "ada.l", "bo", "cy", "gus"]),
            "assigned_at": drawn.choice([None, assigned_at, assigned_at]),
            "closed_at": drawn.choice(
                [None, None, asked_at + timedelta(minutes=drawn.choice([-30, 1, 4_000, 90_000]))]
            ),
        }

    def attempt(self, number: int, codes: Sequence[str]) -> Row:
        """An attempt of which anything may be unsaid."""
        dialed_at = self.moment()
        attempt = {
            "dialer": self.random.choice(["main", "other"]),
            "external_id": f"call-{number}",
            "campaign": self.maybe(["spring", "SPRING", "summer", "autumn", "unheard-of"], 0.9),
            "agent": self.maybe(["ada", "ada.l", "ada.x", "bo", "cy", "gus", "unheard-of"], 0.7),
            "lead": self.maybe(self.leads, 0.9),
            "source": self.maybe(["web", "fair", "=cmd()", "news, print", 'say "hi"\nyou', "w", "y"], 0.5),
            "tracking_number": self.maybe(NUMBERS, 0.7),
            "dialed_at": dialed_at,
            "answered_at": self.maybe([dialed_at + timedelta(seconds=9)], 0.3),
            "agent_joined_at": self.maybe([dialed_at + timedelta(seconds=seconds) for seconds in (8, 11, 12)], 0.2),
            "ended_at": self.maybe([dialed_at + timedelta(seconds=seconds) for seconds in (11, 300)], 0.7),
            "talk_ms": self.maybe([0, 1, 59_999, 60_000, 60_001, self.random.randrange(400_000)], 0.5),
            "dead_ms": self.maybe([0, 1_500, 90_000], 0.3),
            "hold_ms": self.maybe([0, 20_000], 0.4),
            "wrap_ms": self.maybe([0, 12_500, 45_000], 0.4),
            "network_result": self.maybe(NETWORK_RESULTS, 0.7),
            "answered_by": self.maybe(ANSWERED_BY, 0.5),
            "handled": self.maybe(HANDLED, 0.4),
            "test": self.random.choice([None, None, None, None, None, False, True]),
            "disposition": self.maybe(codes, 0.7),
            "disposition_set_at": self.maybe([dialed_at + timedelta(minutes=6), dialed_at + timedelta(days=2)], 0.7),
            "disposition_agent": self.maybe(["bo", "di", "ada2"], 0.4),
            "observed_at": dialed_at,
            **self.random.choice(PLACES),
        }
        return attempt | self.life(attempt)

    def life(self, attempt: Row) -> Row:
        """What a dialer tells of the life of a call: whether it rang, who found its lead, which agents talked."""
        drawn = self.lives
        share = {"agent": drawn.choice(["ada.l", "bo", "cy", "gus"]), "hold_ms": drawn.choice([None, 0, 5_000])}
        shares = [{**share, "talk_ms": 70_000}, {"agent": "di", "talk_ms": 2_500}, {**share, "talk_ms": None}]
        return {
            "rang_at": drawn.choice([None, None, attempt["dialed_at"] + timedelta(seconds=2)]),
            "ring_ms": drawn.choice([None, None, 0, 4_000]),
            "lead_by": drawn.choice(LEAD_MATCHES) if attempt["lead"] else None,
            "person_after_ms": drawn.choice([None, None, None, 0, 20_000, 60_000]),
            "shares": drawn.choice([None, None, None, "[]", dumps(shares[:1]), dumps(shares[:2]), dumps(shares)]),
            "spam": drawn.choice([None] * 12 + [False, True]),
        }

    def moment(self) -> datetime:
        """A moment of the days, to the microsecond; often on the edge of an hour."""
        span = int((LAST - FIRST).total_seconds())
        moment = FIRST + timedelta(seconds=self.random.randrange(span), microseconds=self.random.randrange(10**6))
        return moment.replace(minute=0, second=0, microsecond=0) if self.random.random() < 0.2 else moment

    async def write(self, owner: Owner, account: int, attempts: int = 1_500) -> None:
        """Everything into the ledger, two of five rows with older versions."""
        codes = self.disposition_codes()
        await self._write(owner, account, "agents", self.agents())
        await self._write(owner, account, "sources", self.sources())
        await self._write(owner, account, "campaigns", self.campaigns())
        await self._write(owner, account, "disposition_codes", codes)
        await self._write(owner, account, "tracking_numbers", [{"number": number} for number in NUMBERS])
        await self._write(owner, account, "leads", [self.lead(lead) for lead in self.leads])
        names = [row["code"] for row in codes] + ["unheard-of"]
        calls = [self.attempt(n, names) | {"participants": parts} for n, parts in zip(range(attempts), cycle(_PARTS))]
        await self._write(owner, account, "attempts", calls)
        for table, rows in self.aftermath(calls):
            await self._write(owner, account, table, rows)

    def aftermath(self, calls: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
        """What the files of tests/metrics/floors add: a table and its rows each, for these calls."""
        for module in sorted(iter_modules(floors.__path__), key=lambda module_info: module_info.name):
            yield from import_module(f"{floors.__name__}.{module.name}").rows(self, calls)

    async def _write(self, owner: Owner, account: int, table: str, rows: list[Row]) -> None:
        current: list[Row] = []
        former: list[Row] = []
        for row in rows:
            learned = sorted(self.random.sample(LEARNED, self.random.choice([1, 1, 1, 2, 3])))
            current.append(row | {"account_id": account, "recorded_at": learned[-1]})
            for start, end in pairwise(learned):
                version = self._before(table, row)
                former.append(version | {"account_id": account, "recorded_at": start, "superseded_at": end})
        await copy_rows(owner, table, current)
        await copy_rows(owner, f"{table}_history", former)

    def _before(self, table: str, row: Row) -> Row:
        """An earlier version of a row: another of its kind under the same key."""
        match table:
            case "attempts":
                other = self.attempt(0, ["sale-0", "none-1", "SOLD"])
                keep = ("dialer", "external_id", *(["dialed_at"] if self.random.random() < 0.7 else []))
            case "leads":
                other, keep = self.lead(row["external_id"]), ("external_id",)
            case "disposition_codes":
                other = {
                    "result": self.random.choice(RESULTS),
                    **self._axes(),
                    "merged_into": self.maybe(["sale-0"], 0.1),
                }
                keep = ("code",)
            case "agents":
                other, keep = {"team": "east", "merged_into": None}, ("code",)
            case "appointments":
                other, keep = {"agent": "cy", "status": "set", "scheduled_at": self.moment()}, ()
            case "follow_ups":
                other, keep = {"due_at": self.moment(), "done_at": None, "automated": None}, ()
            case "inbound_calls":
                other = {"arrived_at": self.moment(), "queue": "other", "outcome": None, "talk_ms": None}
                keep = ()
            case _:
                other, keep = _EARLIER.get(table, {}), ()
        return {**row, **other, **{name: row[name] for name in keep}}


def _merged(*links: tuple[str, str]) -> list[Row]:
    return [{"code": code, "merged_into": into} for code, into in links]


async def copy_rows(owner: Owner, table: str, rows: Sequence[Row]) -> None:
    """Rows into a table or a history; what they do not say has the table's default."""
    if not rows:
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stage = f"stage_{table}"
    await owner.execute(f"DROP TABLE IF EXISTS {stage}")
    await owner.execute(f"CREATE TEMP TABLE {stage} (LIKE {table.removesuffix('_history')} INCLUDING ALL)")
    if table.endswith("_history"):
        await owner.execute(f"ALTER TABLE {stage} DROP CONSTRAINT {stage}_pkey, ADD superseded_at timestamptz")
    records = [tuple(row.get(name) for name in columns) for row in rows]
    await owner.copy_records_to_table(stage, columns=columns, records=records)
    # A history lacks the columns that only current rows need.
    known = await owner.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped"
        " INTERSECT SELECT attname FROM pg_attribute WHERE attrelid = $2::text::regclass",
        stage,
        table,
    )
    names = ", ".join(f'"{row["attname"]}"' for row in known)
    await owner.execute(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {stage}")
