"""Staffing plans from the history of an account, read from one snapshot and cached like reports."""

from collections.abc import Awaitable, Callable

from reports.query.parameters import Parameters
from reports.query.staffing.forecast import StaffingForecast, forecast_staffing
from reports.query.staffing.plan import StaffingPlan
from service.reporting.account_reports import AccountReports
from service.reporting.snapshots import OpenSnapshot


async def read_forecast(
    reports: AccountReports, parameters: Parameters, name: str, render: Callable[[StaffingPlan], bytes]
) -> bytes:
    """The forecast in one of its renderings. name: of this rendering. Raises InvalidParameter and Busy."""

    def read(snapshot: OpenSnapshot) -> Awaitable[StaffingForecast]:
        return forecast_staffing(snapshot.ledger, snapshot.copies, parameters)

    def write(forecast: StaffingForecast) -> tuple[bytes, dict[str, str]]:
        return render(forecast.plan), {}

    return (await reports.get_or_compute(("staffing", name), parameters, read, write)).content
