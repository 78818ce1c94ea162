"""A random walk: everything that can happen to an account and its lake, one step after another."""

from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from reports.model.tables import TABLES
from reports.query.parameters import InvalidRequest
from reports.query.stored.call_sync import clear_copies, open_copies
from reports.store.copies import Copies
from reports.store.ledger import Ledger
from reports.store.sync import clear
from service.errors import AlreadyAssigned, InvalidItem, NotFound
from sql.facts import DISPOSITION_CODES, LEADS
from tests.lake import sync_copies
from tests.metrics.floor import FIRST
from tests.metrics.test_oracles import World, agree
from tests.synced.items import DAYS, LINES, PEOPLE, SOURCES, SentItem, Teller, configuration
from tests.synced.questions import question
from tests.synced.scene import LOSSES, Scene, lose, snapshot
from tests.synced.store import lose_of_store

# The steps, and how often each is taken.
STEPS = {
    "tell": 8,
    "ask": 6,
    "synchronize": 4,
    "configure": 1,
    "own": 2,
    "disown": 1,
    "erase": 1,
    "begin": 2,
    "end": 2,
    "open": 1,
    "look": 1,
    "synchronize_late": 1,
    "rebuild": 1,
    "clear": 1,
    "lose": 1,
    "lose_store": 2,
}


def _alone(item: SentItem) -> bool:
    """Whether an item is stored with the account's lock alone, so that it waits for everybody who writes."""
    return item[0].fact in (LEADS, DISPOSITION_CODES)


@dataclass
class Walk:
    """How far a walk is, and what has begun on the way and is not over yet.

    taken: how many steps. moments: at which it can be asked what was believed. writing: transactions that have written
    and not ended, by the family of things they write of, so that nobody else waits for them. opened: the tables of the
    lake, opened a while ago. looking: a snapshot that was taken a while ago.
    """

    scene: Scene
    random: Random = field(default_factory=Random)
    taken: int = 0
    moments: list[datetime] = field(default_factory=list)
    writing: dict[str, AsyncExitStack] = field(default_factory=dict)
    opened: Copies | None = None
    looking: AsyncExitStack | None = None

    async def take(self, step: str, seed: int) -> None:
        """One step; the seed decides everything else about it."""
        self.taken += 1
        self.random = Random(seed)
        await getattr(self, step)()
        if self.random.random() < 0.3:
            self.moments.append(await self.scene.owner.fetchval("SELECT clock_timestamp()"))

    async def end_everything(self) -> None:
        """Whatever has begun ends as it is."""
        for stack in (*self.writing.values(), *([self.looking] if self.looking else [])):
            await stack.aclose()

    # What senders do -------------------------------------------------------------------------------------------------

    async def tell(self) -> None:
        """Somebody tells of some things, new or known."""
        await self._deliver(self._teller().batch())

    async def configure(self) -> None:
        """A code is put."""
        await self._deliver([configuration(self.random)])

    async def _deliver(self, items: list[SentItem]) -> None:
        if any(map(_alone, items)):
            await self._end_writing()
        await self.scene.deliver(items)

    async def own(self) -> None:
        """A line gets a source, and its calls with it."""
        await self._end_writing()
        with suppress(AlreadyAssigned):
            await self.scene.assign(self.random.choice(LINES), self._some_day(), self.random.choice(SOURCES))

    async def disown(self) -> None:
        """It was never theirs."""
        await self._end_writing()
        with suppress(NotFound):
            await self.scene.unassign(self.random.choice(LINES), self._some_day())

    async def erase(self) -> None:
        """Somebody wants to be forgotten."""
        await self._end_writing()
        of_lead = {"lead": self._teller().name("lead", 8)}
        with suppress(InvalidItem):  # a lead that nobody has told of
            await self.scene.erase(**self.random.choice([{"phone_number": self.random.choice(PEOPLE)}, of_lead]))

    async def begin(self) -> None:
        """Somebody writes, and takes their time to commit."""
        family = next((name for name in "ab" if name not in self.writing), None)
        if family is not None:
            items = [item for item in self._teller(family).batch() if not _alone(item)]
            self.writing[family] = await self.scene.write(items, keep=self.random.random() < 0.8)

    async def end(self) -> None:
        """They commit, or think better of it."""
        if self.writing:
            await self.writing.pop(self.random.choice(sorted(self.writing))).aclose()

    async def _end_writing(self) -> None:
        while self.writing:
            await self.end()

    def _teller(self, family: str = "") -> Teller:
        return Teller(self.random, family, self.taken)

    def _some_day(self) -> datetime:
        return FIRST + timedelta(days=self.random.randrange(DAYS))

    # What the lake goes through --------------------------------------------------------------------------------------

    async def synchronize(self) -> None:
        """The lake is brought up to date."""
        await self.scene.synchronize()
        await self.scene.is_exact()

    async def rebuild(self) -> None:
        """The lake and the store are made anew, or checked file by file."""
        await self.scene.synchronize(**self.random.choice([{"rebuild": True}, {"thorough": True}]))

    async def look(self) -> None:
        """Somebody who will bring it up to date takes their snapshot."""
        if self.looking is None:
            self.looking = AsyncExitStack()
            await self.looking.enter_async_context(snapshot(self.scene.second))

    async def synchronize_late(self) -> None:
        """They do what they were about to, whatever others did meanwhile."""
        if self.looking is not None:
            with Ledger(self.scene.second, self.scene.account) as ledger:
                await sync_copies(ledger, self.scene.lake)
            await self.looking.aclose()
            self.looking = None

    async def clear(self) -> None:
        """What no table has any more is deleted."""
        at_once = self.random.random() < 0.7
        clear(self.scene.lake, self.scene.account, at_once=at_once)
        clear_copies(self.scene.lake, self.scene.account, at_once=at_once)

    async def lose(self) -> None:
        """Somebody deletes the lake, or a part of it."""
        lose(self.random.choice(LOSSES), self.scene.folder / self.random.choice(list(TABLES)))

    async def lose_store(self) -> None:
        """Somebody deletes the store, or a part of it, or a disk breaks a file."""
        lose_of_store(self.scene, self.random)

    # What is asked ---------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Somebody who will ask something opens the lake."""
        self.opened = open_copies(self.scene.lake, self.scene.account)

    async def ask(self) -> None:
        """A question has the same answer over the lake, over the ledger alone, and from its oracle."""
        copies, self.opened = self.opened, None
        with suppress(InvalidRequest):  # it names a team that nobody was in
            report = await self.scene.agrees(copies, question(self.random, self.moments))
            await agree(World(self.scene.owner, self.scene.account, None), report)
