"""Staffing plans from the history of an account, read from one snapshot and cached like reports."""

from collections.abc import Awaitable, Callable

from reports.query.parameters import Parameters
from reports.query.staffing.forecast import StaffingForecast, forecast_staffing
from reports.query.staffing.plan import StaffingPlan
from service.errors import NotAllowed
from service.reporting.account_reports import AccountReports
from service.reporting.snapshots import OpenSnapshot


async def read_forecast(
    reports: AccountReports, parameters: Parameters, name: str, render: Callable[[StaffingPlan], bytes]
) -> bytes:
    """The forecast in one of its renderings. name: of this rendering.

    Calls wait for all teams together. So it is only for people who see the whole account. Raises InvalidParameter,
    NotAllowed and Busy.
    """
    if reports.limits.any:
        raise NotAllowed("A forecast is about the calls of all teams. Your role sees its own part of the account only.")

    def read(snapshot: OpenSnapshot, parameters: Parameters) -> Awaitable[StaffingForecast]:
        return forecast_staffing(snapshot.ledger, snapshot.copies, parameters)

    def write(forecast: StaffingForecast) -> tuple[bytes, dict[str, str]]:
        return render(forecast.plan), {}

    return (await reports.get_or_compute(("staffing", name), parameters, read, write)).content
