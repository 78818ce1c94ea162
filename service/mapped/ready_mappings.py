"""The mappings of hooks that come with calltally. The commands offer them, so this module imports nothing heavy."""

import re
from pathlib import Path

_NAME = re.compile(r"[\w.-]+").fullmatch


def ready() -> dict[str, Path]:
    """The mappings that come with calltally, by name: dialers and CRMs with a public format."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "ready").glob("*.toml"))}


def is_name(mapping: str) -> bool:
    """Whether a mapping is only a name, and not TOML."""
    return _NAME(mapping.strip()) is not None
