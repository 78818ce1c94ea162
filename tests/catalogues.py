"""The sentences of the pages as catalogues need them: found in the code and the templates, and in our own tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from babel.messages.extract import extract_from_dir

from reports.measures.frame import Frame
from reports.render.provenance import resource_name, row_labels

# A sentence, and its form for several; empty for a sentence without a count.
Message: TypeAlias = tuple[str, str]

_ROOT = Path(__file__).parent.parent
_KEYWORDS = {"translate": None, "marked": None, "_": None, "translate_plural": (1, 2), "ngettext": (1, 2)}
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]


def messages() -> set[Message]:
    """Every sentence that the code marks for translation."""
    marked_up = set[Message]()
    for folder in ("service", "reports"):
        for _, _, message, _, _ in extract_from_dir(
            str(_ROOT / folder),
            _METHODS,
            {"**.html": {"trimmed": "true", "silent": "false"}},
            keywords=_KEYWORDS,
        ):
            singular, plural = (message, "") if isinstance(message, str) else message[:2]
            marked_up.add((singular, plural))
    return marked_up


def of_frames(frames: list[Frame]) -> Iterator[Message]:
    """The labels of kinds of rows, in a count and by themselves."""
    for frame in frames:
        yield row_labels(frame)
        for resource in frame.sent_as:
            yield resource_name(resource), ""
