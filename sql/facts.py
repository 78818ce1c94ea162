"""The merge law: for every column of every table, which of two observations the ledger keeps.

A dialer reports one attempt in several observations: late, twice, in any order, split over any batches and through
any worker. Each column below follows one of a few laws. The stored row is the same for every order, repetition and
grouping of observations of different moments. Of two different observations of one moment, the ledger keeps what was
delivered last; a repetition of an observation that it knows never changes anything. Each row therefore remembers the
digests of its observations. sql/merge.py turns this table into statements. The migrations declare the columns.

A null carries no information: it never erases a value. The only exception is Put, for values that a person configures.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Earliest:
    """The smallest value ever observed: when an event first happened."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column, as other laws have several."""
        return (self.column,)


@dataclass(frozen=True)
class Latest:
    """The greatest value ever observed: when an event finally ended."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column, as other laws have several."""
        return (self.column,)


@dataclass(frozen=True)
class Newest:
    """The value of the newest observation that has a value; of one moment, the value delivered last.

    columns: the first column carries the value; the other columns travel with it.
    rank: an SQL expression over {row}, for values that outrank others of any age (a final result over a provisional
    result).
    """

    columns: tuple[str, ...]
    rank: str | None = None


@dataclass(frozen=True)
class Own:
    """Values that carry their own time, which decides; of one time, the values observed or else delivered last.

    at: the SQL expression of that time over {row}; null without values. reported: the columns that a receipt names if
    the ledger keeps other values. received: the column of when they were observed, if it is not the row's observed_at.
    """

    columns: tuple[str, ...]
    at: str
    reported: tuple[str, ...]
    received: str = ""


@dataclass(frozen=True)
class United:
    """Everything that any observation reported, united by an SQL function of two values."""

    column: str
    function: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column, as other laws have several."""
        return (self.column,)


@dataclass(frozen=True)
class Put:
    """The value put last, including null: the person who edits the configuration decides."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column, as other laws have several."""
        return (self.column,)


Law = Earliest | Latest | Newest | Own | United | Put


@dataclass(frozen=True, eq=False)
class Derived:
    """Columns computed from the merged row {m} and other tables.

    columns: of the table, each with its expression; no observation carries them. chosen: observed columns that a
    choice among several observed values replaces, each with its expression over {r}, the row before the choice.
    """

    columns: dict[str, str]
    joins: str
    chosen: dict[str, str]
    choice: str
    number: str
    person: str


@dataclass(frozen=True, eq=False)
class Fact:
    """One table of the ledger: its natural key, the law of each column, and the codes it mentions.

    known_by: the column that is null while the ledger knows the row only from references in other rows.
    mentions: maps a column to the table of codes that its value belongs to. The ledger creates unknown codes there,
    unconfirmed.
    """

    table: str
    key: tuple[str, ...]
    laws: tuple[Law, ...]
    known_by: str | None = None
    derived: Derived | None = None
    surrogate: tuple[str, ...] = ()
    mentions: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def observed(self) -> tuple[str, ...]:
        """The columns an observation may fill, in the order of its stage."""
        return tuple(column for law in self.laws for column in law.columns)

    @property
    def values(self) -> tuple[str, ...]:
        """The observed columns without the times at which they were observed."""
        times = {law.received for law in self.laws if isinstance(law, Own)}
        return tuple(column for column in self.observed if column not in times)

    @property
    def stamped(self) -> bool:
        """Whether rows carry observed_at, stamps and digests."""
        return any(isinstance(law, Newest) for law in self.laws)

    @property
    def stage(self) -> tuple[str, ...]:
        """The columns of incoming_<table>: place in the batch, round, key, values, time of observation."""
        return ("idx", "round", *self.key, *self.observed, *(("observed_at",) if self.stamped else ()))

    @property
    def versioned(self) -> tuple[str, ...]:
        """Every column of the table and of its history."""
        derived = tuple(self.derived.columns) if self.derived else ()
        stamps = ("observed_at", "stamps") if self.stamped else ()
        return (
            "account_id",
            *self.key,
            *self.surrogate,
            *self.observed,
            *derived,
            *stamps,
            "recorded_at",
            "changed_xid",
        )


def _newest(*names: str) -> tuple[Newest, ...]:
    return tuple(Newest((name,)) for name in names)


def _put(*names: str) -> tuple[Put, ...]:
    return tuple(Put(name) for name in names)


def _of_call(
    number: str, person: str, country: str, moment: str, spoke: str, more: dict[str, str] | None = None
) -> Derived:
    """What the ledger finds out about a call.

    Its source: what the sender states, else the source its tracking number had at that moment. Its lead: what the
    sender states, else by the person's number. Its talk: by the parts of its agents, else what the sender states.
    number: the account's own number. person, country: the other party's number and its country. spoke: whether agents
    may have talked at all. more: further columns of this kind of call.
    """
    return Derived(
        columns={
            "source": "COALESCE({m}.said_source, held.source)",
            "tracking_number": "owned.number",
            "attributed_by": "CASE WHEN {m}.said_source IS NOT NULL THEN 'sender'::attributed_by"
            " WHEN held.source IS NOT NULL THEN 'tracking_number'::attributed_by END",
            "lead": "COALESCE({m}.said_lead, matched.lead)",
            "lead_by": "CASE WHEN {m}.said_lead IS NOT NULL THEN 'sender'::lead_match"
            " WHEN matched.lead IS NOT NULL THEN 'number'::lead_match END",
            "talk_ms": "COALESCE((spent.time->>'talk_ms')::integer, {m}.said_talk_ms)",
            "hold_ms": "COALESCE((spent.time->>'hold_ms')::integer, {m}.said_hold_ms)",
            "shares": "spent.time->'shares'",
            **(more or {}),
        },
        joins=f"""
        LEFT JOIN tracking_numbers owned
            ON owned.account_id = $1 AND owned.number = {{m}}.{number}
        LEFT JOIN tracking_number_assignments held
            ON held.account_id = $1 AND held.number = {{m}}.{number}
            AND held.from_at <= {{m}}.{moment}
            AND (held.to_at IS NULL OR held.to_at > {{m}}.{moment})
            AND (owned.retired_at IS NULL OR owned.retired_at > {{m}}.{moment})
        LEFT JOIN LATERAL ({_matching_lead(person, country, moment)}) matched ON true
        CROSS JOIN LATERAL (
            SELECT CASE WHEN {{m}}.participants IS NOT NULL AND {spoke}
                THEN agents_shares({{m}}.participants, {{m}}.answered_at, {{m}}.ended_at) END AS time
        ) spent""",
        chosen={
            "disposition": _chosen("disposition", "code", "code"),
            "disposition_set_at": _chosen("disposition_set_at", "set_at", "timestamptz"),
            "disposition_agent": _chosen("disposition_agent", "agent", "code"),
            "callback_at": _chosen("callback_at", "callback_at", "timestamptz"),
        },
        choice="CASE WHEN {r}.outcomes IS NOT NULL"
        " THEN chosen_outcome($1, {r}.outcomes, {r}.outcomes_at, {r}.first_set) END",
        number=number,
        person=person,
    )


def _chosen(column: str, name: str, kind: str) -> str:
    return f"CASE WHEN {{r}}.outcomes IS NULL THEN {{r}}.{column} ELSE (choice.made->>'{name}')::{kind} END"


def _matching_lead(person: str, country: str, moment: str) -> str:
    """The newest lead received before the call with the person's number, else the first lead of the week after it.

    The token of an erased number matches as the number did; a spelling without a country never matched.
    """
    return f"""
            SELECT l.external_id AS lead
            FROM leads l
            WHERE {{m}}.said_lead IS NULL AND {{m}}.lead_matching IS NOT FALSE
                AND ({{m}}.{person} LIKE '+%' OR {{m}}.{person} LIKE 'erased-%' AND {{m}}.{country} IS NOT NULL)
                AND l.account_id = $1 AND l.phone_number = {{m}}.{person}
                AND l.received_at < {{m}}.{moment} + interval '7 days'
            ORDER BY
                l.received_at <= {{m}}.{moment} DESC,
                abs(EXTRACT(EPOCH FROM l.received_at - {{m}}.{moment})),
                l.external_id
            LIMIT 1"""  # noqa: S608  names of our own


_OUTCOMES = Own(
    (
        *("disposition_set_at", "disposition", "disposition_agent", "callback_at"),
        *("outcomes", "outcomes_at", "outcomes_received_at"),
    ),
    at="COALESCE({row}.outcomes_at, {row}.disposition_set_at)",
    reported=("disposition", "outcomes"),
    received="outcomes_received_at",
)
_PARTICIPANTS = United("participants", "unite_participants")
_FIRST_SET = United("first_set", "unite_earliest")

ATTEMPTS = Fact(
    table="attempts",
    key=("dialer", "external_id"),
    surrogate=("id",),
    known_by="dialed_at",
    laws=(
        Earliest("dialed_at"),
        Earliest("rang_at"),
        Earliest("answered_at"),
        Earliest("agent_joined_at"),
        Latest("ended_at"),
        *_newest("campaign", "agent", "said_lead", "lead_matching", "contact", "said_source", "from_number"),
        Newest(("to_number", "to_country", "to_region", "to_zones")),
        *_newest("ring_ms", "said_talk_ms", "said_hold_ms", "wrap_ms", "dead_ms"),
        Newest(("network_result",), rank="({row}.network_result <> 'unknown')::integer"),
        # The agent's answer outranks the machine's guess. The machine's guess outranks the carrier's signal.
        Newest(
            ("answered_by", "detector"),
            rank="({row}.answered_by <> 'unknown')::integer * 4 + CASE {row}.detector"
            " WHEN 'agent' THEN 3 WHEN 'amd' THEN 2 WHEN 'carrier' THEN 1 ELSE 0 END",
        ),
        *_newest("person_after_ms"),
        Newest(("handled",), rank="({row}.handled <> 'none')::integer"),
        _PARTICIPANTS,
        *_newest("recording", "note", "value", "test", "spam"),
        _OUTCOMES,
        _FIRST_SET,
    ),
    derived=_of_call(
        "from_number",
        "to_number",
        "to_country",
        "dialed_at",
        # In a click to call the agent's own phone answers first; nobody talks unless the customer answers too.
        spoke="({m}.answered_at IS NOT NULL OR COALESCE({m}.network_result, 'unknown') IN ('unknown', 'answered'))",
        # Where its lead says it is; a number's place is only a guess of it. Under row-level security an index accepts a
        # CASE; it never accepts COALESCE, which would read every lead of the account for every call.
        more={
            "lead_zone": "(SELECT l.time_zone FROM leads l"
            " WHERE l.account_id = $1"
            " AND l.external_id = CASE WHEN {m}.said_lead IS NULL THEN matched.lead ELSE {m}.said_lead END)"
        },
    ),
    mentions={
        "campaign": "campaigns",
        "agent": "agents",
        "said_lead": "leads",
        "said_source": "sources",
        "disposition": "disposition_codes",
        "disposition_agent": "agents",
    },
)

INBOUND_CALLS = Fact(
    table="inbound_calls",
    key=("dialer", "external_id"),
    surrogate=("id",),
    known_by="arrived_at",
    laws=(
        Earliest("arrived_at"),
        Earliest("queued_at"),
        Earliest("answered_at"),
        Latest("ended_at"),
        *_newest("campaign", "agent", "said_lead", "lead_matching", "contact", "said_source", "to_number"),
        Newest(("from_number", "from_country", "from_region", "from_zones")),
        Earliest("callback_chosen_at"),
        Earliest("escalated_at"),
        *_newest("menu_path", "menu_ms", "topic", "said_case", "escalated_to"),
        *_newest("queue", "queue_ms", "said_talk_ms", "said_hold_ms", "wrap_ms"),
        Newest(("outcome",), rank="({row}.outcome <> 'unknown')::integer"),
        *_newest("transferred"),
        _PARTICIPANTS,
        United("offers", "unite_offers"),
        United("segments", "unite_segments"),
        *_newest("recording", "note", "value", "test", "spam"),
        _OUTCOMES,
        _FIRST_SET,
    ),
    derived=_of_call("to_number", "from_number", "from_country", "arrived_at", spoke="true"),
    mentions=ATTEMPTS.mentions,
)

DISPOSITIONS = Fact(
    table="dispositions",
    # Of one moment a call has one disposition, which may be corrected, or the outcomes of a list, each by its code.
    key=("dialer", "attempt", "set_at", "listed"),
    laws=_newest("code", "agent", "callback_at", "note"),
    mentions={"agent": "agents", "code": "disposition_codes"},
)

LEADS = Fact(
    table="leads",
    key=("external_id",),
    surrogate=("id",),
    known_by="received_at",
    laws=(
        Earliest("received_at"),
        *_newest("source", "campaign"),
        Newest(("phone_number", "phone_country", "phone_region", "phone_zones")),
        *_newest("owner", "assigned_at", "closed_at", "close_reason", "attributes", "test", "time_zone"),
    ),
    mentions={"source": "sources", "campaign": "campaigns", "owner": "agents"},
)

APPOINTMENTS = Fact(
    table="appointments",
    key=("external_id",),
    laws=(
        *_newest("lead", "dialer", "attempt", "agent"),
        Earliest("set_at"),
        *_newest("scheduled_at"),
        Own(
            ("status_at", "status"),
            at="{row}.status_at",
            reported=("status",),
        ),
    ),
    mentions={"lead": "leads", "agent": "agents"},
)

FOLLOW_UPS = Fact(
    table="follow_ups",
    key=("external_id",),
    laws=_newest("lead", "agent", "channel", "due_at", "done_at", "automated"),
    mentions={"lead": "leads", "agent": "agents"},
)

STAGE_CHANGES = Fact(
    table="stage_changes",
    key=("external_id",),
    laws=_newest("opportunity", "lead", "stage", "changed_at", "amount", "gross_profit", "currency"),
    mentions={"lead": "leads"},
)

SPEND = Fact(
    table="spend",
    key=("external_id",),
    laws=_newest("source", "campaign", "tracking_number", "from_on", "to_on", "amount", "currency"),
    mentions={"source": "sources", "campaign": "campaigns"},
)

AGENT_STATES = Fact(
    table="agent_states",
    key=("agent", "from_at"),
    laws=_newest("state", "reason", "to_at"),
    mentions={"agent": "agents"},
)

CASES = Fact(
    table="cases",
    key=("external_id",),
    laws=(
        Earliest("opened_at"),
        *_newest("lead", "agent", "queue", "topic", "source", "campaign"),
        *_newest("resolved_at", "reopened_at", "closed_at", "escalated_at", "escalated_to"),
        United("calls", "unite_calls"),
        *_newest("test"),
    ),
    mentions={"lead": "leads", "agent": "agents", "source": "sources", "campaign": "campaigns"},
)

SCHEDULES = Fact(
    table="schedules",
    key=("agent", "from_at"),
    laws=_newest("activity", "to_at"),
    mentions={"agent": "agents"},
)

STAFF = Fact(
    table="staff",
    key=("external_id",),
    laws=_newest("agent", "team", "manager", "joined_on", "left_on", "voluntary"),
    mentions={"agent": "agents"},
)

RUNNING_COSTS = Fact(
    table="running_costs",
    key=("external_id",),
    laws=_newest("team", "overhead", "from_on", "to_on", "amount", "currency"),
)

CUSTOMERS = Fact(
    table="customers",
    key=("external_id",),
    laws=_newest(
        *("customer", "lead", "since_on", "until_on", "reason"), *("value", "gross_profit", "value_per", "currency")
    ),
    mentions={"lead": "leads"},
)

SURVEYS = Fact(
    table="surveys",
    key=("external_id",),
    laws=_newest(
        *("kind", "scale", "asked_at", "delivered", "answered_at", "score", "comment"),
        *("dialer", "call", "case_id", "lead", "agent", "queue"),
    ),
    mentions={"lead": "leads", "agent": "agents"},
)

FORM_ITEMS = Fact(
    table="form_items",
    key=("form", "form_version", "item"),
    laws=_newest("section", "weight", "max_points", "auto_fail", "script", "from_on"),
)

EVALUATIONS = Fact(
    table="evaluations",
    key=("external_id",),
    laws=(
        *_newest("form", "form_version", "evaluated_at", "evaluator"),
        *_newest("dialer", "call", "case_id", "agent", "queue", "session", "auto_failed", "comment"),
        Own(("dispute_at", "dispute"), at="{row}.dispute_at", reported=("dispute",)),
    ),
    mentions={"agent": "agents"},
)

EVALUATION_SCORES = Fact(
    table="evaluation_scores",
    key=("evaluation", "item"),
    laws=_newest("evaluated_at", "not_applicable", "points"),
)

SHARED_CALLS = Fact(
    table="shared_calls",
    key=("external_id",),
    laws=_newest("dialer", "call", "team", "manager", "note", "shared_at", "withdrawn_at"),
)

SOURCES = Fact("sources", ("code",), _put("name", "medium", "confirmed", "merged_into"))
CAMPAIGNS = Fact(
    "campaigns",
    ("code",),
    _put("name", "source", "region", "zone", "starts_on", "ends_on", "confirmed", "merged_into"),
    mentions={"source": "sources"},
)
AGENTS = Fact("agents", ("code",), _put("name", "team", "zone", "confirmed", "merged_into"))
DISPOSITION_CODES = Fact(
    "disposition_codes",
    ("code",),
    _put(
        "name",
        "network_result",
        "answered_by",
        "party",
        "handled",
        "result",
        "next_step",
        "confirmed",
        "merged_into",
    ),
)
TRACKING_NUMBERS = Fact("tracking_numbers", ("number",), _put("name", "confirmed", "retired_at"))
ASSIGNMENTS = Fact(
    "tracking_number_assignments",
    ("number", "from_at"),
    _put("to_at", "campaign", "source", "agent"),
    mentions={"campaign": "campaigns", "source": "sources", "agent": "agents"},
)
CALENDARS = Fact("calendars", ("team",), _put("zone", "hours", "holidays"))
TARGETS = Fact(
    "targets",
    ("metric", "dimension", "code", "from_on"),
    _put("to_on", "value", "upper", "within_ms"),
    surrogate=("id",),
)
LEAD_ATTRIBUTES = Fact("lead_attributes", ("name",), _put("title", "allowed", "bands", "fewest_leads", "reported"))
EXCHANGE_RATES = Fact("exchange_rates", ("base", "quote", "rate_on"), _put("rate"))

FACTS = (
    SOURCES,
    CAMPAIGNS,
    AGENTS,
    DISPOSITION_CODES,
    TRACKING_NUMBERS,
    ASSIGNMENTS,
    CALENDARS,
    TARGETS,
    LEAD_ATTRIBUTES,
    EXCHANGE_RATES,
    LEADS,
    ATTEMPTS,
    INBOUND_CALLS,
    DISPOSITIONS,
    APPOINTMENTS,
    FOLLOW_UPS,
    STAGE_CHANGES,
    SPEND,
    AGENT_STATES,
    CASES,
    SCHEDULES,
    STAFF,
    RUNNING_COSTS,
    CUSTOMERS,
    SURVEYS,
    FORM_ITEMS,
    EVALUATIONS,
    EVALUATION_SCORES,
    SHARED_CALLS,
)

# Calls: a corrected assignment, lead or code changes what the ledger found out about them.
CALLS = tuple(fact for fact in FACTS if fact.derived)
