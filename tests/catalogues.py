"""The sentences of the pages as catalogues need them: in the code and in the templates."""

from pathlib import Path
from typing import TypeAlias

from babel.messages.extract import extract_from_dir

# A sentence, and its form for several; empty for a sentence without a count.
Message: TypeAlias = tuple[str, str]

_ROOT = Path(__file__).parent.parent
_KEYWORDS = {"translate": None, "marked": None, "_": None, "translate_plural": (1, 2), "marked_plural": (1, 2), "ngettext": (1, 2)}
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
