"""Single posts share commits. Every post gets its own receipt once its data is durable, and no post is lost."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

import asyncpg
import pytest

from service.accounts.accounts import Accounts
from service.ingest.capture import Capture
from service.ingest.parsing import Entry, read_item
from service.ingest.receipts import Receipt
from service.ingest.resources import Sender
from service.ingest.resources.attempts import RESOURCE as ATTEMPT
from service.ingest.resources.leads import RESOURCE as LEAD
from service.platform.batching import Batcher
from service.platform.db import Pool
from tests.conftest import Owner
from tests.ledger import holding
from tests.make import Item, attempt, lead

Offer = Callable[..., asyncio.Task[Receipt]]


class Watched(Capture):
    """The real capture. It also records the size of every batch, and a test can stop it."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool, Accounts(pool))
        self.sizes: list[int] = []
        self.stored = asyncio.Semaphore(0)
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, account_id: int, entries: Sequence[Entry]) -> list[Receipt]:
        self.sizes.append(len(entries))
        receipts = await super().store_entries(account_id, entries)
        self.stored.release()
        await self.gate.wait()
        return receipts


@pytest.fixture
def capture(pool: Pool) -> Watched:
    return Watched(pool)


@pytest.fixture
async def offer(capture: Watched, account: int) -> Offer:
    """Offers one item, as one request does."""
    batcher = Batcher(capture.take)
    sender = Sender.of(await Accounts(capture.pool).get(account))

    def submit(item: Item, resource: object = ATTEMPT) -> asyncio.Task[Receipt]:
        entry = read_item(resource, 0, item, sender)  # pyright: ignore[reportArgumentType]
        return asyncio.create_task(batcher.submit(account, entry))

    return submit


async def test_a_lone_post_waits_for_nobody(capture: Watched, offer: Offer) -> None:
    assert (await offer(attempt())).status == "created"
    assert capture.sizes == [1]


async def test_posts_that_arrive_together_share_few_commits_and_each_gets_its_own_receipt(
    capture: Watched, offer: Offer, owner: Owner, account: int
) -> None:
    receipts = await asyncio.gather(*(offer(attempt(f"call-{number}")) for number in range(200)))
    assert [receipt.external_id for receipt in receipts] == [f"call-{number}" for number in range(200)]
    assert {(receipt.index, receipt.status) for receipt in receipts} == {(0, "created")}
    assert sum(capture.sizes) == 200
    assert len(capture.sizes) < 10
    transactions = await owner.fetchval(
        "SELECT count(DISTINCT changed_xid) FROM attempts WHERE account_id = $1", account
    )
    assert transactions == len(capture.sizes)


async def test_a_batch_has_a_limit(capture: Watched, offer: Offer) -> None:
    await asyncio.gather(*(offer(attempt(f"call-{number}")) for number in range(500)))
    assert max(capture.sizes) == 200


async def test_items_of_different_resources_share_a_batch(capture: Watched, offer: Offer) -> None:
    capture.gate.clear()
    first = [offer(attempt("call-0"))]
    await capture.stored.acquire()
    rest = [offer(attempt("call-2", lead="lead-1")), offer(lead("lead-1"), LEAD), offer(attempt("call-2"))]
    capture.gate.set()
    receipts = await asyncio.gather(*first, *rest)
    assert [receipt.status for receipt in receipts] == ["created"] * 3 + ["unchanged"]
    assert capture.sizes == [1, 3]


async def test_a_rejected_neighbour_disturbs_nobody(offer: Offer, owner: Owner, account: int) -> None:
    bad = {3: attempt("call-3", campaign=None), 7: attempt("call-7", talk_seconds=-1)}
    receipts = await asyncio.gather(*(offer(bad.get(n, attempt(f"call-{n}"))) for n in range(12)))
    assert [n for n, receipt in enumerate(receipts) if receipt.status == "rejected"] == [3, 7]
    faults = [receipt.problem["errors"][0]["pointer"] for receipt in receipts if receipt.problem]
    assert faults == ["/campaign", "/talk_seconds"]
    assert await owner.fetchval("SELECT count(*) FROM attempts WHERE account_id = $1", account) == 10
    assert await owner.fetchval("SELECT count(*) FROM rejected_items WHERE account_id = $1", account) == 2


async def test_a_neighbour_the_ledger_itself_refuses_disturbs_nobody(offer: Offer, owner: Owner, account: int) -> None:
    # No valid request reaches this point: the form refuses every value that the ledger refuses.
    await owner.execute("ALTER TABLE attempts ADD CONSTRAINT no_thirteen CHECK (external_id <> 'cursed')")
    try:
        names = [f"call-{n}" if n != 13 else "cursed" for n in range(30)]
        receipts = await asyncio.gather(*(offer(attempt(name)) for name in names), return_exceptions=True)
    finally:
        await owner.execute("ALTER TABLE attempts DROP CONSTRAINT no_thirteen")
    statuses = Counter(receipt.status if isinstance(receipt, Receipt) else "error" for receipt in receipts)
    assert statuses == {"created": 29, "rejected": 1}
    assert isinstance(receipts[13], Receipt)
    assert receipts[13].status == "rejected"


async def test_an_answer_waits_for_what_its_commit_waits_for(
    offer: Offer, owner: Owner, account: int, ledger_url: str
) -> None:
    await offer(attempt("call-1"))
    async with holding(ledger_url, "SELECT FROM attempts WHERE account_id = $1 FOR UPDATE", account) as waiters:
        blocked = offer(attempt("call-1", agent="ada"))
        await waiters.arrive()
        behind = offer(attempt("call-2"))
        await asyncio.wait([blocked, behind], timeout=0.05)
        assert not blocked.done()
    assert (await blocked).status == "updated"
    assert (await behind).status == "created"
    assert await owner.fetchval("SELECT agent FROM attempts WHERE account_id = $1 AND external_id = 'call-1'", account)


async def test_who_stops_waiting_does_not_take_the_others_along(capture: Watched, offer: Offer) -> None:
    capture.gate.clear()
    posts = [offer(attempt(f"call-{number}")) for number in range(3)]
    await capture.stored.acquire()
    posts[1].cancel()
    capture.gate.set()
    receipts = await asyncio.gather(*posts, return_exceptions=True)
    assert [getattr(receipt, "status", "gone") for receipt in receipts] == ["created", "gone", "created"]
    assert (await offer(attempt("call-1"))).status == "unchanged"


async def test_a_post_that_arrives_as_the_last_batch_lands_is_not_forgotten(capture: Watched, offer: Offer) -> None:
    for turn in range(6):
        capture.gate.clear()
        landing = offer(attempt(f"{turn}-first"))
        await capture.stored.acquire()
        capture.gate.set()
        for _ in range(turn):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            assert (await offer(attempt(f"{turn}-late"))).status == "created"
            await landing
        await capture.stored.acquire()


async def test_a_failed_commit_is_told_to_each_who_waits_for_it(account: int, offer: Offer, ledger_url: str) -> None:
    statement = "SELECT FROM accounts WHERE account_id = $1 FOR UPDATE"
    async with holding(ledger_url, statement, account) as waiters:
        posts = [offer(attempt(f"call-{number}")) for number in range(5)]
        await waiters.arrive()
        await waiters.end()
    answers = await asyncio.gather(*posts, return_exceptions=True)
    assert all(isinstance(answer, asyncpg.PostgresError | asyncpg.InterfaceError) for answer in answers)
    assert (await offer(attempt())).status == "created"
