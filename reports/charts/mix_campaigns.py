"""The conversion of each campaign as counted, and at the same mix of sources."""

from dataclasses import replace

from reports.charts import mix

CHART = replace(mix.CHART, name="mix-campaigns", parameters={"metrics": ["conv_per_attempt"], "by": ["campaign"]})
