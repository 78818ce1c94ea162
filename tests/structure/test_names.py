"""No name says only that something was told, kept or found: a name says what the value is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFUSED = {"told", "said", "given", "kept", "wanted", "asked", "whose", "found", "thing", "things", "one", "each"}
FILES = [path for folder in ("service", "reports", "sql", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]


def bound_names(source: str) -> Iterator[tuple[int, str]]:
    """Every name that code binds, with its line: values, attributes, functions, classes, parameters."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store(), lineno=line) | ast.Attribute(attr=name, ctx=ast.Store(), lineno=line)
            ):
                yield line, name
            case ast.arg(arg=name, lineno=line) | ast.alias(asname=str(name), lineno=line):
                yield line, name
            case ast.FunctionDef(name=name, lineno=line) | ast.AsyncFunctionDef(name=name, lineno=line):
                yield line, name
            case ast.ClassDef(name=name, lineno=line) | ast.ExceptHandler(name=str(name), lineno=line):
                yield line, name
            case ast.MatchAs(name=str(name), lineno=line) | ast.MatchStar(name=str(name), lineno=line):
                yield line, name
            case _:
                pass


def refused_names(source: str) -> list[tuple[int, str]]:
    """The bound names that say nothing, private spellings (`_told`) and classes (`Told`) among them."""
    return [(line, name) for line, name in bound_names(source) if name.strip("_").lower() in REFUSED]


def test_no_name_is_a_bare_word_that_says_nothing() -> None:
    refused = {
        f"{path.relative_to(ROOT)}:{line} {name}" for path in FILES for line, name in refused_names(path.read_text())
    }
    modules = {str(path.relative_to(ROOT)) for path in FILES if path.stem.strip("_") in REFUSED}
    assert refused | modules == set()


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "for one in calls: pass",
        "def read(given): pass",
        "def _kept(): pass",
        "class Asked: pass",
        "self.said = 2",
        "rows = [each for each in calls]",
        "import calls as things",
        "match call:\n    case {'code': found}: pass",
    ],
)
def test_the_check_sees_every_kind_of_name(source: str) -> None:
    assert len(refused_names(source)) == 1
