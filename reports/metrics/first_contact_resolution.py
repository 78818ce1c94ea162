"""Share of cases that one contact resolved, without transfer or escalation.

Population: cases opened in the window with at least one known contact, tests excluded. Contacts are answered inbound
calls and attempts that belong to the case.
Edge cases: cases without a known call came in by another way and are counted beside the report. Open cases count as not
resolved. first_call_resolution_proxy needs no cases.
"""

import polars as pl

from reports.facts.cases import CASES
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio

METRIC = Metric(
    name="first_contact_resolution",
    title="First-contact resolution",
    version=1,
    unit="ratio",
    better="higher",
    formula="cases resolved by one contact / cases with a contact",
    frame=CASES,
    measure=Ratio(numerator=pl.col("first_contact"), denominator=pl.col("called")),
)
