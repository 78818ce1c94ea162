"""The return on the money spent on each campaign, under two attribution models."""

from dataclasses import replace

from reports.charts import roi

CHART = replace(roi.CHART, name="roi-campaigns", parameters={"metrics": ["marketing_roi"], "by": ["campaign"]})
