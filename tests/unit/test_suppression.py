"""Suppressed cells cannot be computed from the cells that are shown and from all totals that a reader may know."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.stats.suppression import Block, Cell, Positions, suppressed

FEWEST = 5
VALUES, SLICES = "abcd", "wxyz"

tables = st.dictionaries(
    st.tuples(st.sampled_from(VALUES), st.sampled_from(SLICES)), st.integers(1, 12), min_size=1, max_size=16
)
protections = st.sampled_from([(0,), (0, 1)])


def project(table: dict[Cell, int], positions: Positions) -> dict[Cell, int]:
    """A coarser table of subjects that are each in one cell."""
    totals: defaultdict[Cell, int] = defaultdict(int)
    for cell, count in table.items():
        totals[tuple(cell[position] for position in positions)] += count
    return totals


def blocks_of(table: dict[Cell, int], protected: Positions) -> dict[Positions, Block]:
    return suppressed(lambda positions: project(table, positions), 2, protected, FEWEST)


def hides(block: Block, positions: Positions, cell: Cell) -> bool:
    return block.hides(lambda position, value: cell[positions.index(position)] == value)


def bounds(table: dict[Cell, int], blocks: dict[Positions, Block], cell: Cell) -> tuple[float, float]:
    """The least and the most that a reader of everything shown can think a cell counts."""
    grid: list[Cell] = list(product(VALUES, SLICES))
    equations = [([other == cell for other in grid], table.get(cell, 0)) for cell in grid if not _hidden(blocks, cell)]
    for position, names in enumerate((VALUES, SLICES)):
        for name in names:
            if (position,) not in blocks or not hides(blocks[position,], (position,), (name,)):
                total = sum(count for other, count in table.items() if other[position] == name)
                equations.append(([other[position] == name for other in grid], total))
    equations.append(([True] * len(grid), sum(table.values())))
    left, right = np.array([row for row, _ in equations], dtype=float), [count for _, count in equations]
    aim = np.array([other == cell for other in grid], dtype=float)
    least, most = (linprog(sign * aim, A_eq=left, b_eq=right, bounds=(0, None)) for sign in (1, -1))
    return least.fun, -most.fun


def _hidden(blocks: dict[Positions, Block], cell: Cell) -> bool:
    return hides(blocks[0, 1], (0, 1), cell)


@given(tables, protections)
def test_no_small_cell_can_be_computed_from_what_is_shown(table: dict[Cell, int], protected: Positions) -> None:
    blocks = blocks_of(table, protected)
    one_line = min(len(project(table, (position,))) for position in (0, 1)) == 1
    for cell, count in table.items():
        # In a table of one row or column, the totals are the cells.
        if count < FEWEST and not one_line:
            assert _hidden(blocks, cell)
            least, most = bounds(table, blocks, cell)
            assert most - least > 0.5, (table, blocks, cell)


@given(tables, protections)
def test_nothing_is_suppressed_where_nothing_is_small(table: dict[Cell, int], protected: Positions) -> None:
    blocks = blocks_of({cell: count + FEWEST for cell, count in table.items()}, protected)
    assert not any(block.rows for block in blocks.values())


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([40, 12, 30], set()),
        # One alone is the total less the others: the smallest of the others goes with it.
        ([3, 12, 30], {0, 1}),
        # Two small ones are three leads together, and three are too few to tell.
        ([1, 2, 30, 40], {0, 1, 2}),
        ([3, 4, 30], {0, 1}),
        ([3], {0}),
    ],
)
def test_a_line_of_values_by_hand(counts: list[int], expected: set[int]) -> None:
    line: dict[Cell, int] = {(str(place),): count for place, count in enumerate(counts)}
    assert suppressed(lambda _: line, 1, [0], FEWEST)[0,].rows == {(str(place),) for place in expected}


def test_a_rare_value_takes_another_with_it_in_every_finer_table() -> None:
    table: dict[Cell, int] = {
        **{("bank", agent): 2 for agent in ("ada", "bo")},
        **{("farm", agent): 20 for agent in ("ada", "bo")},
        **{("shop", agent): 90 for agent in ("ada", "bo")},
    }
    blocks = blocks_of(table, (0,))
    assert blocks[0,].rows == blocks[0, 1].rows == {("bank",), ("farm",)}
    assert set(blocks) == {(0,), (0, 1)}
