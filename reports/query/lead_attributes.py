"""Attributes of leads as dimensions of a report: declared by the account, looked up by the lead of each row.

No row of a report holds an attribute. Values are read once for a report, as of its moment, and looked up by lead. A
changed attribute is therefore in the next report, wherever the report reads its rows.
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.frame import LEAD
from reports.measures.metric import Metric
from reports.model.codes import Codes
from reports.model.lead_attributes import UNKNOWN, LeadAttribute


def attribute_dimensions(codes: Codes) -> dict[str, Dimension]:
    """The dimension of each attribute that the account reports by, by name; without the values of leads."""
    return {
        name: Dimension(name=name, title=attribute.title, missing=UNKNOWN, values=attribute.labels)
        for name, attribute in codes.lead_attributes.items()
    }


def with_values(dimension: Dimension, attribute: LeadAttribute, values: pl.DataFrame) -> Dimension:
    """The dimension, computed from the lead of a row. values: of all leads with the attribute, as they were sent."""
    known = values.select(LEAD, value=attribute.label(pl.col("value"))).drop_nulls()
    leads, labels = known[LEAD], known["value"]

    def value_of(anchor: str, zone: str) -> pl.Expr:
        del anchor, zone
        lead = pl.col(LEAD).cast(pl.String)
        return lead.replace_strict(leads, labels, default=None, return_dtype=labels.dtype)

    return replace(dimension, bucket=value_of)


def without_leads(metrics: Iterable[Metric]) -> list[Metric]:
    """The metrics that no attribute of leads can break down: not all of their rows can name a lead."""
    return [metric for metric in metrics if not metric.has_leads]
