"""What keeps the erased erased: statements over the stages, run before a batch is merged, where anyone ever was.

A dialer repeats itself and an old file is imported again. A number that was erased comes in as the token that stands
for it, so that whoever shared it still does; of an erased lead, and of an attempt that was made to one or to an erased
number, no other number comes in and nothing that was said.

In every statement $1 is the account. The aliases are those of sql/merge.py: i the incoming observation, t the stored
row; o is another observation of the same batch.
"""

from sql.facts import ATTEMPTS, DISPOSITIONS, INBOUND_CALLS, LEADS, Fact

# Scalar subqueries throughout: each is one look at a key, where EXISTS may be planned as reading a whole table.
_KEY = "(SELECT a.lake_key FROM accounts a WHERE a.account_id = $1)"
_IS_TOKEN = "LIKE 'erased-%'"  # noqa: S105  not that kind of token


def _token_of_number(number: str) -> str:
    # The account's own numbers are nobody's, whoever had them before.
    ours = f"SELECT FROM tracking_numbers n WHERE n.account_id = $1 AND n.number = {number}"
    return (
        "(SELECT e.token FROM erased_numbers e"
        f" WHERE e.account_id = $1 AND e.number_id = lake_id({_KEY}, {number}::text) AND NOT EXISTS ({ours}))"
    )


def _token_of_lead(lead: str) -> str:
    return f"(SELECT e.token FROM erased_leads e WHERE e.account_id = $1 AND e.lead = {lead})"


def _stored(fact: Fact, value: str, row: str = "i") -> str:
    key = " AND ".join(f"t.{name} = {row}.{name}" for name in fact.key)
    return f"(SELECT {value} FROM {fact.table} t WHERE t.account_id = $1 AND {key})"


# The numbers of people in a call; the first is whom it was with.
_PEOPLE = {ATTEMPTS: ("to_number", "from_number"), INBOUND_CALLS: ("from_number",)}


def _is_erased(fact: Fact, row: str) -> str:
    """Whether a row is of a call with somebody who was erased."""
    numbers = (f"COALESCE({row}.{number} {_IS_TOKEN}, false)" for number in _PEOPLE[fact])
    return f"({' OR '.join(numbers)} OR {_token_of_lead(f'{row}.lead')} IS NOT NULL)"


_NUMBERS_OF_LEADS = f"""
        UPDATE incoming_leads i
        SET phone_number = {_token_of_number("i.phone_number")}
        WHERE {_token_of_number("i.phone_number")} IS NOT NULL"""

# A lead of which no number was known, and that comes with an erased one, is the person who was erased.
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


def _calls(fact: Fact, words: str = "") -> str:
    """Calls with somebody erased: no other number of theirs comes in, and nothing that was said.

    Whatever else such an observation says of the number, its country say, it says as it would have: an old observation
    loses to what is known since, a new one wins.
    """
    number, *_ = _PEOPLE[fact]
    return f"""
        UPDATE incoming_{fact.table} i
        SET {words}{number} = CASE
                WHEN i.{number} IS NULL OR i.{number} {_IS_TOKEN} THEN i.{number}
                -- What is known of a call already is another's, where it is no token: an erasure has left it.
                WHEN i.{number} = {_stored(fact, f"t.{number}")} THEN i.{number}
                ELSE COALESCE(
                    {_stored(fact, f"CASE WHEN t.{number} {_IS_TOKEN} THEN t.{number} END")},
                    {_token_of_lead("i.lead")},
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
                WHERE {_is_erased(fact, "o")} OR {_stored(fact, _is_erased(fact, "t"), "o")}
            ),
            false
        )"""


_DISPOSITIONS = f"""
        UPDATE incoming_dispositions i
        SET note = NULL
        WHERE i.note IS NOT NULL AND (
            SELECT {_is_erased(ATTEMPTS, "t")}
            FROM attempts t
            WHERE t.account_id = $1 AND t.dialer = i.dialer AND t.external_id = i.attempt
        )"""

# In the order in which they are run, each before the rows of its fact are merged and after those of the facts before.
STATEMENTS: dict[Fact, tuple[str, ...]] = {
    LEADS: (_NUMBERS_OF_LEADS, _NEW_LEADS, _LEADS),
    ATTEMPTS: (_numbers_of(ATTEMPTS), _calls(ATTEMPTS)),
    INBOUND_CALLS: (_numbers_of(INBOUND_CALLS), _calls(INBOUND_CALLS, "note = NULL, ")),
    DISPOSITIONS: (_DISPOSITIONS,),
}
