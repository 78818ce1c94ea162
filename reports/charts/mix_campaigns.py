"""Conversion of each campaign as counted, and beside it what it would be if all had called the same mix of sources."""

from dataclasses import replace

from reports.charts import mix

CHART = replace(mix.CHART, name="mix-campaigns", question={"metrics": ["conv_per_attempt"], "by": ["campaign"]})
