"""The statements that merge observations into the ledger, generated from the laws in sql/facts.py.

The service copies observations into a stage, `incoming_<table>`, and merges them set by set. It inserts rows with new
keys. It locks and merges rows with known keys, and moves the version they replace to `<table>_history`. A batch with
several observations of one key is merged in rounds: one observation per key and round.

In every statement $1 is the account. The aliases are the same throughout: i the incoming observation, t the stored
row, d whether the row knows the observation, s the row's stamps, w the columns that the observation
wins, r the merged row before a choice among its values, m the merged row, n its new stamps.
"""

from dataclasses import dataclass
from functools import cache

from sql.facts import ATTEMPTS, INBOUND_CALLS, Earliest, Fact, Latest, Law, Newest, Own, Put, United


@dataclass(frozen=True)
class Statements:
    """The statements that capture one fact.

    stage: creates incoming_<table>, which each commit empties.
    mention: $1 account; creates the leads that the stage mentions; empty if the fact mentions no leads.
    insert: $1 account, $2 round; returns the new keys.
    lock: $1 account, $2 places in the batch; locks their stored rows in key order.
    merge: $1 account, $2 places in the batch; returns idx, changed, revealed, outranked: superseded fields, each with
    the moment it lost to.
    reattribute: $1 account, $2 own numbers; finds out again what the ledger knows about the calls of these numbers.
    rematch: $1 account, $2 numbers of people; the same for the calls with these people that name no lead.
    relocate: $1 account, $2 leads; the same for the calls to these leads. Only for attempts.
    rechoose: $1 account, $2 codes; the same for the calls with several outcomes, these codes among them.
    Each returns the number of changed rows.
    retract: $1 account; clears every value of a call that the stage also holds; returns the number of changed rows.
    It withdraws wrongly parsed values before the delivery is parsed again.
    withdraw: $1 account, $2 dialers, $3 external ids; takes back the arrival of inbound calls that are known as dialed
    attempts: a dialer may call them inbound once they are transferred. Only for inbound calls.
    All from reattribute on are empty if the fact is not a call.
    """

    stage: str
    mention: str
    insert: str
    lock: str
    merge: str
    reattribute: str
    rematch: str
    relocate: str
    rechoose: str
    retract: str
    withdraw: str


@cache
def statements(fact: Fact) -> Statements:
    """The statements of one fact. A test prepares them against a migrated ledger."""
    return Statements(
        stage=_stage(fact),
        mention=_mention(fact),
        insert=_insert(fact),
        lock=_lock(fact),
        merge=_merge(fact),
        reattribute=_reattribute(fact),
        rematch=_rematch(fact),
        relocate=_rederive(fact, "t.lead = ANY($2::text[])") if fact is ATTEMPTS else "",
        rechoose=_rechoose(fact),
        retract=_retract(fact),
        withdraw=_withdraw(fact) if fact is INBOUND_CALLS else "",
    )


# PostgreSQL hashes this set. With = ANY it would compare every row with every place; so would a join with hash joins
# off. COALESCE keeps it a set.
_PLACES = "COALESCE(i.idx IN (SELECT unnest($2::integer[])), false)"


# The numbers of staged leads that are new, moved to another number or came earlier: $1 account. Their calls are matched
# again once the leads are merged.
CHANGED_LEAD_NUMBERS = """
        SELECT DISTINCT n.number
        FROM incoming_leads i
        LEFT JOIN leads t ON t.account_id = $1 AND t.external_id = i.external_id
        CROSS JOIN LATERAL (VALUES (i.phone_number), (t.phone_number)) n (number)
        WHERE n.number IS NOT NULL AND (
            t.received_at IS NULL
            OR i.received_at < t.received_at
            OR i.phone_number IS DISTINCT FROM t.phone_number AND i.phone_number IS NOT NULL
        )"""


# The staged leads that state another time zone: $1 account. The hour over there changes in their calls.
MOVED_LEADS = """
        SELECT i.external_id
        FROM incoming_leads i
        JOIN leads t ON t.account_id = $1 AND t.external_id = i.external_id
        WHERE i.time_zone <> COALESCE(t.time_zone, '')"""


def stage_name(fact: Fact) -> str:
    """The temporary table for incoming observations of this fact."""
    return f"incoming_{fact.table}"


def _stage(fact: Fact) -> str:
    columns = ", ".join(fact.stage[2:])
    return (
        f"CREATE TEMPORARY TABLE {stage_name(fact)} ON COMMIT DELETE ROWS AS"
        f" SELECT 0 AS idx, 0 AS round, {columns} FROM {fact.table} WITH NO DATA"
    )


def _mention(fact: Fact) -> str:
    lead = next((column for column, table in fact.mentions.items() if table == "leads"), None)
    if lead is None:
        return ""
    return f"""
        INSERT INTO leads (account_id, external_id, observed_at)
        SELECT DISTINCT $1::integer, i.{lead}, '-infinity'::timestamptz
        FROM {stage_name(fact)} i
        WHERE i.{lead} IS NOT NULL
            AND NOT EXISTS (SELECT FROM leads l WHERE l.account_id = $1 AND l.external_id = i.{lead})
        ORDER BY i.{lead}
        ON CONFLICT DO NOTHING"""


def _insert(fact: Fact) -> str:
    derived = fact.derived.columns if fact.derived else {}
    stamp = ["observed_at", "digests"] if fact.stamped else []
    columns = ["account_id", *fact.key, *fact.observed, *derived, *stamp]
    values = [
        "$1",
        *_of("i", fact.key),
        *_of("m", fact.observed),
        *_expressions(fact, "m"),
        *(["COALESCE(i.observed_at, '-infinity')", _first_digests(fact)] if fact.stamped else []),
    ]
    return f"""
        INSERT INTO {fact.table} ({", ".join(columns)})
        SELECT {", ".join(values)}
        FROM {stage_name(fact)} i
        {_merged_row(fact, [v for law in fact.laws for v in _first_values(law)])}
        {_joins(fact, "m")}
        WHERE i.round = $2
        ORDER BY {", ".join(_of("i", fact.key))}
        ON CONFLICT (account_id, {", ".join(fact.key)}) DO NOTHING
        RETURNING {", ".join(fact.key)}"""


def _lock(fact: Fact) -> str:
    return f"""
        SELECT
        FROM {stage_name(fact)} i
        JOIN {fact.table} t ON {_same_key(fact, "i")}
        WHERE {_PLACES}
        ORDER BY {", ".join(_of("t", fact.key))}
        FOR UPDATE OF t"""


def _merge(fact: Fact) -> str:
    revealed = f"t.{fact.known_by} IS NULL AND m.{fact.known_by} IS NOT NULL" if fact.known_by else "false"
    return f"""
        WITH merged AS MATERIALIZED (
            SELECT
                i.idx,
                {", ".join(_of("t", fact.key))},
                {", ".join(_of("m", fact.observed))},
                {_aliased(fact)}
                {"n.observed_at, n.stamps, n.digests," if fact.stamped else ""}
                {_is_distinct(fact)} AS changed,
                {"a.restamped" if fact.stamped else "false"} AS restamped,
                t.changed_xid = pg_current_xact_id() AS ours,
                {revealed} AS revealed,
                {_superseded_fields(fact)} AS outranked
            FROM {stage_name(fact)} i
            JOIN {fact.table} t ON {_same_key(fact, "i")}
            {_known_step(fact)}
            {_stamp_steps(fact)}
            {_merged_row(fact, [v for law in fact.laws for v in _merged_values(law)])}
            {_joins(fact, "m")}
            {_new_stamps(fact)}
            WHERE {_PLACES}
        ),
        {_archive_and_write(fact, "merged")}
        SELECT idx, changed, revealed, outranked FROM merged"""


def _reattribute(fact: Fact) -> str:
    return _rederive(fact, f"t.{fact.derived.number} = ANY($2::text[])") if fact.derived else ""


def _rematch(fact: Fact) -> str:
    if not fact.derived:
        return ""
    return _rederive(fact, f"t.said_lead IS NULL AND t.{fact.derived.person} = ANY($2::text[])")


def _rechoose(fact: Fact) -> str:
    if not fact.derived:
        return ""
    return _rederive(
        fact,
        """jsonb_array_length(t.outcomes) > 1 AND EXISTS (
                SELECT FROM jsonb_array_elements(t.outcomes) o
                JOIN disposition_codes c ON c.account_id = $1 AND c.code = o->>'code'
                WHERE c.code = ANY($2::text[]) OR c.merged_into = ANY($2::text[])
            )""",
    )


def _rederive(fact: Fact, rows: str) -> str:
    """Computes some rows of calls again; the rows that change move to history as in every merge."""
    return f"""
        WITH derived AS MATERIALIZED (
            SELECT
                {", ".join(_of("t", fact.key))},
                {", ".join(_of("m", fact.observed))},
                {_aliased(fact)}
                t.observed_at,
                t.stamps,
                t.digests,
                {_is_distinct(fact)} AS changed,
                false AS restamped,
                t.changed_xid = pg_current_xact_id() AS ours
            FROM {fact.table} t
            {_merged_row(fact, _of("t", fact.observed))}
            {_joins(fact, "m")}
            WHERE t.account_id = $1 AND {rows}
        ),
        {_archive_and_write(fact, "derived")}
        SELECT count(*) FROM derived WHERE changed"""


def _withdraw(fact: Fact) -> str:
    values = ["NULL::timestamptz AS arrived_at" if name == "arrived_at" else f"t.{name}" for name in fact.observed]
    return f"""
        WITH withdrawn AS MATERIALIZED (
            SELECT
                {", ".join(_of("t", fact.key))},
                {", ".join(_of("m", fact.observed))},
                {_aliased(fact)}
                t.observed_at,
                t.stamps,
                t.digests,
                true AS changed,
                false AS restamped,
                t.changed_xid = pg_current_xact_id() AS ours
            FROM unnest($2::text[], $3::text[]) k (dialer, external_id)
            JOIN {fact.table} t ON {_same_key(fact, "k")}
            JOIN attempts a ON a.account_id = $1 AND a.dialer = t.dialer AND a.external_id = t.external_id
            {_merged_row(fact, values)}
            {_joins(fact, "m")}
            WHERE t.arrived_at IS NOT NULL AND a.dialed_at IS NOT NULL
        ),
        {_archive_and_write(fact, "withdrawn")}
        SELECT count(*) FROM withdrawn"""


def _retract(fact: Fact) -> str:
    if not fact.derived:
        return ""
    sent = f"FROM {stage_name(fact)} i WHERE {' AND '.join(f'i.{name} = t.{name}' for name in fact.key)}"
    forgotten = {law.columns[0]: _is_sent(law, sent) for law in fact.laws}
    remaining = [
        f"CASE WHEN f.{law.columns[0]} THEN NULL ELSE t.{name} END AS {name}"
        for law in fact.laws
        for name in law.columns
    ]
    stamps = ", ".join(f"CASE WHEN f.{name} THEN '{name}' END" for name in forgotten)
    return f"""
        WITH retracted AS MATERIALIZED (
            SELECT
                {", ".join(_of("t", fact.key))},
                {", ".join(_of("m", fact.observed))},
                {_aliased(fact)}
                t.observed_at,
                NULLIF(t.stamps - array_remove(ARRAY[{stamps}], NULL), '{{}}') AS stamps,
                '{{}}'::bigint[] AS digests,
                {_is_distinct(fact)} AS changed,
                false AS restamped,
                t.changed_xid = pg_current_xact_id() AS ours
            FROM (SELECT DISTINCT {", ".join(fact.key)} FROM {stage_name(fact)}) k
            JOIN {fact.table} t ON {_same_key(fact, "k")}
            CROSS JOIN LATERAL (SELECT {", ".join(f"{wrong} AS {name}" for name, wrong in forgotten.items())}) f
            {_merged_row(fact, remaining)}
            {_joins(fact, "m")}
        ),
        {_archive_and_write(fact, "retracted")}
        SELECT count(*) FROM retracted WHERE changed"""


def _is_sent(law: Law, sent: str) -> str:
    """Whether a stored value came from the stage. A united value goes whole: the other deliveries bring it again."""
    match law:
        case United(column):
            return f"EXISTS (SELECT {sent} AND i.{column} IS NOT NULL)"
        case Own(at=at):
            return f"{at.format(row='t')} IN (SELECT {at.format(row='i')} {sent})"
        case _:
            return f"t.{law.columns[0]} IN (SELECT i.{law.columns[0]} {sent})"


def _archive_and_write(fact: Fact, merged: str) -> str:
    """Move the replaced version to history and write the new one.

    No other transaction ever saw a version that this transaction wrote, so it is overwritten and not archived. A
    transaction that started earlier may commit later, so a version never ends before it began.
    """
    now = "GREATEST(now(), t.recorded_at + interval '1 microsecond')"
    values = [*fact.observed, *(fact.derived.columns if fact.derived else ())]
    values += ["observed_at", "stamps", "digests"] if fact.stamped else []
    assignments = ", ".join(f"{column} = m.{column}" for column in values)
    return f"""archived AS (
            INSERT INTO {fact.table}_history ({", ".join(fact.versioned)}, superseded_at)
            SELECT {", ".join(_of("t", fact.versioned))}, {now}
            FROM {fact.table} t
            JOIN {merged} m ON {_same_key(fact, "m")}
            WHERE m.changed AND NOT m.ours
        ),
        written AS (
            UPDATE {fact.table} t
            SET {assignments},
                recorded_at = CASE WHEN m.changed AND NOT m.ours THEN {now} ELSE t.recorded_at END,
                changed_xid = CASE WHEN m.changed THEN pg_current_xact_id() ELSE t.changed_xid END
            FROM {merged} m
            WHERE {_same_key(fact, "m")} AND (m.changed OR m.restamped)
        )"""


def _merged_row(fact: Fact, values: list[str]) -> str:
    """The merged row m from the values of its observed columns; in calls some columns are then chosen.

    OFFSET keeps the values of m apart from the joins: under row-level security an index accepts a plain column, not
    the expressions behind it.
    """
    if not fact.derived:
        return f"CROSS JOIN LATERAL (SELECT {', '.join(values)}) m"
    chosen = {name: value.format(r="r") for name, value in fact.derived.chosen.items()}
    columns = ", ".join(f"{chosen[name]} AS {name}" if name in chosen else f"r.{name}" for name in fact.observed)
    return f"""CROSS JOIN LATERAL (SELECT {", ".join(values)}) r
            CROSS JOIN LATERAL (SELECT {fact.derived.choice.format(r="r")} AS made) choice
            CROSS JOIN LATERAL (SELECT {columns} OFFSET 0) m"""


def _first_values(law: Law) -> list[str]:
    """The value of each column of a law in a new row."""
    if isinstance(law, United):
        column, function = law.column, law.function
        return [f"CASE WHEN i.{column} IS NOT NULL THEN {function}(i.{column}, NULL) END AS {column}"]
    return _of("i", law.columns)


def _merged_values(law: Law) -> list[str]:
    """The merged value of each column of a law."""
    match law:
        case Earliest(column):
            return [f"LEAST(t.{column}, i.{column}) AS {column}"]
        case Latest(column):
            return [f"GREATEST(t.{column}, i.{column}) AS {column}"]
        case Put(column):
            return [f"i.{column}"]
        case United(column, function):
            united = f"{function}(t.{column}, i.{column})"
            return [f"CASE WHEN i.{column} IS NULL THEN t.{column} ELSE {united} END AS {column}"]
        case Own():
            wins = _own_wins(law)
        case Newest(columns):
            wins = f"w.{columns[0]}"
    return [f"CASE WHEN {wins} THEN i.{column} ELSE t.{column} END AS {column}" for column in law.columns]


def _own_wins(law: Own) -> str:
    at, stored_at = (law.at.format(row=row) for row in "it")
    if law.received:
        mine, theirs = (f"COALESCE({row}.{law.received}, {law.at.format(row=row)})" for row in "it")
    else:
        mine, theirs = "i.observed_at", f"s.{law.reported[0]}"
    return f"{at} IS NOT NULL AND ({stored_at} IS NULL OR {_is_later([at, mine], [stored_at, theirs])})"


def _newest_wins(law: Newest) -> str:
    value = law.columns[0]
    mine, theirs = ["i.observed_at"], [f"s.{value}"]
    if law.rank:
        mine.insert(0, law.rank.format(row="i"))
        theirs.insert(0, law.rank.format(row="t"))
    return f"(i.{value} IS NOT NULL AND (t.{value} IS NULL OR {_is_later(mine, theirs)})) AS {value}"


def _is_later(mine: list[str], theirs: list[str]) -> str:
    """Whether the observation is of a later moment, or new and of the same moment."""
    pair = f"({', '.join(mine)}) {{}} ({', '.join(theirs)})"
    return f"CASE WHEN d.known THEN {pair.format('>')} ELSE {pair.format('>=')} END"


def _stamped_laws(fact: Fact) -> list[Newest]:
    return [law for law in fact.laws if isinstance(law, Newest)]


def _stamped_wins(fact: Fact) -> dict[str, str]:
    """The columns with a stamp, each with whether the observation wins it."""
    wins = {law.columns[0]: f"w.{law.columns[0]}" for law in _stamped_laws(fact)}
    owns = (law for law in fact.laws if isinstance(law, Own) and not law.received)
    return wins | {law.reported[0]: f"({_own_wins(law)})" for law in owns}


def _stamp_steps(fact: Fact) -> str:
    if not fact.stamped:
        return ""
    stamps = ", ".join(f"COALESCE((t.stamps->>'{n}')::timestamptz, t.observed_at) AS {n}" for n in _stamped_wins(fact))
    wins = ", ".join(_newest_wins(law) for law in _stamped_laws(fact))
    return f"CROSS JOIN LATERAL (SELECT {stamps}) s CROSS JOIN LATERAL (SELECT {wins}) w"


def _new_stamps(fact: Fact) -> str:
    """The merged row's stamps: only those older than observed_at. A row from a single observation has none.

    An observation that wins no value is older than every value it states, and needs no digest.
    """
    if not fact.stamped:
        return ""
    stamped = _stamped_wins(fact)
    older = ", ".join(
        f"'{n}', CASE WHEN m.{n} IS NOT NULL THEN"
        f" NULLIF(CASE WHEN {wins} THEN i.observed_at ELSE s.{n} END, o.observed_at) END"
        for n, wins in stamped.items()
    )
    received = [law for law in fact.laws if isinstance(law, Own) and law.received]
    wins = [*stamped.values(), *(f"({_own_wins(law)})" for law in received)]
    after = ["n.observed_at", "n.stamps", "n.digests", *(f"m.{law.received}" for law in received)]
    before = ["t.observed_at", "t.stamps", "t.digests", *(f"t.{law.received}" for law in received)]
    return f"""CROSS JOIN LATERAL (SELECT GREATEST(t.observed_at, i.observed_at) AS observed_at) o
            CROSS JOIN LATERAL (
                SELECT
                    o.observed_at,
                    NULLIF(jsonb_strip_nulls(jsonb_build_object({older})), '{{}}') AS stamps,
                    CASE WHEN NOT d.known AND ({" OR ".join(wins)})
                        THEN (
                            {_digest(fact, "i")} || COALESCE(t.digests, ARRAY[{_digest(fact, "t")}])
                        )[:{_MOST_DIGESTS}]
                        ELSE t.digests
                    END AS digests
            ) n
            CROSS JOIN LATERAL (SELECT ({", ".join(after)}) IS DISTINCT FROM ({", ".join(before)}) AS restamped) a"""


_MOST_DIGESTS = 32


def _digest(fact: Fact, row: str) -> str:
    """The digest of an observation, or of a row that is made of a single one."""
    return f"hash_record_extended(ROW({', '.join(_observation(fact, row))}), 0)"


def _observation(fact: Fact, row: str) -> list[str]:
    return [*_of(row, fact.observed), f"COALESCE({row}.observed_at, '-infinity')"]


def _first_digests(fact: Fact) -> str:
    """The digests of a new row: none while its values are those of its observation, as they can be compared."""
    united = [f"i.{law.column} IS NOT NULL" for law in fact.laws if isinstance(law, United)]
    chosen = ["i.outcomes IS NOT NULL"] if fact.derived else []
    if not united:
        return "NULL"
    return f"CASE WHEN {' OR '.join([*united, *chosen])} THEN ARRAY[{_digest(fact, 'i')}] END"


def _known_step(fact: Fact) -> str:
    """Whether the observation is known. Erased rows forgot their observations: any of the same moment counts as known.

    OFFSET keeps the comparison from being made for every column that may win.
    """
    if not fact.stamped:
        return ""
    sent, stored = (", ".join(_observation(fact, row)) for row in "it")
    return f"""CROSS JOIN LATERAL (
                SELECT CASE WHEN t.digests IS NULL
                    THEN NOT (({sent}) IS DISTINCT FROM ({stored}))
                    ELSE t.digests = '{{}}' OR {_digest(fact, "i")} = ANY(t.digests)
                END AS known
                OFFSET 0
            ) d"""


def _superseded_fields(fact: Fact) -> str:
    """The fields of the observation that lost to stored values, each with the moment it lost to: `agent 2026-03-02`.

    The moment is the observation that the stored value comes from; for a start or an end it is the stored value.
    """
    checks = ", ".join(
        f"CASE WHEN i.{name} IS NOT NULL AND i.{name} IS DISTINCT FROM m.{name}"
        f" THEN '{_wire_name(name)} ' || COALESCE(({moment})::text, '') END"
        for law in fact.laws
        for name, moment in _moments(law).items()
    )
    return f"array_remove(ARRAY[{checks}]::text[], NULL)"


def _wire_name(column: str) -> str:
    """The field of items that fills a column."""
    if column == "lead_matching":
        return "match_lead"
    name = column.removeprefix("said_")
    return name.removesuffix("_ms") + "_seconds" if name.endswith("_ms") else name


def _moments(law: Law) -> dict[str, str]:
    """The columns of a law that a receipt may name, each with the moment its stored value comes from."""
    match law:
        case Put() | United():
            return {}
        case Own(at=at, reported=reported):
            return dict.fromkeys(reported, at.format(row="m"))
        case Newest(columns):
            return {columns[0]: f"s.{columns[0]}"}
        case Earliest(column) | Latest(column):
            return {column: f"m.{column}"}


def _is_distinct(fact: Fact, merged: str = "m") -> str:
    now = [*_of(merged, fact.values), *_expressions(fact, merged)]
    before = _of("t", [*fact.values, *(fact.derived.columns if fact.derived else ())])
    return f"({', '.join(now)}) IS DISTINCT FROM ({', '.join(before)})"


def _aliased(fact: Fact, merged: str = "m") -> str:
    names = fact.derived.columns if fact.derived else {}
    return "".join(f"{value} AS {name}, " for name, value in zip(names, _expressions(fact, merged), strict=True))


def _expressions(fact: Fact, merged: str) -> list[str]:
    return [value.format(m=merged) for value in fact.derived.columns.values()] if fact.derived else []


def _joins(fact: Fact, merged: str) -> str:
    return fact.derived.joins.format(m=merged) if fact.derived else ""


def _same_key(fact: Fact, other: str) -> str:
    return " AND ".join(["t.account_id = $1", *(f"t.{column} = {other}.{column}" for column in fact.key)])


def _of(alias: str, columns: tuple[str, ...] | list[str]) -> list[str]:
    return [f"{alias}.{column}" for column in columns]
