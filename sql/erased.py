"""Statements that keep erased people erased.

The ledger runs them over the stages before and after it merges a batch, in accounts that have ever erased a person.

Dialers send calls again, and people import old files again. These statements replace an erased number with its token,
so leads and calls that shared the number still share the token. Erased leads, and calls with an erased lead or number,
get no other number. Their notes, attributes, contacts and recordings do not enter the ledger either. What entered
before a call turned out to be an erased person's is emptied after the merge (sql/queries/erasures.sql).

In every statement $1 is the account. The aliases are those of sql/merge.py: i the incoming observation, t the stored
row. In addition, o is another observation of the same batch.
"""

from sql.facts import (
    ATTEMPTS,
    CASES,
    CUSTOMERS,
    DISPOSITIONS,
    EVALUATIONS,
    INBOUND_CALLS,
    LEADS,
    SHARED_CALLS,
    SURVEYS,
    Fact,
)

# Scalar subqueries throughout: each looks up one key. PostgreSQL may plan EXISTS as a scan of the whole table.
_KEY = "(SELECT a.lake_key FROM accounts a WHERE a.account_id = $1)"
_IS_TOKEN = "LIKE 'erased-%'"  # noqa: S105  not a password


def _token_of_number(number: str) -> str:
    # The account's own tracking numbers never count as erased, even if an erased person had them before.
    # The number in an address of another system, such as sip:+14155550123@example.
    inside = f"'+' || substring({number}::text FROM '^(?:[a-z]+:)?[+]?([0-9]{{7,15}}(?:;ext=[0-9]+)?)')"
    ours = f"SELECT FROM tracking_numbers n WHERE n.account_id = $1 AND n.number = {number}"
    spellings = f"number_spellings({number}::text) || number_spellings({inside})"
    return (
        "(SELECT e.token FROM erased_numbers e"
        f" WHERE e.account_id = $1 AND e.number_id = ANY (ARRAY(SELECT lake_id({_KEY}, s) FROM unnest({spellings}) s))"
        f" AND NOT EXISTS ({ours}) LIMIT 1)"
    )


def _token_of_lead(lead: str) -> str:
    return f"(SELECT e.token FROM erased_leads e WHERE e.account_id = $1 AND e.lead = {lead})"


def _stored(fact: Fact, value: str, row: str = "i") -> str:
    key = " AND ".join(f"t.{name} = {row}.{name}" for name in fact.key)
    return f"(SELECT {value} FROM {fact.table} t WHERE t.account_id = $1 AND {key})"


# The columns with the numbers of people in a call; the first holds the number of the other party.
_PEOPLE = {ATTEMPTS: ("to_number", "from_number"), INBOUND_CALLS: ("from_number",)}


def _is_erased(fact: Fact, row: str) -> str:
    """Whether a row belongs to a call with an erased person."""
    numbers = (f"COALESCE({row}.{number} {_IS_TOKEN}, false)" for number in _PEOPLE[fact])
    lead = f"{row}.lead" if row == "t" else f"{row}.said_lead"
    return f"({' OR '.join(numbers)} OR {_token_of_lead(lead)} IS NOT NULL)"


_NUMBERS_OF_LEADS = f"""
        UPDATE incoming_leads i
        SET phone_number = {_token_of_number("i.phone_number")}
        WHERE {_token_of_number("i.phone_number")} IS NOT NULL"""

# A lead that has no stored number and arrives with an erased number is the erased person.
_NEW_LEADS = f"""
        INSERT INTO erased_leads (account_id, lead, token, erasure)
        SELECT DISTINCT ON (i.external_id) $1::integer, i.external_id, e.token, e.erasure
        FROM incoming_leads i
        JOIN erased_numbers e ON e.account_id = $1 AND e.token = i.phone_number
        WHERE i.phone_number {_IS_TOKEN} AND {_stored(LEADS, "t.phone_number")} IS NULL
        ORDER BY i.external_id
        ON CONFLICT DO NOTHING"""

_LEADS = f"""
        UPDATE incoming_leads i
        SET phone_number = CASE
                WHEN i.phone_number IS NULL OR i.phone_number {_IS_TOKEN} THEN i.phone_number
                ELSE COALESCE({_stored(LEADS, "t.phone_number")}, {_token_of_lead("i.external_id")})
            END,
            attributes = NULL,
            close_reason = NULL
        WHERE {_token_of_lead("i.external_id")} IS NOT NULL"""


def _numbers_of(fact: Fact) -> str:
    tokens = {number: _token_of_number(f"i.{number}") for number in _PEOPLE[fact]}
    values = ", ".join(f"{number} = COALESCE({token}, i.{number})" for number, token in tokens.items())
    return f"""
        UPDATE incoming_{fact.table} i
        SET {values}
        WHERE {" OR ".join(f"{token} IS NOT NULL" for token in tokens.values())}"""


def _is_erased_call(row: str) -> str:
    """Whether the ledger knows a call as an erased person's, as an attempt or as an inbound call."""
    return " OR ".join(f"COALESCE({_stored(fact, _is_erased(fact, 't'), row)}, false)" for fact in _PEOPLE)


def _calls(fact: Fact) -> str:
    """Calls with an erased person: keeps out their other numbers, notes, contacts and recordings.

    Other values of the observation, such as the country of the number, follow the usual laws. An old observation loses
    to newer values, and a new observation wins.
    """
    number, *_ = _PEOPLE[fact]
    return f"""
        UPDATE incoming_{fact.table} i
        SET note = NULL, contact = NULL, {number} = CASE
                WHEN i.{number} IS NULL OR i.{number} {_IS_TOKEN} THEN i.{number}
                -- What is known of a call already is another's, where it is no token: an erasure has left it.
                WHEN i.{number} = {_stored(fact, f"t.{number}")} THEN i.{number}
                ELSE COALESCE(
                    {_stored(fact, f"CASE WHEN t.{number} {_IS_TOKEN} THEN t.{number} END")},
                    {_token_of_lead("i.said_lead")},
                    {_stored(fact, _token_of_lead("t.lead"))},
                    i.{number}
                )
            END,
            recording = CASE
                WHEN {_stored(fact, "t.recording->>'uri'")} <> 'erased' THEN NULL
                ELSE (i.recording - 'consent') || '{{"uri": "erased"}}'
            END
        WHERE COALESCE(
            (i.dialer, i.external_id) IN (
                SELECT o.dialer, o.external_id
                FROM incoming_{fact.table} o
                WHERE {_is_erased(fact, "o")} OR {_is_erased_call("o")}
            ),
            false
        )"""


_DISPOSITIONS = f"""
        UPDATE incoming_dispositions i
        SET note = NULL
        FROM (
            SELECT DISTINCT o.dialer, o.attempt AS external_id FROM incoming_dispositions o WHERE o.note IS NOT NULL
        ) c
        WHERE i.dialer = c.dialer AND i.attempt = c.external_id AND ({_is_erased_call("c")})"""

_CUSTOMERS = f"""
        UPDATE incoming_customers i
        SET reason = NULL
        WHERE {_token_of_lead(f"COALESCE(i.lead, {_stored(CUSTOMERS, 't.lead')})")} IS NOT NULL"""


def _comments(fact: Fact, column: str = "comment") -> str:
    """Comments on calls and of leads that are an erased person's, as the item names them or as they are stored."""
    stored = {name: f"COALESCE(o.{name}, {_stored(fact, f't.{name}', 'o')})" for name in ("dialer", "call")}
    lead = f"COALESCE(o.lead, {_stored(fact, 't.lead', 'o')})" if "lead" in fact.observed else "NULL::text"
    return f"""
        UPDATE incoming_{fact.table} i
        SET {column} = NULL
        FROM (
            SELECT DISTINCT o.external_id AS id, {stored["dialer"]} AS dialer, {stored["call"]} AS external_id,
                {lead} AS lead
            FROM incoming_{fact.table} o
            WHERE o.{column} IS NOT NULL
        ) c
        WHERE i.external_id = c.id AND ({_token_of_lead("c.lead")} IS NOT NULL OR {_is_erased_call("c")})"""


# In run order. The statements of a fact run before its rows are merged, and after the rows of the facts above it.
STATEMENTS: dict[Fact, tuple[str, ...]] = {
    LEADS: (_NUMBERS_OF_LEADS, _NEW_LEADS, _LEADS),
    ATTEMPTS: (_numbers_of(ATTEMPTS), _calls(ATTEMPTS)),
    INBOUND_CALLS: (_numbers_of(INBOUND_CALLS), _calls(INBOUND_CALLS)),
    DISPOSITIONS: (_DISPOSITIONS,),
    CUSTOMERS: (_CUSTOMERS,),
    SURVEYS: (_comments(SURVEYS),),
    EVALUATIONS: (_comments(EVALUATIONS),),
    SHARED_CALLS: (_comments(SHARED_CALLS, "note"),),
}


def _erased_calls(fact: Fact) -> str:
    return f"""
        SELECT DISTINCT i.dialer, i.external_id
        FROM incoming_{fact.table} i
        WHERE {_is_erased_call("i")}"""


_CALLS_OF_LEADS = " UNION ".join(
    f"""
        SELECT t.dialer, t.external_id
        FROM incoming_leads i
        JOIN erased_leads e ON e.account_id = $1 AND e.lead = i.external_id
        JOIN {fact.table} t ON t.account_id = $1 AND t.lead = e.lead"""
    for fact in _PEOPLE
)

# For each fact the calls of the stage that are an erased person's, once its rows are merged: dialer, external_id.
ERASED_CALLS: dict[Fact, str] = {
    LEADS: _CALLS_OF_LEADS,
    ATTEMPTS: _erased_calls(ATTEMPTS),
    INBOUND_CALLS: _erased_calls(INBOUND_CALLS),
}
# For each fact the erased leads of the stage: lead.
ERASED_LEADS = {
    fact: f"""
        SELECT DISTINCT e.lead
        FROM incoming_{fact.table} i
        JOIN erased_leads e ON e.account_id = $1 AND e.lead = i.{column}"""
    for fact, column in {LEADS: "external_id", CUSTOMERS: "lead"}.items()
}


def _commented_calls(fact: Fact) -> str:
    return f"""
        SELECT c.dialer, c.external_id
        FROM (
            SELECT DISTINCT t.dialer, t.call AS external_id
            FROM incoming_{fact.table} i
            JOIN {fact.table} t ON t.account_id = $1 AND t.external_id = i.external_id
            WHERE t.call IS NOT NULL
        ) c
        WHERE {_is_erased_call("c")}"""


def _calls_of_cases(fact: Fact, case: str) -> str:
    """The erased calls of the cases of a stage. case: the column of the fact that names them."""
    return f"""
        SELECT c.dialer, c.external_id
        FROM (
            SELECT DISTINCT s.dialer, s.external_id
            FROM incoming_{fact.table} i
            JOIN {fact.table} t ON t.account_id = $1 AND t.external_id = i.external_id
            JOIN cases k ON k.account_id = $1 AND k.external_id = t.{case}
            CROSS JOIN LATERAL jsonb_to_recordset(k.calls) s (dialer text, external_id text)
        ) c
        WHERE {_is_erased_call("c")}"""


def _leads_of_cases(fact: Fact, case: str) -> str:
    """The erased leads of the cases of a stage."""
    return f"""
        SELECT e.lead
        FROM incoming_{fact.table} i
        JOIN {fact.table} t ON t.account_id = $1 AND t.external_id = i.external_id
        JOIN cases k ON k.account_id = $1 AND k.external_id = t.{case}
        JOIN erased_leads e ON e.account_id = $1 AND e.lead = k.lead"""


_LEADS_OF_SURVEYS = """
        SELECT e.lead
        FROM incoming_surveys i
        JOIN surveys t ON t.account_id = $1 AND t.external_id = i.external_id
        JOIN erased_leads e ON e.account_id = $1 AND e.lead = t.lead"""

# For each fact the calls and the leads that are an erased person's and that comments are about, once its stage is
# merged. A case may come after the comments on it.
COMMENTS_OF_CALLS: dict[Fact, str] = {
    CASES: _calls_of_cases(CASES, "external_id"),
    SHARED_CALLS: _commented_calls(SHARED_CALLS),
    **{fact: f"{_commented_calls(fact)} UNION {_calls_of_cases(fact, 'case_id')}" for fact in (SURVEYS, EVALUATIONS)},
}
COMMENTS_OF_LEADS: dict[Fact, str] = {
    CASES: _leads_of_cases(CASES, "external_id"),
    EVALUATIONS: _leads_of_cases(EVALUATIONS, "case_id"),
    SURVEYS: f"{_LEADS_OF_SURVEYS} UNION {_leads_of_cases(SURVEYS, 'case_id')}",
}
