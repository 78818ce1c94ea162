"""Archives: a zip with one file is read like the file itself."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from service.config import SetupError

_MOST_NAMED = 5
_WORKBOOK = "xl/workbook.xml"
_OTHER_PACKAGES = {
    "xl/workbook.bin": "is a binary Excel workbook (.xlsb): open it and save it as XLSX or CSV",
    "content.xml": "is an OpenDocument file: open it and save it as XLSX or CSV",
    "word/document.xml": "is a Word document: save its table as XLSX or CSV",
    "ppt/presentation.xml": "is a presentation: save its table as XLSX or CSV",
}
# What systems and dialogs add to an archive on their own.
_NOISE = (".ds_store", "thumbs.db", "desktop.ini")
_ENCRYPTED = 0x1
# A workbook is read as a whole: a sheet of a million rows with ten columns unpacks to about 400 MB.
_LARGEST_WORKBOOK = 512 << 20
_BLOCK = 1 << 20


def is_workbook(path: Path, file: IO[bytes]) -> bool:
    """Whether a zip is a workbook of Excel. Raises SetupError if it is another kind of document."""
    names = {entry.filename for entry in _entries(path, file)}
    for name, advice in _OTHER_PACKAGES.items():
        if name in names:
            raise SetupError(f"{path} {advice}")
    return _WORKBOOK in names


def check_workbook_size(path: Path) -> None:
    """Refuse a workbook that unpacks to more than the memory should hold. Raises SetupError.

    It is unpacked once, piece by piece, because an archive can state wrong sizes.
    """
    left = _LARGEST_WORKBOOK
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                entry.file_size = left + 2 * _BLOCK  # read to the real end, whatever the archive says
                with archive.open(entry) as content:
                    while left >= 0 and (block := content.read(_BLOCK)):
                        left -= len(block)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, RuntimeError):
        raise SetupError(f"{path} is damaged: it is not a whole XLSX file") from None
    if left < 0:
        limit = _LARGEST_WORKBOOK >> 20
        raise SetupError(f"{path} unpacks to more than {limit} MB: save its sheet as CSV, or split it")


def member_name(path: Path, file: IO[bytes]) -> str:
    """The name of the only file in a zip. Raises SetupError if there are several, or none."""
    return _only_entry(path, file).filename


def member_of(path: Path, file: IO[bytes]) -> IO[bytes]:
    """The content of the only file in a zip. Raises SetupError."""
    entry = _only_entry(path, file)
    try:
        return zipfile.ZipFile(file).open(entry)
    except NotImplementedError:
        raise SetupError(f"{path} is packed in a way that is not supported: unpack it first") from None


def _only_entry(path: Path, file: IO[bytes]) -> zipfile.ZipInfo:
    entries = [entry for entry in _entries(path, file) if not entry.is_dir() and not _is_noise(entry.filename)]
    if not entries:
        raise SetupError(f"{path} is an empty archive")
    if len(entries) > 1:
        names = [entry.filename for entry in entries]
        others = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        raise SetupError(
            f"{path} holds {len(names)} files ({', '.join(names[:_MOST_NAMED])}{others}):"
            " unpack it and import each file with its own command"
        )
    if entries[0].flag_bits & _ENCRYPTED:
        raise SetupError(f"{path} is protected by a password: unpack it first")
    return entries[0]


def _entries(path: Path, file: IO[bytes]) -> list[zipfile.ZipInfo]:
    try:
        return zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise SetupError(f"{path} is damaged: it is not a whole zip archive") from None
    finally:
        file.seek(0)


def _is_noise(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name.lower() in _NOISE
