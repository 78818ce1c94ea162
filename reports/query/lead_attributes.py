"""Attributes of leads as dimensions of a report: declared by the account, looked up by the lead of each row.

No row of a report holds an attribute. Values are read once for a report, as of its moment, and looked up by lead. A
changed attribute is therefore in the next report, wherever the report reads its rows.
"""

from collections.abc import Iterable

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.frame import LEAD
from reports.model.codes import Codes
from reports.model.lead_attributes import UNKNOWN, LeadAttribute


def attribute_dimensions(codes: Codes) -> dict[str, Dimension]:
    """The dimension of each attribute that the account reports by, by name; without the values of leads."""
    return {
        name: Dimension(name=name, title=attribute.title, missing=UNKNOWN, values=attribute.labels)
        for name, attribute in codes.lead_attributes.items()
    }


def values_of(attribute: LeadAttribute, sent: pl.DataFrame) -> pl.DataFrame:
    """The value of each lead, in a column with the name of the dimension. sent: the values as they were sent."""
    return sent.select(LEAD, attribute.label(pl.col("value")).alias(attribute.dimension)).drop_nulls()


def add_values(rows: pl.LazyFrame, values: Iterable[pl.DataFrame]) -> pl.LazyFrame:
    """Rows with the values of their leads. values: of one attribute each; null for a lead without it."""
    for of_leads in values:
        rows = rows.join(of_leads.lazy(), on=LEAD, how="left")
    return rows
