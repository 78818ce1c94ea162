"""How the copies of an account are: how large, how old, how far behind, and whether reports use them."""

import asyncio
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from reports.model.codes import Codes
from reports.model.tables import TABLES
from reports.query.stored.altered_codes import altered_calls
from reports.query.stored.call_sync import call_files
from reports.query.stored.fact_sync import are_of
from reports.query.stored.settled_calls import are_few
from reports.store.copies import Copies
from reports.store.doubts import panics_as_errors
from reports.store.lake import Lake, LakeTable
from reports.store.ledger import Ledger, LedgerState
from reports.store.opened_days import broken_of
from service.reporting.last_fault import LastFault, last_fault
from service.reporting.snapshots import OpenSnapshot

_NEVER = "it was not made yet"
_BROKEN = "files are missing or broken"
_OTHER_LEDGER = "it is of another ledger, or of a state before a restore"
# The tables that the store is made from.
_OF_STORE = ("attempts", "leads", "follow_ups")
_WIDTH = 80


@dataclass(frozen=True)
class CopyStatus:
    """One copy. name: lake or store. unused: why reports do without it; None if they use it.

    partly: they do without a part of it. behind: changed rows of the ledger that it does not have yet; None if that is
    not known.
    """

    name: str
    unused: str | None
    partly: bool = False
    rows: int = 0
    size: int = 0
    files: int = 0
    updated_at: datetime | None = None
    behind: int | None = None

    @property
    def use(self) -> str:
        """Whether reports use it, and how far it is behind."""
        if self.unused:
            return f"{'partly' if self.partly else 'not'} in use: {self.unused}"
        if not self.behind:
            return "in use, up to date"
        return f"in use, {_count(self.behind, 'changed row')} behind"

    @property
    def extent(self) -> str:
        """How much it holds."""
        return f"{_count(self.rows, 'row')}, {self.size / 1_000_000:,.1f} MB in {_count(self.files, 'file')}"

    def was_updated_after(self, moment: datetime) -> bool:
        """Whether it was brought up to date after a moment."""
        return self.updated_at is not None and self.updated_at > moment


@dataclass(frozen=True)
class CopiesStatus:
    """The copies of an account, and the last fault of their sync on this machine."""

    copies: tuple[CopyStatus, ...]
    fault: LastFault | None

    @property
    def healed(self) -> bool:
        """Whether the copy with the last fault was brought up to date later."""
        fault = self.fault
        return any(fault and copy.name == fault.copy and copy.was_updated_after(fault.at) for copy in self.copies)


async def status_of(snapshot: OpenSnapshot, lake: Lake) -> CopiesStatus:
    """The lake and the store of an account, beside its ledger in a snapshot."""
    ledger, copies = snapshot.ledger, snapshot.copies
    state = await ledger.state()
    codes = await ledger.codes(None, state.account.zone.key)
    of_lake = await _lake_status(ledger, copies, state)
    of_store = () if lake.cache is None else (await _store_status(ledger, lake, copies, state, codes),)
    return CopiesStatus((of_lake, *of_store), await asyncio.to_thread(last_fault, lake, ledger.account_id))


def status_lines(status: CopiesStatus) -> list[str]:
    """A status as lines of text for a terminal."""
    lines: list[str] = []
    for copy in status.copies:
        lines += _indented(f"{copy.name}: {copy.use}")
        if copy.updated_at:
            lines += [f"    {copy.extent}", f"    updated {moment_text(copy.updated_at)}"]
    if status.fault:
        text = f"last fault: {moment_text(status.fault.at)}, {status.fault.copy}: {status.fault.reason}"
        lines += _indented(f"{text}. A later sync has succeeded." if status.healed else text)
    return lines


def moment_text(moment: datetime) -> str:
    """A moment as operators read it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


async def _lake_status(ledger: Ledger, copies: Copies, state: LedgerState) -> CopyStatus:
    tables = [LakeTable(name, delta, state.ledger_id) for name, delta in copies.tables.items()]
    unused, files, updated_at = await asyncio.to_thread(_read_lake, tables, state)
    if updated_at is None:
        return CopyStatus("lake", _NEVER)
    usable = {table.name: table.watermark for table in tables if table.name not in unused}
    behind = sum([await _changed(ledger, [name], since) for name, since in usable.items()])
    reasons = "; ".join(f"{name.replace('_', ' ')}, {reason}" for name, reason in unused.items())
    return CopyStatus(
        name="lake",
        unused=reasons or None,
        partly=bool(usable),
        rows=sum(files["num_records"]),
        size=sum(files["size_bytes"]),
        files=files.height,
        updated_at=updated_at,
        behind=behind,
    )


def _read_lake(tables: Iterable[LakeTable], state: LedgerState) -> tuple[dict[str, str], pl.DataFrame, datetime | None]:
    """Why each unusable table is not used, all files, and the moment of the last commit."""
    unused = dict.fromkeys(TABLES, _NEVER)
    files = [pl.DataFrame(schema={"num_records": pl.Int64, "size_bytes": pl.Int64})]
    moments: list[int] = []
    for table in tables:
        reason = None if 0 < table.watermark <= state.watermark else _OTHER_LEDGER
        try:
            with panics_as_errors():
                added = pl.DataFrame(table.delta.get_add_actions(flatten=True))
                files.append(added.select(pl.col(name).cast(pl.Int64) for name in files[0].columns))
                moments += [entry["timestamp"] for entry in table.delta.history(1)]
        except Exception:  # noqa: BLE001  whatever a broken log raises, the table is not usable
            reason = _BROKEN
        if reason is None and table.is_intact:
            del unused[table.name]
        else:
            unused[table.name] = reason or _BROKEN
    last = datetime.fromtimestamp(max(moments) / 1000, UTC) if moments else None
    return unused, pl.concat(files), last


async def _store_status(ledger: Ledger, lake: Lake, copies: Copies, state: LedgerState, codes: Codes) -> CopyStatus:
    calls = copies.calls
    if calls is None:
        files = call_files(lake, ledger.account_id)
        of_others = files is not None and await asyncio.to_thread(lambda: files.other_versions)
        return CopyStatus("store", "another version of calltally made it" if of_others else _NEVER)
    everything = [calls, *copies.facts.values()]
    unused = await asyncio.to_thread(_why_unused, copies, state)
    partly = unused is None and not are_of(copies.facts, calls.edition)
    behind = None
    if unused is None:
        altered = await asyncio.to_thread(altered_calls, calls, codes)
        behind = altered + await _changed(ledger, _OF_STORE, calls.edition.watermark)
    if behind is not None and not are_few(behind, calls.rows):
        unused = f"{behind:,} rows have changed since, which is too many"
    elif partly:
        unused = "rows of leads are not of the same state as calls"
    return CopyStatus(
        name="store",
        unused=unused,
        partly=partly,
        rows=sum(days.rows for days in everything),
        size=sum(days.size for days in everything),
        files=sum(len(days.files) for days in everything),
        updated_at=max(days.updated_at for days in everything),
        behind=behind,
    )


def _why_unused(copies: Copies, state: LedgerState) -> str | None:
    calls = copies.calls
    if calls is None:
        return _NEVER
    edition = calls.edition
    if edition.ledger != state.ledger_id or not 0 < edition.watermark <= state.watermark:
        return _OTHER_LEDGER
    if broken_of([calls, *copies.facts.values()]):
        return _BROKEN
    return None


async def _changed(ledger: Ledger, names: Iterable[str], since: int) -> int:
    """How many versions of rows of some tables have changed since a watermark."""
    return sum([sum((await ledger.versions_by_day(name, since)).values()) for name in names])
