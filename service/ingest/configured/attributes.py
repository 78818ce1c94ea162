"""The attributes of leads that an account reports by: read, list and withdraw them, and what leads have beside them."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from reports.model.lead_attributes import OTHER
from reports.model.lead_attributes import LeadAttribute as Reported
from service.errors import NotFound
from service.ingest.configured.authors import Change
from service.ingest.configured.items import ConfiguredItems
from service.ingest.lead_attributes import LEAD_ATTRIBUTE, LeadAttribute
from service.ingest.receipts import Status
from service.platform.db import account_transaction
from sql import load

_QUERIES = load("lead_attributes")
_MOST_UNLISTED = 100


@dataclass(frozen=True)
class LeadAttributes:
    """Reads and withdraws the declared attributes of one account; `items` writes them."""

    items: ConfiguredItems

    async def list_attributes(self, after: str, most: int, name: str | None = None) -> list[dict[str, Any]]:
        """Declared attributes in the order of their names, each as its document."""
        return await self._fetch("list_lead_attributes", name, after, most)

    async def read(self, name: str) -> dict[str, Any]:
        """One attribute as its document. Raises NotFound."""
        attributes = await self.list_attributes("", 1, name)
        if not attributes:
            raise NotFound("The account does not report by an attribute of this name.")
        return attributes[0]

    async def withdraw(self, name: str, change: Change) -> Status:
        """Report by an attribute no longer. Raises ChangedMeanwhile."""
        return await self.items.put(LEAD_ATTRIBUTE, name, LeadAttribute.model_validate({}), change, {"reported": False})

    async def unlisted_values(self, attribute: dict[str, Any]) -> list[dict[str, Any]]:
        """The values that reports count as `other`, if enough leads have them."""
        rows = await self._fetch("list_values", attribute["name"], attribute["fewest_leads"])
        values = pl.DataFrame(rows, schema={"value": pl.String, "leads": pl.Int64})
        declared = Reported(
            name=attribute["name"],
            title="",
            values=tuple(attribute["values"] or ()),
            bands=tuple(attribute["bands"] or ()),
        )
        if not declared.labels:
            return []
        return values.filter(declared.label(pl.col("value")) == OTHER).head(_MOST_UNLISTED).to_dicts()

    async def undeclared_names(self) -> list[str]:
        """Names of attributes that some leads have and the account does not report by."""
        return [row["name"] for row in await self._fetch("undeclared_names")]

    async def _fetch(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        account_id = self.items.account_id
        async with account_transaction(self.items.pool, account_id, readonly=True) as connection:
            return [dict(row) for row in await connection.fetch(_QUERIES[query], account_id, *arguments)]
