"""How far evaluators agree about the same items of the same calls: 1 is always, 0 is as often as by chance.

Population: items of one call, form and version that at least two evaluators rated, in calibration sessions or not. A
rating is the points over the most points. Krippendorff's alpha, for ratings on an interval scale.
Edge cases: empty while no item has two ratings, or while all ratings are the same. Above 0.8 is good, below 0.67 no
basis for decisions about people. It is empty by evaluator and by period, which part the ratings of one call: alpha
exists only for all of them together. The interval takes calls as the sample.
"""

import polars as pl

from reports.facts.evaluated_items import EVALUATED_ITEMS, rated_by_several
from reports.measures.frame import TIME_DIMENSIONS
from reports.measures.metric import Metric
from reports.measures.scores import Agreement
from reports.rules.evaluated import RATING

METRIC = Metric(
    name="rater_agreement",
    title="Rater agreement",
    version=2,
    unit="factor",
    better="higher",
    formula="alpha: 1 - observed disagreement / disagreement expected by chance",
    frame=EVALUATED_ITEMS,
    measure=Agreement(
        rating=pl.col("rating"),
        disagreement=pl.col("disagreement"),
        where=rated_by_several(),
        observation=("dialer", "subject"),
        per=RATING,
        incompatible_dimensions=("evaluator", *TIME_DIMENSIONS),
    ),
)
