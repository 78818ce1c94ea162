"""Kinds of files by their first bytes: what can be read, and what to save in another form first."""

from pathlib import Path
from typing import Literal, TypeAlias

from service.config import SetupError

FileKind: TypeAlias = Literal["parquet", "xlsx", "text"]

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_PARQUET = b"PAR1"

_SPREADSHEET = "open it and save it as XLSX or CSV"
_UNREADABLE = {
    b"%PDF": "is a PDF document: ask for the same table as XLSX or CSV",
    b"\xd0\xcf\x11\xe0": f"is an old Excel file (.xls) or has a password: {_SPREADSHEET}",
    b"\x09\x08": f"is an old Excel file (.xls): {_SPREADSHEET}",
    b"{\\rtf": "is a text document (RTF): save its table as XLSX or CSV",
    b"\x89PNG": "is a picture, not a table",
    b"GIF8": "is a picture, not a table",
    b"\xff\xd8\xff": "is a picture, not a table",
    b"SQLite format 3": "is an SQLite database: export its table as CSV",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive: unpack it first",
    b"Rar!": "is a RAR archive: unpack it first",
    b"BZh": "is compressed with bzip2: unpack it first, or compress it with gzip",
    b"\xfd7zXZ": "is compressed with xz: unpack it first, or compress it with gzip",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd: unpack it first, or compress it with gzip",
    b"ARROW1": "is an Arrow file: save it as Parquet or CSV",
    b"Obj\x01": "is an Avro file: save it as Parquet or CSV",
    _EMPTY_ZIP: "is an empty archive",
}
_HTML = ("<!doctype html", "<html", "<table", "<meta", "<head", "<style", "<script")
_XML = ("<?xml", "<workbook")
_NAMED_UNREADABLE = {".xls": _SPREADSHEET}


def kind_of(path: Path, head: bytes) -> FileKind:
    """What a file is by its first bytes, unpacked. Raises SetupError if it holds no table that can be read."""
    for start, advice in _UNREADABLE.items():
        if head.startswith(start):
            raise SetupError(f"{path} {advice}")
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(ZIP):
        return "xlsx"
    _refuse_markup(path, head)
    if _is_binary(head):
        raise SetupError(f"{path} is not a table of text: {_SPREADSHEET}")
    return "text"


def _refuse_markup(path: Path, head: bytes) -> None:
    text = head[:4096].decode("utf-8-sig", "replace").replace("\x00", "").lstrip("\ufeff\ufffd \r\n\t").lower()
    if text.startswith(_HTML) or (text.startswith(_XML) and "<html" in text):
        raise SetupError(f"{path} is a web page (HTML), whatever its name says: {_SPREADSHEET}")
    if text.startswith(_XML):
        raise SetupError(f"{path} is an XML document: {_SPREADSHEET}")


def _is_binary(head: bytes) -> bool:
    """Whether the bytes are no text of any encoding: NUL bytes among many other control characters."""
    sample = head[:65_536]
    controls = sum(sample.count(byte) for byte in range(1, 32) if byte not in b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f")
    return b"\x00" in sample and controls > len(sample) // 100 and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
