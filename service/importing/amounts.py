"""Amounts and other numbers as people write them: thousands, currencies, brackets for what is negative."""

import polars as pl

from service.importing.language.times import InvalidCells

_SPACES = "\u0020\u00a0\u2009\u202f"
_APOSTROPHES = "'\u2019"
_SIGNS = "[-\u2212\u2013]"
# A currency as a sign, a sign with its country's letters, or a code of three letters.
_CURRENCY = rf"(?:[A-Z]{{0,3}}\p{{Sc}}|[A-Z]{{3}}|kr\.?|zł|Kč|Fr\.)[{_SPACES}]*"
_OTHER = {".": ",", ",": "."}
# What a spreadsheet writes when a number is wider than its cell.
ROUNDED = r"^[-+]?\d(?:[.,]\d+)?E\+\d{1,3}$"
ROUNDED_REASON = "was rounded by a spreadsheet: give its column the format of a whole number, and save the file again"


def read_amounts(cells: pl.Series, decimal: str) -> tuple[pl.Series, list[InvalidCells]]:
    """Numbers with a decimal point and nothing else, and the cells that are no numbers, with the reasons.

    decimal: the mark before the decimals in these cells.
    """
    cells = cells.cast(pl.String)
    if decimal == "." and cells.str.contains(r"^-?\d+(?:\.\d+)?$").all():
        return cells, []
    is_negative, bare = _without_marks(cells)
    read = _plain(bare, decimal)
    signed = pl.select(pl.when(is_negative).then(pl.lit("-") + read).otherwise(read)).to_series()
    unread = cells.is_not_null() & read.is_null()
    rounded = unread & cells.str.contains(ROUNDED)
    swapped = unread & _plain(bare, _OTHER[decimal]).is_not_null()
    reason = f"is not a number with a decimal {_name(decimal)}"
    advice = f'; set decimal = "{_OTHER[decimal]}" under [file] if its decimals follow a {_name(_OTHER[decimal])}'
    return signed, [
        (rounded, ROUNDED_REASON),
        (swapped, reason + advice),
        (unread & ~rounded & ~swapped, reason),
    ]


def refuse_rounded(cells: pl.Series) -> list[InvalidCells]:
    """Ids and phone numbers of which a spreadsheet has left only the first digits."""
    if not cells.str.contains("E+", literal=True).any():
        return []
    return [(cells.str.contains(ROUNDED).fill_null(value=False), ROUNDED_REASON)]


def has_three_digits_behind(cells: pl.Series, mark: str) -> pl.Series:
    """Whether a cell has exactly three digits behind its only mark: 1.234 may be more than a thousand, or not."""
    _, bare = _without_marks(cells.cast(pl.String))
    return bare.str.contains(rf"^\d{{1,3}}[{mark}]\d{{3}}$")


def _without_marks(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whether each cell is negative, and its digits with their separators."""
    text = cells.str.strip_chars()
    text = text.str.replace(rf"^{_CURRENCY}(\(.*\))$", "$1")
    in_brackets = text.str.contains(r"^\(.*\)$")
    text = text.str.replace(r"^\((.*)\)$", "$1").str.strip_chars()
    text = text.str.replace(rf"^({_SIGNS}?){_CURRENCY}", "$1").str.replace(
        rf"[{_SPACES}]*{_CURRENCY}({_SIGNS}?)$", "$1"
    )
    has_sign = text.str.contains(rf"^{_SIGNS}|{_SIGNS}$")
    text = text.str.replace(rf"^{_SIGNS}[{_SPACES}]*(.*[^-])$", "$1").str.replace(
        rf"^([^-].*)[{_SPACES}]*{_SIGNS}$", "$1"
    )
    text = text.str.replace(r"^\+", "").str.replace(rf"^{_CURRENCY}", "")
    return in_brackets | has_sign, text.str.strip_chars()


def _plain(bare: pl.Series, decimal: str) -> pl.Series:
    """Digits without separators and with a decimal point; null if they are not written like that."""
    thousands = "|".join(
        rf"\d{{1,3}}(?:[{mark}]\d{{2,3}})*[{mark}]\d{{3}}" for mark in (_OTHER[decimal], _SPACES, _APOSTROPHES)
    )
    fits = bare.str.contains(rf"^(?:(?:\d+|{thousands})(?:[{decimal}]\d+)?|[{decimal}]\d+)$")
    digits = bare.str.replace_all(rf"[{_OTHER[decimal]}{_SPACES}{_APOSTROPHES}]", "").str.replace(
        decimal, ".", literal=True
    )
    digits = digits.str.replace(r"^\.", "0.")
    return pl.select(pl.when(fits).then(digits)).to_series()


def _name(mark: str) -> str:
    return "point" if mark == "." else "comma"
