"""How often calls through a number were answered, week by week: for times that have too many days to be seen."""

from dataclasses import replace

from reports.charts import number_answers

CHART = replace(
    number_answers.CHART,
    name="number-answers-by-week",
    title="How often calls through the number were answered, week by week",
    question={"metrics": ["attempts,answer_rate"], "by": ["week,source"]},
)
