"""The files of the API document: the document itself, its examples, and a page for each kind of problem.

The folder stands beside this package, in the sources as in an installed copy.
"""

from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parents[2] / "openapi"
DOCUMENT = FOLDER / "openapi.json"
EXAMPLES = FOLDER / "examples"
PROBLEMS = FOLDER / "problems"


def examples(operation_id: str) -> dict[str, Any]:
    """The examples of an operation's body by name; none if it has no file."""
    path = EXAMPLES / f"{operation_id}.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}
