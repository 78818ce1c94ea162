"""A forecast at a terminal: seven days beside each other within 80 columns, with their totals."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from math import inf
from zoneinfo import ZoneInfo

from rich.console import Console

from reports.query.staffing.plan import History, IntervalPlan, IntervalPlanner, StaffingPlan
from reports.query.staffing.request import Basis
from reports.render.staffing_lines import staffing_lines
from reports.stats.agents_needed import Target
from reports.stats.call_volumes import Volume

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def plan_of(intervals: list[IntervalPlan], basis: Basis, unknown: int = 0) -> StaffingPlan:
    history = History(
        zone=ZoneInfo("UTC"),
        filters={},
        as_of=None,
        watermark=MONDAY,
        first=date(2026, 1, 5),
        last=date(2026, 3, 1),
        calls=56_000,
        day_to_day=0.1234,
        unknown=unknown,
    )
    return StaffingPlan(basis=basis, intervals=tuple(intervals), measured=("handle_time",), history=history)


def shown(plan: StaffingPlan) -> list[str]:
    file = StringIO()
    console = Console(file=file, width=80, highlight=False)
    console.print(staffing_lines(plan, console.width))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert all(len(line) <= 80 for line in lines)
    return lines


BASIS = Basis(interval=1800, handle_seconds=180, patience_seconds=inf, target=Target(), shrinkage=0.5)


def week(calls: float, days: int = 7) -> list[IntervalPlan]:
    """Half an hour at ten of every day, and one at night without calls."""
    planner, volume = IntervalPlanner(BASIS), Volume(calls, int(calls * 0.8), int(calls * 1.2))
    starts = [MONDAY + timedelta(days=day, hours=hour) for day in range(days) for hour in (3, 10)]
    return [planner.forecast(at, volume if at.hour == 10 else Volume(0, 0, 1), 8) for at in starts]


def test_a_week_stands_side_by_side_with_its_ranges_and_totals() -> None:
    lines = shown(plan_of(week(100), BASIS, unknown=3))
    text = " ".join(" ".join(lines).split())
    assert "Agents needed from 2026-03-02 to 2026-03-08 (UTC)" in text
    assert "Days vary by about 12% beyond normal variation." in text
    assert "Left out: 3 intervals" in text
    assert "Handle time: 3 m 00 s (measured). Erlang C" in text
    grid = {line.split()[0]: line.split()[1:] for line in lines if line.split()}
    assert grid["Mon"] == ["2", *["Tue", "3", "Wed", "4", "Thu", "5", "Fri", "6", "Sat", "7", "Sun", "8"]]
    assert grid["10:00"] == ["14", "11-16"] * 7
    assert "03:00" not in grid
    assert (grid["calls"], grid["hours"]) == (["100"] * 7, ["7.0"] * 7)
    assert grid["paid"] == ["h", *["14.0"] * 7]
    assert "Busiest interval: Mon, Mar 2, 2026 10:00: 100 calls (80-120, from 8 past days)" in text


def test_large_numbers_leave_the_ranges_out_rather_than_break_a_line() -> None:
    grid = {line.split()[0]: line.split()[1:] for line in shown(plan_of(week(20_000), BASIS)) if line.split()}
    assert len(grid["10:00"]) == 7
    assert len(set(grid["10:00"])) == 1


def test_more_than_a_week_is_several_tables_and_no_interval_is_none() -> None:
    assert sum(line.startswith("10:00") for line in shown(plan_of(week(100, days=9), BASIS))) == 2
    assert shown(plan_of([], BASIS, unknown=48))
