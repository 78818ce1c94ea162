"""The router of a mapping: what tells the kinds of rows of a file apart."""

from dataclasses import dataclass

from service.importing.language.options import DirectionRule, SkipOptions, columns_of


@dataclass(frozen=True)
class Router:
    """What tells the kinds of rows of a file apart.

    main: the kind of every row in a file without directions; empty if its rows are no calls.
    direction: where a row says its direction; a word that is no kind is the reason to skip the row.
    skips: rows that are left out, by their values.
    is_usual: whether the mapping names no direction, and only columns with usual names are looked at.
    """

    main: str
    direction: DirectionRule | None = None
    skips: tuple[SkipOptions, ...] = ()
    is_usual: bool = False

    @property
    def columns_named(self) -> tuple[str, ...]:
        """The columns that the mapping names for it."""
        skipped = (name for skip in self.skips for name in columns_of(skip.where))
        return (*skipped, *(self.direction.columns_read if self.direction and not self.is_usual else ()))

    @property
    def columns_read(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (*self.columns_named, *(self.direction.columns_read if self.direction else ()))

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The columns that a file must have for it."""
        skipped = (name for skip in self.skips for name in columns_of(skip.where))
        return (*skipped, *(self.direction.required_columns if self.direction else ()))
