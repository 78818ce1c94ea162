"""Parameters that API and pages share: the name of a report, the name of a metric, days, the start of a page."""

import re
from datetime import date
from typing import Annotated, Any

from litestar.params import PathParameter, QueryParameter

from reports.catalogue.catalogue import catalogue
from reports.catalogue.presets import PRESETS
from service.errors import Fault, InvalidParameter

LARGEST_ID = 2**63 - 1

PresetName = Annotated[str, PathParameter(description="Name of the report.", schema_extra={"enum": sorted(PRESETS)})]
MetricName = Annotated[
    str, PathParameter(description="Name of the metric.", schema_extra={"enum": sorted(catalogue())})
]
AfterId = Annotated[int, QueryParameter(ge=0, le=LARGEST_ID, description="Continue after this id.")]

_DAY: dict[str, Any] = {"format": "date"}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FromDay = Annotated[str | None, QueryParameter(description="The first day.", schema_extra=_DAY)]
ToDay = Annotated[str | None, QueryParameter(description="The last day.", schema_extra=_DAY)]


def read_day(name: str, text: str | None) -> date | None:
    """A day of a list, also one from before or after the days that items may have. Raises InvalidParameter."""
    try:
        if text is None or _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text) if text else None
    except ValueError:
        pass
    raise InvalidParameter(faults=(Fault(name, "must be a date, such as 2026-03-01"),))
