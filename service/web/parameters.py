"""Parameters of addresses that API and pages share: which report, which metric, where a list goes on."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from reports.catalogue.catalogue import catalogue
from reports.catalogue.presets import PRESETS

LARGEST_ID = 2**63 - 1

PresetName = Annotated[str, PathParameter(description="Which report.", schema_extra={"enum": sorted(PRESETS)})]
MetricName = Annotated[str, PathParameter(description="Which metric.", schema_extra={"enum": sorted(catalogue())})]
AfterId = Annotated[int, QueryParameter(ge=0, le=LARGEST_ID, description="Go on after this id.")]
