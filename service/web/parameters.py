"""Parameters that API and pages share: the name of a report, the name of a metric, the start of a page."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from reports.catalogue.catalogue import catalogue
from reports.catalogue.presets import PRESETS

LARGEST_ID = 2**63 - 1

PresetName = Annotated[str, PathParameter(description="Name of the report.", schema_extra={"enum": sorted(PRESETS)})]
MetricName = Annotated[
    str, PathParameter(description="Name of the metric.", schema_extra={"enum": sorted(catalogue())})
]
AfterId = Annotated[int, QueryParameter(ge=0, le=LARGEST_ID, description="Continue after this id.")]
