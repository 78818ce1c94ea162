"""Settled calls: every call with its outcome, from the files of this machine and from what changed since.

Settling a call depends on its attempt, on its lead and on the meanings of dispositions, and not on any question. So it
is done once, when the files are brought up to date, and not again by every report. The rules are those of
reports/rules/call_outcomes.py, here and without files.

Calls that changed after the files were written replace those of the same key, and the columns of changed leads replace
those of their calls. Calls with a disposition that means something else since are settled anew, too. So settled calls
are those of the report's own snapshot.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from reports.model.codes import Codes
from reports.model.tables import TABLES
from reports.model.types import INSTANT, Schema
from reports.query.stored.altered_codes import altered_dispositions
from reports.query.stored.stored_rows import as_made, as_stored, id_of, stored_columns
from reports.rules.call_outcomes import CURRENT_ATTEMPT, OF_LEAD, SETTLED_CALL, settle_attempts
from reports.rules.lead_selection import KEY
from reports.store.current_tables import CurrentTables
from reports.store.ledger import Ledger
from reports.store.opened_days import OpenedDays

# A settled call, the id of its lead, and when something last happened to it.
MARKED_CALL: Schema = {**SETTLED_CALL, "lead_id": pl.UInt64, "last_at": INSTANT}
# The same in files. Ids find a call and its lead; two names can have one id, so rows found are compared by name.
_WITH_IDS: Schema = {**MARKED_CALL, "call_id": pl.UInt64}
STORED_CALL = stored_columns(_WITH_IDS)
_MOMENTS = ("dialed_at", "rang_at", "answered_at", "agent_joined_at", "ended_at", "disposition_set_at")
# Files serve until so many rows, or this part of their rows, have changed.
_FEW_CHANGES, _MUCH = 100_000, 10
# The columns of the ledger's tables that settling reads.
ATTEMPT_COLUMNS = [name for name in TABLES["attempts"].columns if name in CURRENT_ATTEMPT]
LEAD_COLUMNS = ["lead", *(name.removeprefix("lead_") for name in OF_LEAD)]


@dataclass(frozen=True, eq=False)
class SettledCalls:
    """The settled calls of an account in one snapshot.

    days: the files. changed: the keys of calls that changed since, with their ids; fresh: these calls, settled anew.
    leads: the leads that changed since, with their columns for calls.
    """

    days: OpenedDays
    numbers: pl.DataFrame
    changed: pl.DataFrame
    fresh: pl.DataFrame
    leads: pl.DataFrame

    def rows(self, days: Collection[date] | None = None) -> pl.LazyFrame:
        """The calls of some days, or of all, with the columns of MARKED_CALL."""
        stored = self.days.scan(days)
        if not self.has_changes:
            return self._as_settled(stored)
        of_days = pl.lit(value=True) if days is None else pl.col("dialed_at").dt.date().is_in(list(days))
        changed = [some.lazy().filter(of_days) for some in (self._of_changed_leads, self.fresh)]
        return pl.concat([self._as_settled(stored.filter(~self.touched)), *changed])

    def where(self, test: pl.Expr) -> pl.LazyFrame:
        """The calls that pass a test, which should be few, with the columns of MARKED_CALL.

        test: of columns that a call does not take from its lead.
        """
        if not self.has_changes:
            return self._as_settled(self.days.find(test).lazy())
        stored = self._as_settled(self.days.find(test & ~self.touched).lazy())
        return pl.concat([stored, *(some.lazy().filter(test) for some in (self._of_changed_leads, self.fresh))])

    @property
    def has_changes(self) -> bool:
        """Whether anything changed since the files were written."""
        return bool(self.changed.height or self.leads.height)

    @property
    def touched(self) -> pl.Expr:
        """Whether a stored call may have changed."""
        ids = {"call_id": self.changed["call_id"], "lead_id": self.leads["lead_id"]}
        return pl.any_horizontal(
            pl.col(name).is_in(known.implode()).fill_null(value=False) for name, known in ids.items() if known.len()
        )

    @cached_property
    def _of_changed_leads(self) -> pl.DataFrame:
        """The touched calls of files, with the columns of their leads as they are now; not those settled anew."""
        stored = self._as_settled(self.days.find(self.touched).lazy())
        unchanged = stored.join(self.changed.lazy(), on=KEY, how="anti")
        now = {name: pl.when("is_new").then(f"{name}_now").otherwise(name).alias(name) for name in OF_LEAD}
        leads = self.leads.lazy().select("lead", pl.col(*OF_LEAD).name.suffix("_now"), is_new=pl.lit(value=True))
        return unchanged.join(leads, on="lead", how="left").with_columns(*now.values()).select(*MARKED_CALL).collect()

    def _as_settled(self, stored: pl.LazyFrame) -> pl.LazyFrame:
        return as_made(stored, MARKED_CALL, self.numbers)


async def open_settled_calls(
    ledger: Ledger, tables: CurrentTables, codes: Codes, days: OpenedDays
) -> SettledCalls | None:
    """The settled calls of a snapshot; None if so much has changed that settling all calls is less work.

    days: usable files, not newer than the snapshot.
    """
    since = days.edition.watermark
    changes = await ledger.current_rows("attempts", ATTEMPT_COLUMNS, since)
    leads = (await ledger.current_rows("leads", LEAD_COLUMNS, since)).collect()
    dispositions, affected = altered_dispositions(days, codes)
    if not are_few(changes.select(pl.len()).collect().item() + leads.height + affected, days.rows):
        return None
    changed = changes.collect()
    if affected:
        attempts = await tables.read("attempts", ATTEMPT_COLUMNS)
        again = attempts.filter(pl.col("disposition").is_in(dispositions)).join(changes, on=KEY, how="anti")
        changed = pl.concat([changed, again.collect()])
    theirs = pl.DataFrame(schema={"lead": pl.String, **OF_LEAD})
    if changed.height:
        known = as_of_calls(await tables.read("leads", LEAD_COLUMNS))
        theirs = known.join(changed.lazy().select("lead").unique(), on="lead", how="semi").collect()
    return SettledCalls(
        days=days,
        numbers=await tables.numbers(),
        changed=changed.select(*KEY, _call_id()),
        fresh=settle(changed.lazy(), theirs.lazy(), codes).collect(),
        leads=as_of_calls(leads.lazy()).with_columns(id_of("lead")).collect(),
    )


def are_few(changed: int, rows: int) -> bool:
    """Whether files with so many rows serve while so many rows have changed."""
    return changed <= max(_FEW_CHANGES, rows // _MUCH)


def without_changes(days: OpenedDays, numbers: pl.DataFrame) -> SettledCalls:
    """The settled calls of files that nothing has changed since."""
    changed = pl.DataFrame(schema={**{name: SETTLED_CALL[name] for name in KEY}, "call_id": pl.UInt64})
    leads = pl.DataFrame(schema={"lead": pl.String, **OF_LEAD, "lead_id": pl.UInt64})
    fresh = pl.DataFrame(schema=MARKED_CALL)
    return SettledCalls(days, numbers, changed, fresh, leads)


def as_of_calls(leads: pl.LazyFrame) -> pl.LazyFrame:
    """Leads, with the columns that calls take from them."""
    return leads.select(
        "lead", *(pl.col(name.removeprefix("lead_")).cast(kind).alias(name) for name, kind in OF_LEAD.items())
    )


def settle(attempts: pl.LazyFrame, leads: pl.LazyFrame, codes: Codes) -> pl.LazyFrame:
    """Attempts with their outcomes, and the columns of MARKED_CALL."""
    dialed = attempts.filter(pl.col("dialed_at").is_not_null()).join(leads, on="lead", how="left")
    # An outcome that was taken back has left nothing but the moment.
    taken_back_at = pl.when(pl.col("disposition").is_null()).then("outcomes_at")
    settled = settle_attempts(dialed.select(*CURRENT_ATTEMPT), codes)
    return settled.with_columns(id_of("lead"), last_at=pl.max_horizontal(*_MOMENTS, taken_back_at))


def stored_calls(calls: pl.LazyFrame, numbers: pl.DataFrame) -> pl.LazyFrame:
    """Settled calls with the columns of files."""
    return as_stored(calls.with_columns(_call_id()), _WITH_IDS, numbers)


def _call_id() -> pl.Expr:
    return pl.concat_str(*KEY, separator="\0").hash().alias("call_id")
