"""The formats of a report, by name. The command offers them, so this module imports nothing heavy."""

from typing import Literal, TypeAlias, get_args

Format: TypeAlias = Literal["json", "csv", "xlsx", "parquet", "arrow"]
FORMAT_NAMES: tuple[Format, ...] = get_args(Format)
