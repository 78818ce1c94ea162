"""The answer rate of the calls through one number, week by week, for windows with too many days."""

from dataclasses import replace

from reports.charts import number_answers
from reports.model.language import marked

CHART = replace(
    number_answers.CHART,
    name="number-answers-by-week",
    title=marked("How often calls through the number were answered, week by week"),
    parameters={"metrics": ["attempts,answer_rate"], "by": ["week,source"]},
)
