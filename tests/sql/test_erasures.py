"""The laws of an erasure: what is counted stays as it was, what was sent before stays gone, whatever was sent.

And its limits: which columns hold people, and which of a history the service may ever change.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accounts.accounts import Accounts
from service.ingest.capture import Capture, lock_account
from service.ingest.erasure import Person, erase
from service.ingest.parsing import read_item
from service.ingest.resources import Resource, Sender
from service.ingest.resources.attempts import RESOURCE as ATTEMPT
from service.ingest.resources.dispositions import RESOURCE as DISPOSITION
from service.ingest.resources.evaluations import RESOURCE as EVALUATION
from service.ingest.resources.inbound_calls import RESOURCE as INBOUND
from service.ingest.resources.leads import RESOURCE as LEAD
from service.ingest.resources.shared_calls import RESOURCE as SHARED_CALL
from service.ingest.resources.surveys import RESOURCE as SURVEY
from service.platform.db import Pool, account_transaction, open_pool
from sql.erased import STATEMENTS
from sql.facts import ATTEMPTS, DISPOSITIONS, EVALUATIONS, FACTS, INBOUND_CALLS, LEADS, SHARED_CALLS, SURVEYS
from sql.merge import stage_name, statements
from tests.conftest import Owner, make_account
from tests.ledger import broken_histories
from tests.proof import examples

SentItem = tuple[Resource, dict[str, Any]]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# What an erasure changes in leads, attempts and dispositions, and so marks as changed; what differs from run to run.
CHANGED = {"attributes", "close_reason", "recording", "note", "contact", "phone_number", "to_number", "from_number"}
CHANGED |= {"comment", "changed_xid", "stamps"}
VOLATILE = {"account_id", "id", "recorded_at", "superseded_at"}
FIRST = "+14155550123"

OTHERS = ["+14155550124", "+14155550125", "+442079460123", "anonymous", "sip:+14155550123@pbx"]
people = st.sampled_from([FIRST, "(415) 555-0123", *OTHERS])
leads = st.sampled_from(["lead-1", "lead-2", "lead-3"])
words = st.sampled_from(["secret", "nothing"])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def items(resource: Resource, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[SentItem]:
    observed = st.fixed_dictionaries(fields).map(lambda item: {name: v for name, v in item.items() if v is not None})
    return observed.map(lambda item: (resource, item))


calls = items(
    ATTEMPT,
    external_id=st.sampled_from(["call-1", "call-2"]),
    campaign=st.just("spring"),
    lead=maybe(leads),
    agent=maybe(st.sampled_from(["ada", "bob"])),
    to_number=maybe(people),
    from_number=maybe(people),
    recording=maybe(words.map(lambda text: {"uri": text, "seconds": 3, "consent": text})),
    note=maybe(words),
    contact=maybe(words),
    outcomes=maybe(st.lists(st.builds(lambda note: {"code": "C", "note": note}, words), max_size=1)),
)
inquiries = items(
    LEAD,
    external_id=leads,
    source=maybe(st.sampled_from(["web", "fair"])),
    phone_number=maybe(people),
    attributes=maybe(words.map(lambda text: {"told": text, "size": "small"})),
    close_reason=maybe(words),
)
outcomes = items(
    DISPOSITION, attempt=st.sampled_from(["call-1", "call-2"]), code=st.sampled_from("AB"), note=maybe(words)
)
coming = items(
    INBOUND,
    external_id=st.sampled_from(["call-1", "call-3"]),
    lead=maybe(leads),
    to_number=st.just("+14155550100"),
    from_number=maybe(people),
    recording=maybe(words.map(lambda text: {"uri": text, "seconds": 3})),
    contact=maybe(words),
    disposition=maybe(st.builds(lambda code, note: {"code": code, "note": note}, st.sampled_from("AB"), words)),
)
surveyed = items(
    SURVEY,
    external_id=st.sampled_from(["survey-1", "survey-2"]),
    kind=st.just("csat"),
    call=maybe(st.sampled_from(["call-1", "call-3"])),
    lead=maybe(leads),
    comment=maybe(words),
)
judged = items(
    EVALUATION,
    external_id=st.just("evaluation-1"),
    form=st.just("sales-call"),
    evaluator=st.just("quinn"),
    call=maybe(st.sampled_from(["call-1", "call-3"])),
    comment=maybe(words),
)
coached = items(
    SHARED_CALL,
    external_id=st.just("coaching-1"),
    call=st.sampled_from(["call-1", "call-3"]),
    team=st.just("north"),
    manager=st.just("quinn"),
    note=maybe(words),
)
observations = st.lists(calls | inquiries | outcomes | coming, min_size=1, max_size=9)
commented = st.lists(calls | inquiries | coming | surveyed | judged | coached, min_size=1, max_size=9)


def in_time(sent: Sequence[SentItem], first: int = 0) -> list[SentItem]:
    """Each observation with a moment of its own: which of two of one moment is kept, their very values decide."""
    moments = [(START + timedelta(minutes=number)).isoformat() for number in range(first, first + len(sent))]
    return [(resource, _at(resource, item, moment)) for (resource, item), moment in zip(sent, moments, strict=True)]


def _at(resource: Resource, item: dict[str, Any], moment: str) -> dict[str, Any]:
    if resource is DISPOSITION:
        return item | {"set_at": moment}
    happened = {
        ATTEMPT: "dialed_at",
        INBOUND: "arrived_at",
        LEAD: "received_at",
        SURVEY: "asked_at",
        EVALUATION: "evaluated_at",
        SHARED_CALL: "shared_at",
    }[resource]
    return item | {happened: START.isoformat(), "observed_at": moment}


async def deliver(capture: Capture, account: int, sent: Sequence[SentItem]) -> set[str]:
    """Send observations one batch each; answers what became of them."""
    sender = Sender.of(await Accounts(capture.pool).get(account), "main")
    became: set[str] = set()
    for resource, item in sent:
        receipts = await capture.store_entries(account, [read_item(resource, 0, item, sender)])
        became |= {receipt.status for receipt in receipts}
    assert "rejected" not in became
    return became


async def deliver_batch(capture: Capture, account: int, sent: Sequence[SentItem]) -> None:
    """Send observations in one batch."""
    sender = Sender.of(await Accounts(capture.pool).get(account), "main")
    entries = [read_item(resource, place, item, sender) for place, (resource, item) in enumerate(sent)]
    assert "rejected" not in {receipt.status for receipt in await capture.store_entries(account, entries)}


async def everything(owner: Owner, account: int) -> dict[str, list[dict[str, Any]]]:
    """Every version of everything that may tell of people."""
    facts = (LEADS, ATTEMPTS, INBOUND_CALLS, DISPOSITIONS, SURVEYS, EVALUATIONS, SHARED_CALLS)
    tables = [f"{fact.table}_versions" for fact in facts]
    order = dict.fromkeys(tables, "external_id") | {"dispositions_versions": "attempt"}
    query = "SELECT * FROM {} WHERE account_id = $1 ORDER BY {}, recorded_at, superseded_at"
    return {table: [dict(r) for r in await owner.fetch(query.format(table, order[table]), account)] for table in tables}


def counted(rows: dict[str, list[dict[str, Any]]], *, without: set[str]) -> Any:
    """What reports count of the rows."""
    return {
        table: [{n: v for n, v in row.items() if n not in without} for row in lines] for table, lines in rows.items()
    }


def shared(rows: dict[str, list[dict[str, Any]]]) -> set[frozenset[int]]:
    """Which versions of leads have one number; texts that are none are nobody's in particular."""
    groups: dict[str, set[int]] = defaultdict(set)
    for place, row in enumerate(rows["leads_versions"]):
        if row["phone_country"] is not None:
            groups[row["phone_number"]].add(place)
    return {frozenset(group) for group in groups.values()}


def calls_of_the_erased(rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Every version of what is now known as a call with somebody who was erased."""
    now = [row for lines in rows.values() for row in lines if row["superseded_at"].year > 9000]
    leads = {row["external_id"] for row in now if _is_token(row.get("phone_number"))}
    calls = {
        row["external_id"]
        for row in now
        if "dialed_at" in row and (row["lead"] in leads or _is_token(row["to_number"]) or _is_token(row["from_number"]))
    }
    callers = {
        row["external_id"]
        for row in now
        if "arrived_at" in row and (row["lead"] in leads or _is_token(row["from_number"]))
    }
    # One call may be known both as an attempt and as an inbound call.
    calls |= callers
    theirs = [row for row in rows["attempts_versions"] if row["external_id"] in calls]
    theirs += [row for row in rows["inbound_calls_versions"] if row["external_id"] in calls]
    theirs += [row for row in rows["dispositions_versions"] if row["attempt"] in calls]
    for table in ("surveys_versions", "evaluations_versions", "shared_calls_versions"):
        current = [row for row in rows[table] if row["superseded_at"].year > 9000]
        ids = {row["external_id"] for row in current if row["call"] in calls or row.get("lead") in leads}
        theirs += [row for row in rows[table] if row["external_id"] in ids]
    return theirs


def _is_token(number: str | None) -> bool:
    return number is not None and number.startswith("erased-")


async def erased(pool: Pool, account: int, person: Person) -> bool:
    """Erase a person; answers whether nothing was left to erase."""
    async with account_transaction(pool, account) as connection:
        return (await erase(connection, account, person, "US")).already_erased


@pytest.fixture
def capture(pool: Pool) -> Capture:
    return Capture(pool, Accounts(pool))


law = settings(
    max_examples=examples(20, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@law
@given(sent=observations, seed=st.integers(0, 2**32))
async def test_an_erasure_takes_a_number_and_words_and_nothing_that_counts(
    sent: list[SentItem], seed: int, capture: Capture, owner: Owner
) -> None:
    account, sent = await make_account(owner), in_time(sent)
    await deliver(capture, account, sent)
    before = await everything(owner, account)
    await erased(capture.pool, account, Person(phone_number=FIRST, lead=None))
    after = await everything(owner, account)
    assert counted(after, without=CHANGED) == counted(before, without=CHANGED)
    assert shared(after) == shared(before)
    assert not re.search("4155550123", re.sub(r"[\W_]", "", str(after)))
    assert not [row for row in calls_of_the_erased(after) if "secret" in str(row)]

    # What was sent before is known, whenever and however often it comes again.
    random.Random(seed).shuffle(sent)
    assert await deliver(capture, account, sent) == {"unchanged"}
    assert await everything(owner, account) == after
    assert await erased(capture.pool, account, Person(phone_number=FIRST, lead=None))
    assert await everything(owner, account) == after
    assert await broken_histories(owner, account) == []


@law
@given(sent=observations, later=observations)
async def test_after_an_erasure_everything_that_counts_is_captured_as_if_there_had_been_none(
    sent: list[SentItem], later: list[SentItem], capture: Capture, owner: Owner
) -> None:
    sent, later = in_time(sent), in_time(later, first=len(sent))
    states: list[Any] = []
    for person in (None, Person(phone_number=FIRST, lead=None)):
        account = await make_account(owner)
        await deliver(capture, account, sent)
        if person is not None:
            await erased(capture.pool, account, person)
        await deliver(capture, account, later)
        rows = await everything(owner, account)
        now = {table: [row for row in lines if row["superseded_at"].year > 9000] for table, lines in rows.items()}
        states.append(counted(now, without=CHANGED | VOLATILE))
    assert states[0] == states[1]
    assert not [row for lines in now.values() for row in lines if FIRST in row.values()]


@law
@given(sent=observations, seed=st.integers(0, 2**32))
async def test_of_an_erased_person_nothing_stays_in_whatever_order_it_comes(
    sent: list[SentItem], seed: int, capture: Capture, owner: Owner
) -> None:
    account, chance = await make_account(owner), random.Random(seed)
    sent = in_time([(ATTEMPT, {"external_id": "call-0", "campaign": "spring", "to_number": FIRST}), *sent])
    await deliver(capture, account, sent[:1])
    await erased(capture.pool, account, Person(phone_number=FIRST, lead=None))
    later = chance.sample(sent[1:], len(sent) - 1)
    while later:
        size = chance.randint(1, 3)
        await deliver_batch(capture, account, later[:size])
        later = later[size:]
    rows = await everything(owner, account)
    assert not [row for row in calls_of_the_erased(rows) if "secret" in str(row)]
    assert not re.search("4155550123", re.sub(r"[\W_]", "", str(rows)))
    assert await broken_histories(owner, account) == []
    assert await deliver(capture, account, sent) <= {"unchanged", "updated"}
    assert not [row for row in calls_of_the_erased(await everything(owner, account)) if "secret" in str(row)]


@law
@given(sent=commented, seed=st.integers(0, 2**32))
async def test_no_comment_of_an_erased_person_stays_in_whatever_order_it_comes(
    sent: list[SentItem], seed: int, capture: Capture, owner: Owner
) -> None:
    account, chance = await make_account(owner), random.Random(seed)
    sent = in_time([(ATTEMPT, {"external_id": "call-0", "campaign": "spring", "to_number": FIRST}), *sent])
    before = chance.randint(1, len(sent))
    await deliver(capture, account, sent[:before])
    await erased(capture.pool, account, Person(phone_number=FIRST, lead=None))
    await deliver_batch(capture, account, chance.sample(sent[before:], len(sent) - before))
    rows = await everything(owner, account)
    assert not [row for row in calls_of_the_erased(rows) if "secret" in str(row)]
    assert await broken_histories(owner, account) == []
    assert await deliver(capture, account, sent) <= {"unchanged", "updated"}
    known = await everything(owner, account)
    assert not [row for row in calls_of_the_erased(known) if "secret" in str(row)]
    assert await deliver(capture, account, sent) <= {"unchanged"}
    assert await everything(owner, account) == known


# Where people can be, and what may be done about it -------------------------------------------------------------------

# Columns that hold a person, or what was said of one: an erasure empties them.
PERSONAL = {
    "leads": {"phone_number", "attributes", "close_reason"},
    "attempts": {"to_number", "from_number", "recording", "note", "contact"},
    "customers": {"reason"},
    "deliveries": {"query", "headers", "body", "said"},
    "dispositions": {"note"},
    "evaluations": {"comment"},
    "inbound_calls": {"from_number", "recording", "note", "contact"},
    "rejected_items": {"raw", "external_id", "problem"},
    "shared_calls": {"note"},
    "surveys": {"comment"},
}
# Columns in which an erasure replaces the code of an agent that tells a number.
AGENTS = {
    "agents": {"code", "merged_into"},
    "agent_states": {"agent"},
    "appointments": {"agent"},
    "attempts": {"agent", "disposition_agent", "participants", "outcomes", "shares"},
    "cases": {"agent"},
    "dispositions": {"agent"},
    "evaluations": {"agent", "evaluator"},
    "follow_ups": {"agent"},
    "inbound_calls": {"agent", "disposition_agent", "participants", "outcomes", "shares", "offers", "segments"},
    "leads": {"owner"},
    "schedules": {"agent"},
    "shared_calls": {"manager"},
    "staff": {"agent", "manager"},
    "surveys": {"agent"},
    "tracking_number_assignments": {"agent"},
}
# Callers' codes and what the account itself writes: of calls, agents, campaigns, deals and its own numbers.
IMPERSONAL = {
    "accounts": {"code", "name", "zone", "region", "currency", "lake_key"},
    "agent_states": {"agent", "reason"},
    "agents": {"code", "name", "team", "zone", "merged_into"},
    "api_keys": {"prefix", "secret_sha256", "name", "dialer"},
    "appointments": {"external_id", "lead", "dialer", "attempt", "agent"},
    "attempts": {
        *("dialer", "external_id", "campaign", "agent", "lead", "said_source", "source", "tracking_number"),
        *("to_country", "to_region", "to_zones", "participants", "disposition", "disposition_agent"),
        *("said_lead", "shares", "outcomes", "first_set", "lead_zone"),
    },
    "calendars": {"team", "zone", "hours", "holidays"},
    "campaigns": {"code", "name", "source", "region", "zone", "merged_into"},
    "cases": {"external_id", "lead", "agent", "queue", "topic", "source", "campaign", "escalated_to", "calls"},
    "customers": {"external_id", "customer", "lead", "currency"},
    "deliveries": {"key_sha256", "method", "event", "problem", "calls"},
    "disposition_codes": {"code", "name", "merged_into"},
    "dispositions": {"dialer", "attempt", "listed", "code", "agent"},
    "erased_leads": {"lead", "token"},
    "erased_numbers": {"token"},
    "erasures": {"key_prefix"},
    "evaluation_scores": {"evaluation", "item"},
    "evaluations": {
        *("external_id", "form", "form_version", "evaluator", "dialer", "call", "case_id", "agent", "queue", "session"),
    },
    "exchange_rates": {"base", "quote"},
    "follow_ups": {"external_id", "lead", "agent"},
    "form_items": {"form", "form_version", "item", "section"},
    "hook_counts": {"kind", "name"},
    "hooks": {"dialer", "code", "campaign", "zone", "token_sha256", "secret", "mapping"},
    "import_mappings": {"name", "resource", "content", "saved_by"},
    "import_runs": {"resource", "fingerprint", "file_name"},
    "inbound_calls": {
        *("dialer", "external_id", "campaign", "agent", "lead", "said_source", "source", "tracking_number"),
        *("to_number", "from_country", "from_region", "from_zones", "queue", "participants"),
        *("disposition", "disposition_agent", "said_lead", "shares", "outcomes", "first_set"),
        *("menu_path", "topic", "said_case", "offers", "segments", "escalated_to"),
    },
    "leads": {
        *("external_id", "source", "campaign", "owner"),
        *("phone_country", "phone_region", "phone_zones", "time_zone"),
    },
    "rejected_items": {"resource", "key_prefix", "request_id"},
    "running_costs": {"external_id", "team", "currency"},
    "schedules": {"agent"},
    "sessions": {"key_prefix", "token_sha256"},
    "shared_calls": {"external_id", "dialer", "call", "team", "manager"},
    "sources": {"code", "name", "medium", "merged_into"},
    "spend": {"external_id", "source", "campaign", "tracking_number", "currency"},
    "staff": {"external_id", "agent", "team", "manager"},
    "stage_changes": {"external_id", "opportunity", "lead", "currency"},
    "surveys": {"external_id", "scale", "dialer", "call", "case_id", "lead", "agent", "queue"},
    "lead_attributes": {"name", "title", "allowed", "bands"},
    "targets": {"metric", "dimension", "code"},
    "tracking_number_assignments": {"number", "campaign", "source", "agent"},
    "tracking_numbers": {"number", "name"},
    "uploads": {"id", "file_name", "resource", "created_by", "problem"},
}
COLUMNS = """
    SELECT c.relname, a.attname
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'migrations'
        AND (t.typcategory = 'S' OR t.typname IN ('jsonb', 'bytea', '_text')) AND a.attname <> 'stamps'
"""


async def test_of_every_column_that_can_hold_words_somebody_has_said_whether_it_holds_people(owner: Owner) -> None:
    matches: dict[str, set[str]] = defaultdict(set)
    for table, column in await owner.fetch(COLUMNS):
        matches[table.removesuffix("_history")].add(column)
    decided = {table: PERSONAL.get(table, set()) | IMPERSONAL.get(table, set()) for table in {*PERSONAL, *IMPERSONAL}}
    assert dict(matches) == decided


async def test_of_history_the_service_may_change_only_what_an_erasure_empties(owner: Owner) -> None:
    query = """
        SELECT attname FROM pg_attribute
        WHERE attrelid = $1::text::regclass AND attnum > 0
            AND has_column_privilege('calltally_service', attrelid, attnum, 'UPDATE')"""
    for fact in FACTS:
        changeable = {row[0] for row in await owner.fetch(query, f"{fact.table}_history")}
        allowed = PERSONAL.get(fact.table, set()) | AGENTS.get(fact.table, set())
        assert changeable == allowed, fact.table


async def test_an_account_erases_nothing_of_anothers_history(pool: Pool, owner: Owner, capture: Capture) -> None:
    ours, theirs = await make_account(owner), await make_account(owner)
    sent = in_time([(LEAD, {"external_id": "lead-1", "phone_number": number}) for number in (FIRST, "+14155550124")])
    await deliver(capture, theirs, sent)
    async with account_transaction(pool, ours) as connection:
        assert await connection.execute("UPDATE leads_history SET phone_number = 'gone'") == "UPDATE 0"


async def test_a_batch_of_the_erased_goes_to_its_rows_by_their_key(fresh_ledger: str) -> None:
    async with await open_pool(fresh_ledger) as pool, account_transaction(pool, 1) as connection:
        entered = await lock_account(connection, 1, STATEMENTS)
        for fact, observed in STATEMENTS.items():
            if stage_name(fact) not in entered.existing_stages:
                await connection.execute(statements(fact).stage)
            for statement in observed:
                plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}", 1))
                assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= {stage_name(fact)}, plan
                assert not re.search(r"Index (?:Only )?Scan using (?!\w+_pkey)", plan), plan
