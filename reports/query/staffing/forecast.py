"""Staffing plans from history: the calls of the same weekday and interval in past weeks, and the agents they need."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import inf, log
from zoneinfo import ZoneInfo

from reports.model.codes import Codes
from reports.model.vocabulary import STAFFING_FILTERS
from reports.model.windows import clock, day_of, moment_of, start_of
from reports.query.parameters import InvalidRequest, ParameterParser, Parameters
from reports.query.report import Report
from reports.query.request import ReportRequest, report_window
from reports.query.run import run_report
from reports.query.staffing.days import DAY, days_between, intervals_of, place_of, same_intervals
from reports.query.staffing.plan import History, IntervalPlanner, Measured, StaffingPlan
from reports.query.staffing.request import PLAN_PARAMETERS, Basis, PlanParameters, read_plan
from reports.stats.agents_needed import Target
from reports.stats.call_volumes import day_to_day_variance, forecast
from reports.store.copies import Copies
from reports.store.ledger import Ledger

OFFERED, HANDLE_TIME, PATIENCE, SERVICE_LEVEL = "offered_calls", "avg_handle_time", "median_patience", "service_level"
# No number of agents answers every caller in time.
_HIGHEST_SHARE = 0.999
PARAMETERS = ("from", "to", "tz", "as_of", "weeks", *PLAN_PARAMETERS, *STAFFING_FILTERS)

USUAL_WEEKS, MOST_WEEKS = 8, 52
USUAL_DAYS, MOST_DAYS = 7, 35
# The intervals of forecasts, in seconds, with the breakdown that counts calls by them. The hour keeps two hours of the
# same name apart, where the clocks go back.
INTERVALS = {900: ("hour", "quarter_hour_of_day"), 1800: ("hour", "half_hour_of_day"), 3600: ("hour",)}


@dataclass(frozen=True, kw_only=True)
class _Horizon:
    """What a forecast is for: from one moment up to another, and the past days that it may rest on."""

    start: datetime
    end: datetime
    zone: ZoneInfo
    past: list[date]

    def starts(self, length: timedelta) -> list[datetime]:
        """The starts of the intervals to plan."""
        last = day_of(self.end - timedelta(microseconds=1), self.zone)
        days = days_between(day_of(self.start, self.zone), last + DAY)
        starts = (moment for day in days for moment in intervals_of(day, self.zone, length))
        return [moment for moment in starts if self.start <= moment < self.end]


@dataclass(frozen=True, eq=False)
class StaffingForecast:
    """A plan from history. request: of the report of the past calls. watermark: as in Report."""

    plan: StaffingPlan
    request: ReportRequest
    watermark: datetime


async def forecast_staffing(ledger: Ledger, copies: Copies, parameters: Parameters) -> StaffingForecast:
    """The plan of the coming days, from the calls that came in. Raises InvalidRequest with every fault."""
    account = (await ledger.state()).account
    reader = ParameterParser(parameters)
    reader.refuse_unknown(PARAMETERS)
    as_of = reader.as_of(account.taken_at)
    codes = await ledger.codes(as_of, account.zone.key)
    now = as_of or account.taken_at
    zone = report_window(_only(parameters, "tz", "campaign"), account, codes, as_of).zone
    plan = read_plan(reader, _usual_target(codes, day_of(now, zone), parameters.get("queue", ())))
    horizon = _horizon(reader, zone, now)
    if plan.interval not in INTERVALS:
        reader.fault("per", "must be 15m, 30m or 1h in a forecast")
    if reader.faults:
        raise InvalidRequest(reader.faults)
    history = _history_parameters(parameters, horizon)
    counted = {"metrics": [OFFERED], "by": list(INTERVALS[int(plan.interval)])}
    report = await run_report(ledger, copies, None, history | counted)
    if not report.total[OFFERED].item():
        raise InvalidRequest.of("calls", _no_history(horizon))
    totals = await run_report(ledger, copies, None, history | {"metrics": [HANDLE_TIME, PATIENCE]})
    basis, measured = _basis(plan, totals)
    plan = await asyncio.to_thread(_plan, report, horizon, basis, measured)
    return StaffingForecast(plan, report.request, report.watermark)


def _only(parameters: Parameters, *names: str) -> dict[str, Sequence[str]]:
    return {name: parameters[name] for name in names if name in parameters}


def _usual_target(codes: Codes, today: date, queues: Sequence[str]) -> Target:
    """The targets of the account for service level and occupancy; if there is one queue, its service level."""
    queue = queues[0] if len(queues) == 1 else None
    share, answer_time = codes.target_of(SERVICE_LEVEL, today, queue), codes.answer_time(today)
    band = codes.band_of("occupancy", today)
    return Target(
        share=min(share, _HIGHEST_SHARE) if share else Target.share,
        seconds=answer_time.queue_ms.get(queue or "", answer_time.usual_ms) / 1000,
        max_occupancy=band[1] if band else Target.max_occupancy,
    )


def _horizon(reader: ParameterParser, zone: ZoneInfo, now: datetime) -> _Horizon:
    """The coming days, from tomorrow on unless the parameters say otherwise; faults stay in the reader."""
    today = day_of(now, zone)
    start = reader.time("from", zone) or start_of(today + DAY, zone)
    end = reader.time("to", zone) or moment_of(clock(start, zone) + USUAL_DAYS * DAY, zone)
    if end <= start:
        reader.fault("to", "must be later than from")
    elif end - start > (MOST_DAYS + 1) * DAY:
        reader.fault("to", f"must be within {MOST_DAYS} days of from")
    weeks = min(reader.whole("weeks", USUAL_WEEKS, MOST_WEEKS), MOST_WEEKS)
    known = min(today, day_of(start, zone))
    return _Horizon(start=start, end=end, zone=zone, past=days_between(known - 7 * weeks * DAY, known))


def _history_parameters(parameters: Parameters, horizon: _Horizon) -> dict[str, Sequence[str]]:
    """The parameters of a report of the past days, with the filters of the plan."""
    past = {"from": [f"{horizon.past[0]}"], "to": [f"{horizon.past[-1] + DAY}"], "tz": [horizon.zone.key]}
    return {**_only(parameters, "as_of", *STAFFING_FILTERS), **past}


def _no_history(horizon: _Horizon) -> str:
    days = f"from {horizon.past[0]} to {horizon.past[-1]}"
    return f"is needed, because no call came in {days} to forecast from; send inbound calls, or give calls of your own"


def _basis(plan: PlanParameters, totals: Report) -> tuple[Basis, tuple[Measured, ...]]:
    """The basis of a plan, with what the history measures for what was left out. Raises InvalidRequest."""
    handle, median = totals.total[HANDLE_TIME].item(), totals.total[PATIENCE].item()
    if plan.handle_seconds is None and not handle:
        raise InvalidRequest.of("handle_time", "is needed, because no answered call tells how long agents worked on it")
    # The median of an exponential patience is shorter than its mean.
    patience = median / log(2) if median else inf
    measured: list[Measured] = ["handle_time"] if plan.handle_seconds is None else []
    if plan.patience_seconds is None and median:
        measured.append("patience")
    return plan.basis(handle or 0.0, patience), tuple(measured)


def _plan(report: Report, horizon: _Horizon, basis: Basis, measured: tuple[Measured, ...]) -> StaffingPlan:
    counts = _counts(report)
    first = min(counts).astimezone(horizon.zone).date()
    past = [day for day in horizon.past if day >= first]
    length = timedelta(seconds=basis.interval)
    histories = same_intervals(counts, past, horizon.zone, length)
    variance = day_to_day_variance(histories.values())
    planner = IntervalPlanner(basis)
    starts = horizon.starts(length)
    known = [(moment, histories[place_of(moment)]) for moment in starts if place_of(moment) in histories]
    return StaffingPlan(
        basis=basis,
        intervals=tuple(planner.forecast(moment, forecast(calls, variance), len(calls)) for moment, calls in known),
        measured=measured,
        history=History(
            zone=horizon.zone,
            filters=report.request.filters,
            as_of=report.request.as_of,
            watermark=report.watermark,
            first=first,
            last=past[-1],
            calls=sum(counts.values()),
            day_to_day=variance**0.5,
            unknown=len(starts) - len(known),
        ),
    )


def _counts(report: Report) -> dict[datetime, int]:
    """The calls of every interval with calls, by its start in UTC."""
    parts = [dimension.name for dimension in report.request.by]
    return {_start(*row[:-1]): row[-1] for row in report.groups.select(*parts, OFFERED).iter_rows()}


def _start(hour: datetime, interval: str = "00:00") -> datetime:
    return (hour + timedelta(minutes=int(interval[-2:]))).astimezone(UTC)
