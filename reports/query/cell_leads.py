"""The leads that the cells of a report are about, and which of the cells must not be shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import polars as pl

from reports.measures.frame import LEAD, Frame
from reports.query.engine import MOST_GROUPS
from reports.query.parameters import InvalidRequest
from reports.query.request import ReportRequest
from reports.stats.suppression import Block, Cell, Positions, suppressed

# A group of a report: the text of its value in each dimension.
Group: TypeAlias = Mapping[str, str | None]

ROWS = "rows"


def dimensions_of(request: ReportRequest) -> list[str]:
    """The dimensions of the cells that decide what is withheld: those of the breakdown and of the filters."""
    return list(dict.fromkeys([*(dimension.name for dimension in request.by), *request.filters]))


@dataclass(frozen=True, eq=False)
class CellLeads:
    """The leads of one kind of fact in each cell.

    pairs: each lead of each cell once, without filters, with its number of rows; rows without a lead are one pair.
    """

    request: ReportRequest
    frame: Frame
    pairs: pl.DataFrame

    @cached_property
    def hides_total(self) -> bool:
        """Whether the number of all groups together is withheld: only a filter by an attribute makes it small."""
        return self._hides({}, self.request.filters)

    def hides(self, group: Group) -> bool:
        """Whether the number of a group is withheld."""
        return self._hides(group, self._names)

    def lists(self, group: Group) -> bool:
        """Whether the group may be listed. Of finer groups, the list itself would tell about the leads."""
        return tuple(group.values()) in self._groups and (len(self._names) == 1 or not self.hides(group))

    def _hides(self, group: Group, names: Collection[str]) -> bool:
        """Whether any cell of a group that passes the filters is suppressed, in the table of some dimensions."""
        block = self._blocks.get(self._positions(names))
        return block is not None and block.hides(lambda position, value: self._passes(group, position, value))

    def _passes(self, group: Group, position: int, value: str | None) -> bool:
        name = self._names[position]
        return group.get(name, value) == value and (value or "") in self.request.filters.get(name, (value or "",))

    @cached_property
    def _names(self) -> list[str]:
        return dimensions_of(self.request)

    @cached_property
    def _groups(self) -> set[Cell]:
        """The groups with any rows that pass the filters."""
        by = [dimension.name for dimension in self.request.by]
        tests = [pl.col(name).fill_null("").is_in(values) for name, values in self.request.filters.items()]
        passing = self.pairs.filter(pl.all_horizontal(True, *tests))  # noqa: FBT003  what no test refuses
        return set(passing.select(by).unique().iter_rows())

    @cached_property
    def _blocks(self) -> dict[Positions, Block]:
        """The suppressed cells of each table, by the positions of its dimensions."""
        protected = self._positions(self.request.attributes)
        return suppressed(self._count, len(self._names), protected, self.request.fewest_leads)

    def _count(self, positions: Positions) -> dict[Cell, int]:
        """How many leads each cell is about. A row without a lead counts as a lead of its own."""
        leads = pl.col(LEAD).drop_nulls().n_unique() + pl.col(ROWS).filter(pl.col(LEAD).is_null()).sum()
        table = self.pairs.group_by(self._names[position] for position in positions).agg(leads.alias(ROWS))
        if table.height > MOST_GROUPS:
            raise InvalidRequest.of("by", f"gives {table.height} cells; ask for {MOST_GROUPS} at most")
        return {row[:-1]: row[-1] for row in table.iter_rows()}

    def _positions(self, names: Collection[str]) -> Positions:
        return tuple(position for position, name in enumerate(self._names) if name in names)
