"""What changed since files were written: the leads, deals and calls whose materialised rows may be outdated."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from reports.model.tables import Tables
from reports.query.stored.settled_calls import MARKED_CALL, SettledCalls
from reports.query.stored.stored_rows import is_of
from reports.rules.lead_selection import KEY, instant
from reports.rules.touchpoints import holder
from reports.store.ledger import Ledger


@dataclass(frozen=True, eq=False)
class Touched:
    """The subjects of materialised rows that may be outdated.

    leads: always with all leads of their persons. deals: opportunities. calls: the keys of calls that may have been
    without a lead; without_lead: the settled calls that are, with the columns of MARKED_CALL.
    """

    leads: pl.Series
    deals: pl.Series
    calls: pl.DataFrame
    without_lead: pl.LazyFrame

    def __bool__(self) -> bool:
        return bool(self.leads.len() or self.deals.len() or self.calls.height)

    def names(self, subject: str) -> pl.Series:
        """The subjects of one kind: lead, opportunity, or the holder of a goal."""
        match subject:
            case "lead":
                return self.leads
            case "opportunity":
                return self.deals
            case _:
                deals = pl.DataFrame({"name": self.deals}, schema={"name": pl.String})
                nobodys = [
                    some.with_columns(lead=pl.lit(None, dtype=pl.String)).select(holder()).to_series().alias("holder")
                    for some in (
                        self.calls.select("dialer", name="external_id"),
                        deals.with_columns(dialer=pl.lit(None, dtype=pl.String)),
                    )
                ]
                return pl.concat([self.leads.alias("holder"), *nobodys])


async def find_touched(
    ledger: Ledger, calls: SettledCalls, tables: Tables, leads: pl.LazyFrame, deals: pl.LazyFrame
) -> Touched:
    """What changed since the files of some calls were written. leads, deals: the materialised rows in these files."""
    since, moment = calls.days.edition.watermark, calls.days.edition.moment
    moves = await ledger.versions("stage_changes", ["lead", "opportunity"], since)
    changed = (await ledger.versions("leads", ["lead", "person"], since)).collect()
    others = [(await ledger.versions(name, ["lead"], since)) for name in ("attempts", "follow_ups")]
    moved = pl.concat([moves, _later_moves(tables, moment)]).collect()
    moved_deals = moved["opportunity"].drop_nulls().unique()
    later = [_later_calls(calls, moment), _later_follow_ups(tables, moment), leads_of(moved_deals, tables)]
    named = pl.concat([*others, *later]).collect()["lead"]
    direct = pl.concat([named, moved["lead"], changed["lead"]]).drop_nulls().unique()
    touched = with_siblings(direct, leads, tables, changed["person"])
    return Touched(
        leads=touched,
        deals=pl.concat([moved_deals, deals_of(touched, deals)]).unique(),
        calls=calls.changed.select(KEY),
        without_lead=calls.fresh.lazy().filter(pl.col("lead").is_null()).select(*MARKED_CALL),
    )


def _later_calls(calls: SettledCalls, moment: datetime) -> pl.LazyFrame:
    """The leads of calls that are dated later than the files."""
    return calls.rows(calls.days.since(moment.date())).filter(pl.col("dialed_at") > instant(moment)).select("lead")


def _later_follow_ups(tables: Tables, moment: datetime) -> pl.LazyFrame:
    return tables["follow_ups"].filter(pl.col("done_at") > instant(moment)).select("lead")


def _later_moves(tables: Tables, moment: datetime) -> pl.LazyFrame:
    return tables["stage_changes"].filter(pl.col("changed_at") > instant(moment)).select("lead", "opportunity")


def leads_of(deals: pl.Series, tables: Tables) -> pl.LazyFrame:
    """The leads that the moves of some deals name."""
    if not deals.len():
        return pl.LazyFrame(schema={"lead": pl.String})
    return tables["stage_changes"].filter(pl.col("opportunity").is_in(deals.implode())).select("lead")


def deals_of(leads: pl.Series, stored: pl.LazyFrame) -> pl.Series:
    """The deals of some leads among the stored ones."""
    theirs = stored.filter(pl.col("lead").is_in(leads.implode())).select("opportunity")
    return theirs.collect()["opportunity"] if leads.len() else pl.Series(dtype=pl.String)


def with_siblings(
    leads: pl.Series, stored: pl.LazyFrame, tables: Tables, persons: pl.Series | None = None
) -> pl.Series:
    """Leads, and all leads of their persons, as these were for the files and as they are now.

    persons: those of changed leads, before and after.
    """
    if not leads.len():
        return leads
    # A lead without a time of arrival is in no file.
    timeless = tables["leads"].filter(pl.col("received_at").is_null()).select("lead", "person").collect()
    known = stored.select("lead", "person", "lead_id")
    theirs = [
        known.filter(is_of(leads)).select("person").collect()["person"],
        timeless.filter(pl.col("lead").is_in(leads.implode()))["person"],
    ]
    theirs += [] if persons is None else [persons]
    everybody = pl.concat(theirs).drop_nulls().unique().implode()
    same = pl.col("person").is_in(everybody)
    siblings = [known.filter(same).select("lead").collect()["lead"], timeless.filter(same)["lead"]]
    return pl.concat([leads, *siblings]).unique()
