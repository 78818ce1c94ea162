"""Cell suppression: which cells of a table must not be shown, so that no small cell can be found by subtraction.

A cell is small if it counts fewer subjects than a threshold. A reader may know the totals of all rows and columns. So
the suppressed cells form a block: some rows in some columns, all of them, with or without subjects. Its part of every
row and column counts enough subjects, or is the whole of it. It has at least two rows and two columns with subjects.
Then its totals fit other tables as well, for every cell of it (the bounds of Fréchet). A row or column that a coarser
table suppresses belongs to the block.

This protects the tables of one set of subjects against each other. It does not protect tables over other periods, or
by other coordinates, against each other. With three or more coordinates, it covers the totals of one group of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

Cell: TypeAlias = tuple[str | None, ...]
Positions: TypeAlias = tuple[int, ...]
# The subjects of every cell that has any.
CellCounts: TypeAlias = Mapping[Cell, int]


@dataclass(frozen=True)
class Block:
    """The suppressed cells of one table: some rows in some columns.

    row_at, column_at: the positions of the coordinates that make a row and a column.
    """

    row_at: Positions = ()
    column_at: Positions = ()
    rows: frozenset[Cell] = frozenset()
    columns: frozenset[Cell] = frozenset()

    def hides(self, passes: Callable[[int, str | None], bool]) -> bool:
        """Whether it has a cell with coordinates that pass. passes: of the position and the coordinate."""
        return _any_passes(self.row_at, self.rows, passes) and _any_passes(self.column_at, self.columns, passes)


def suppressed(
    count: Callable[[Positions], CellCounts], size: int, protected: Collection[int], fewest: int
) -> dict[Positions, Block]:
    """The suppressed block of a table, and of each of its coarser tables, by the positions of their coordinates.

    count: the table with only the coordinates of some positions. size: the number of all coordinates. protected: the
    positions of coordinates that tell about subjects; a subject has one value of each. Tables without any of these are
    public. fewest: the smallest count that may be shown.

    >>> industries = {("bank",): 3, ("retail",): 40, ("farm",): 12}
    >>> sorted(suppressed(lambda _: industries, 1, [0], 10)[0,].rows)
    [('bank',), ('farm',)]
    """
    blocks: dict[Positions, Block] = {}
    for length in range(1, size + 1):
        for positions in combinations(range(size), length):
            if not set(positions).isdisjoint(protected):
                coarser = [blocks[some] for some in combinations(positions, length - 1) if some in blocks]
                blocks[positions] = _block(count(positions), positions, protected, coarser, fewest)
    return blocks


def _block(
    counts: CellCounts, positions: Positions, protected: Collection[int], coarser: Sequence[Block], fewest: int
) -> Block:
    row_at, column_at = _axes(positions, protected)
    table = _Table(positions, row_at, column_at, counts, apart=set(column_at) <= set(protected), fewest=fewest)
    rows, columns = table.seeds(coarser)
    if rows and len(column_at) > 1:
        # Totals by some of the columns' coordinates are known too: a block of all columns leaves none of them open.
        columns = table.columns
    while rows and (more := table.needed_row(rows, columns) or table.needed_column(rows, columns)):
        rows, columns = rows | more[0], columns | more[1]
    return Block(row_at, column_at, frozenset(rows), frozenset(columns))


def _axes(positions: Positions, protected: Collection[int]) -> tuple[Positions, Positions]:
    """The coordinates of rows and of columns: protected and public ones, or else the first one and the others."""
    telling = tuple(position for position in positions if position in protected)
    public = tuple(position for position in positions if position not in protected)
    return (telling, public) if public else (telling[:1], telling[1:])


# Rows and columns to add to a block.
_More: TypeAlias = tuple[set[Cell], set[Cell]]


class _Table:
    """A table of two coordinates. apart: no subject is in two columns."""

    def __init__(
        self,
        positions: Positions,
        row_at: Positions,
        column_at: Positions,
        counts: CellCounts,
        *,
        apart: bool,
        fewest: int,
    ) -> None:
        self._positions, self._counts, self._fewest = positions, counts, fewest
        self._row_at, self._column_at = row_at, column_at
        self._together = sum if apart else max
        self._by_row: defaultdict[Cell, dict[Cell, int]] = defaultdict(dict)
        self._by_column: defaultdict[Cell, dict[Cell, int]] = defaultdict(dict)
        for cell, count in counts.items():
            row, column = self._place(cell)
            self._by_row[row][column] = self._by_column[column][row] = count

    @property
    def columns(self) -> set[Cell]:
        """All columns."""
        return set(self._by_column)

    def _place(self, cell: Cell) -> tuple[Cell, Cell]:
        of = dict(zip(self._positions, cell, strict=True))
        return tuple(of[position] for position in self._row_at), tuple(of[position] for position in self._column_at)

    def seeds(self, coarser: Sequence[Block]) -> tuple[set[Cell], set[Cell]]:
        """The rows and the columns with cells that are small, or that a coarser table suppresses."""
        rows, columns = set[Cell](), set[Cell]()
        for cell, count in self._counts.items():
            of = dict(zip(self._positions, cell, strict=True))
            if count < self._fewest or any(block.hides(lambda at, value, of=of: of[at] == value) for block in coarser):
                row, column = self._place(cell)
                rows.add(row)
                columns.add(column)
        return rows, columns

    def needed_row(self, rows: set[Cell], columns: set[Cell]) -> _More | None:
        """A row to add: some column shows too few of its subjects, or only one row has any."""
        for column in sorted(columns, key=repr):
            line = self._by_column[column]
            hidden = sum(count for row, count in line.items() if row in rows)
            if 0 < hidden < self._fewest and (others := [row for row in line if row not in rows]):
                return {self._smallest(others, self._by_row)}, set()
        with_subjects = [row for row in rows if not columns.isdisjoint(self._by_row[row])]
        others = [row for row in self._by_row if row not in rows]
        if len(with_subjects) > 1 or not others:
            return None
        nearby = [row for row in others if not columns.isdisjoint(self._by_row[row])]
        return {self._smallest(nearby or others, self._by_row)}, set()

    def needed_column(self, rows: set[Cell], columns: set[Cell]) -> _More | None:
        """The same for columns, where there are any."""
        for row in sorted(rows, key=repr) if self._column_at else ():
            line = self._by_row[row]
            hidden = self._together([0, *(count for column, count in line.items() if column in columns)])
            if 0 < hidden < self._fewest and (others := [column for column in line if column not in columns]):
                return set(), {self._smallest(others, self._by_column)}
        with_subjects = [column for column in columns if not rows.isdisjoint(self._by_column[column])]
        others = [column for column in self._by_column if column not in columns]
        if len(with_subjects) > 1 or not others:
            return None
        nearby = [column for column in others if not rows.isdisjoint(self._by_column[column])]
        return set(), {self._smallest(nearby or others, self._by_column)}

    @staticmethod
    def _smallest(lines: Sequence[Cell], counts: Mapping[Cell, Mapping[Cell, int]]) -> Cell:
        return min(lines, key=lambda line: (sum(counts[line].values()), repr(line)))


def _any_passes(at: Positions, keys: Collection[Cell], passes: Callable[[int, str | None], bool]) -> bool:
    return any(all(passes(position, value) for position, value in zip(at, key, strict=True)) for key in keys)
