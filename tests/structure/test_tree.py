"""The tree stays a map: few modules in a folder, so that each has an obvious place."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONE_FILE_PER_ENTRY = {
    "reports/metrics",
    "reports/facts",
    "reports/charts",
    "service/dialers",
    "service/ingest/resources",
}
MOST_AT_THE_TOP = 12
MOST_IN_A_FOLDER = 25


def modules_per_folder() -> Counter[str]:
    """How many modules stand directly in each folder of the product, packages' own files left out."""
    paths = [path for top in ("service", "reports", "sql") for path in (ROOT / top).rglob("*.py")]
    return Counter(str(path.parent.relative_to(ROOT)) for path in paths if path.name != "__init__.py")


@pytest.mark.parametrize("folder", ["reports", "service", "sql"])
def test_few_modules_stand_directly_at_the_top(folder: str) -> None:
    assert modules_per_folder()[folder] <= MOST_AT_THE_TOP


def test_no_folder_holds_more_modules_than_a_reader_can_survey() -> None:
    crowded = {folder: count for folder, count in modules_per_folder().items() if count > MOST_IN_A_FOLDER}
    assert set(crowded) <= ONE_FILE_PER_ENTRY


def test_every_folder_of_code_says_what_it_holds() -> None:
    packages = [path for top in ("service", "reports", "sql") for path in (ROOT / top).rglob("__init__.py")]
    silent = [str(path.relative_to(ROOT)) for path in packages if not path.read_text().startswith('"""')]
    assert silent == []
