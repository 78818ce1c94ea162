"""When a team works, and how much working time lies between two moments.

A calendar gives each weekday its hours on the clock of one zone. Some days have hours of their own; a holiday has none.
Hours end on the day they start: a night shift is two pieces, `22:00-24:00` and `00:00-06:00` on the next day. When the
clock shows a time twice, the first one counts. When it skips a time, that time counts on from the time before (RFC
5545, section 3.3.5). A day that is open around the clock has 23, 24 or 25 hours.

A team without a calendar works by the account's calendar. Without that, it works from Monday to Friday, 09:00-17:00, in
the account's zone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias

import polars as pl

from reports.model.types import Schema

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The calendar of this team applies to every team without its own.
DEFAULT_TEAM = "default"

# The columns of a calendar in the ledger: hours and holidays are JSON.
SCHEMA: Schema = {"team": pl.String, "zone": pl.String, "hours": pl.String, "holidays": pl.String}

# Pairs of [from, to) in minutes of the day's clock, in order and without overlap.
Hours: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Calendar:
    """When a team works.

    week: the hours of Monday to Sunday; at least one day has some. holidays: days with other hours than their weekday.
    assumed: true for the usual hours, when the account has not configured any.
    """

    zone: str
    week: tuple[Hours, ...]
    holidays: Mapping[date, Hours] = field(default_factory=dict[date, Hours])
    assumed: bool = False


# The calendars of an account by team; the calendar of None is for every other team, and always exists.
Calendars: TypeAlias = Mapping[str | None, Calendar]


def usual(zone: str) -> Calendar:
    """The calendar of an account that has configured none: Monday to Friday, 09:00-17:00.

    >>> [len(hours) for hours in usual("UTC").week]
    [1, 1, 1, 1, 1, 0, 0]
    """
    nine_to_five = read_hours(["09:00-17:00"])
    return Calendar(zone, (nine_to_five,) * 5 + ((),) * 2, assumed=True)


def read_calendars(table: pl.DataFrame, zone: str) -> dict[str | None, Calendar]:
    """The calendars of an account in this zone, from a table with the columns of SCHEMA."""
    by_team = {team: _read(*fields) for team, *fields in table.select(*SCHEMA).iter_rows()}
    return {None: by_team.pop(DEFAULT_TEAM, None) or usual(zone), **by_team}


def _read(zone: str, hours: str, holidays: str) -> Calendar:
    week: dict[str, list[str]] = json.loads(hours)
    return Calendar(
        zone,
        tuple(read_hours(week.get(weekday, ())) for weekday in WEEKDAYS),
        {date.fromisoformat(day["on"]): read_hours(day["hours"]) for day in json.loads(holidays)},
    )


def read_hours(pieces: Iterable[str]) -> Hours:
    """The hours of one day as minutes, in order.

    >>> read_hours(["13:00-24:00", "09:00-12:30"])
    ((540, 750), (780, 1440))
    """
    return tuple(sorted((_minutes(piece[:5]), _minutes(piece[6:])) for piece in pieces))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def basis(team: str, calendars: Calendars) -> pl.Expr:
    """Which calendar measures each row: the `team`'s own, the `account`'s, or the `assumed` one."""
    others = "assumed" if calendars[None].assumed else "account"
    return pl.when(_named(team, calendars) != "").then(pl.lit("team")).otherwise(pl.lit(others))


def open_windows(calendar: Calendar, start: datetime, end: datetime) -> pl.DataFrame:
    """The working hours between two moments: opens_at, closes_at, in UTC and in order."""
    first, last = start.date() - timedelta(days=2), end.date() + timedelta(days=2)
    days = pl.LazyFrame({"day": pl.date_range(first, last, eager=True)})
    clipped = {"opens_at": pl.max_horizontal("opens_at", start), "closes_at": pl.min_horizontal("closes_at", end)}
    windows = _windows(days, {None: calendar}).select(**clipped)
    return windows.filter(pl.col("opens_at") < pl.col("closes_at")).sort("opens_at").collect()


def business_ms(rows: pl.LazyFrame, start: str, end: str, team: str, calendars: Calendars, into: str) -> pl.LazyFrame:
    """Add the working time of each row's team between two moments, in milliseconds, as the column `into`.

    A span that starts outside working hours starts at the next opening. The result is null when either moment is null,
    and negative when the end comes first. The rows come back in no particular order.
    """
    rows = rows.cache()  # read twice: for the first and last moment, then to measure
    elapsed = _windows(_days(rows, start, end), calendars).with_columns(
        open_us=(pl.col("closes_at") - pl.col("opens_at")).dt.total_microseconds()
    )
    # Working time before a moment: all earlier windows, plus the part of its own window that has passed.
    before = elapsed.select(
        pl.col("calendar", "opens_at", "closes_at").name.prefix(f"{into}."),
        (pl.col("open_us").cum_sum().over("calendar", order_by="opens_at") - pl.col("open_us")).alias(f"{into}.us"),
    ).sort(f"{into}.opens_at")
    return (
        rows.with_columns(_named(team, calendars).alias(f"{into}.calendar"))
        .pipe(_worked_until, start, before, into, "start")
        .pipe(_worked_until, end, before, into, "end")
        .with_columns(((pl.col(f"{into}.end") - pl.col(f"{into}.start")) // 1000).alias(into))
        .drop(f"{into}.calendar", f"{into}.start", f"{into}.end")
    )


def _worked_until(rows: pl.LazyFrame, at: str, before: pl.LazyFrame, into: str, name: str) -> pl.LazyFrame:
    opens_at, closes_at, us = (pl.col(f"{into}.{column}") for column in ("opens_at", "closes_at", "us"))
    worked = (us + (pl.min_horizontal(at, closes_at) - opens_at).dt.total_microseconds()).fill_null(0)
    return (
        _last_before(rows, at, before, into)
        .with_columns(pl.when(pl.col(at).is_not_null()).then(worked).alias(f"{into}.{name}"))
        .drop(f"{into}.opens_at", f"{into}.closes_at", f"{into}.us")
    )


def business_days_after(
    rows: pl.LazyFrame, start: str, days: int, team: str, calendars: Calendars, into: str
) -> pl.LazyFrame:
    """Add the deadline of "within n working days" after a moment, as the column `into`.

    A working day has working hours in the calendar of the row's team, and ends with the day on its clock. The day of
    the moment itself does not count. days: at least 1. The result is null when the moment is null. The rows come back
    in no particular order.
    """
    rows = rows.cache()
    closing = max(sum(not hours for hours in calendar.holidays.values()) for calendar in calendars.values())
    # Every week has a working day, unless it is a holiday.
    ahead = 7 * (days + closing + 1)
    working = _working_days(_days(rows, start, ahead=ahead), calendars).select(pl.all().name.prefix(f"{into}."))
    starts, ends = working.drop(f"{into}.ends_at").sort(f"{into}.opens_at"), working.drop(f"{into}.opens_at")
    reached = pl.when(pl.col(start).is_not_null()).then(pl.col(f"{into}.number").fill_null(0) + days)
    return (
        rows.with_columns(_named(team, calendars).alias(f"{into}.calendar"))
        .pipe(_last_before, start, starts, into)
        .with_columns(reached.alias(f"{into}.number"))
        .join(ends, on=[f"{into}.calendar", f"{into}.number"], how="left")
        .drop(f"{into}.calendar", f"{into}.number", f"{into}.opens_at")
        .rename({f"{into}.ends_at": into})
    )


def _last_before(rows: pl.LazyFrame, at: str, times: pl.LazyFrame, into: str) -> pl.LazyFrame:
    """Each row with the latest time of its calendar that is not after its moment."""
    return rows.sort(at).join_asof(
        times,
        left_on=at,
        right_on=f"{into}.opens_at",
        by=f"{into}.calendar",
        coalesce=False,
        check_sortedness=False,  # Polars cannot check it within calendars
    )


def _named(team: str, calendars: Calendars) -> pl.Expr:
    """The name of each row's calendar; empty for the account's."""
    own = [name for name in calendars if name is not None]
    return pl.when(pl.col(team).is_in(own)).then(pl.col(team)).otherwise(pl.lit(""))


def _days(rows: pl.LazyFrame, *moments: str, ahead: int = 0) -> pl.LazyFrame:
    """Every day that may matter to these moments of the rows in any zone, and some days ahead."""
    first = pl.min_horizontal(pl.col(moment).min() for moment in moments).dt.date().dt.offset_by("-2d")
    last = pl.max_horizontal(pl.col(moment).max() for moment in moments).dt.date().dt.offset_by(f"{ahead + 2}d")
    return rows.select(day=pl.date_ranges(first, last)).explode("day").drop_nulls()


def _windows(days: pl.LazyFrame, calendars: Calendars) -> pl.LazyFrame:
    """Calendar, opens_at, closes_at on these days, without overlap within a calendar."""
    # A time that the clock skips may fall into the next piece as well.
    closed_before = pl.col("closes_at").cum_max().shift(1).over("calendar", order_by=["opens_at", "closes_at"])
    return (
        _in_utc(_pieces(days, calendars), calendars, opens_at="from", closes_at="to")
        .with_columns(opens_at=pl.max_horizontal("opens_at", closed_before))
        .filter(pl.col("opens_at") < pl.col("closes_at"))
        .select("calendar", "opens_at", "closes_at")
    )


def _working_days(days: pl.LazyFrame, calendars: Calendars) -> pl.LazyFrame:
    """Calendar, opens_at, ends_at (the first and the last moment of the day) and number, counted from 1."""
    whole = _pieces(days, calendars).select("calendar", "day", **{"from": 0, "to": 24 * 60}).unique()
    return _in_utc(whole, calendars, opens_at="from", ends_at="to").select(
        "calendar", "opens_at", "ends_at", number=pl.col("opens_at").rank("ordinal").over("calendar").cast(pl.Int64)
    )


def _pieces(days: pl.LazyFrame, calendars: Calendars) -> pl.LazyFrame:
    """Calendar, day, from and to (minutes) of all hours on these days."""
    weekly = _table(_weekly(calendars), {"calendar": pl.String, "weekday": pl.Int8})
    special = _table(_special(calendars), {"calendar": pl.String, "day": pl.Date})
    usually = days.join(weekly, left_on=pl.col("day").dt.weekday(), right_on="weekday").join(
        special, on=["calendar", "day"], how="anti"
    )
    specially = special.drop_nulls().join(days, on="day", how="semi")
    columns = ("calendar", "day", "from", "to")
    return pl.concat([usually.select(columns), specially.select(columns)])


def _table(rows: Iterable[tuple[object, ...]], key: Schema) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema={**key, "from": pl.Int64, "to": pl.Int64}, orient="row")


def _weekly(calendars: Calendars) -> Iterator[tuple[object, ...]]:
    for name, calendar in calendars.items():
        for weekday, hours in enumerate(calendar.week, 1):
            yield from ((name or "", weekday, *piece) for piece in hours)


def _special(calendars: Calendars) -> Iterator[tuple[object, ...]]:
    """Days with other hours; a closed day has one row without times."""
    for name, calendar in calendars.items():
        for day, hours in calendar.holidays.items():
            yield from ((name or "", day, *piece) for piece in hours or ((None, None),))


def _in_utc(pieces: pl.LazyFrame, calendars: Calendars, **times: str) -> pl.LazyFrame:
    """The pieces with moments in place of minutes; times: the new column and the column of its minutes."""
    zones = {calendar.zone for calendar in calendars.values()}
    of_zone = {zone: [name or "" for name, calendar in calendars.items() if calendar.zone == zone] for zone in zones}
    return pl.concat(
        pieces.filter(pl.col("calendar").is_in(names)).with_columns(
            **{
                time: _instant(pl.col("day").cast(pl.Datetime("us")) + pl.duration(minutes=minutes), zone)
                for time, minutes in times.items()
            }
        )
        for zone, names in sorted(of_zone.items())
    )


def _instant(local: pl.Expr, zone: str) -> pl.Expr:
    """The moment at which the clocks of a zone show a time."""
    return pl.coalesce(_shown(local, zone), _shown(local.dt.offset_by("-1d"), zone) + timedelta(days=1))


def _shown(local: pl.Expr, zone: str) -> pl.Expr:
    shown = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return shown.dt.convert_time_zone("UTC")
