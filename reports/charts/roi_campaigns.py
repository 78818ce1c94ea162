"""What came back of the money spent on each campaign, under two models of attribution."""

from dataclasses import replace

from reports.charts import roi

CHART = replace(roi.CHART, name="roi-campaigns", question={"metrics": ["marketing_roi"], "by": ["campaign"]})
