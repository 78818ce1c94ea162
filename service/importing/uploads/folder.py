"""The folder of one upload in the service's home: the file, its mapping, and the rows that were rejected."""

import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from service.config import SetupError
from service.importing.reading.inputs import file_on_disk

_LONGEST_NAME = 120
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True)
class UploadFolder:
    """The files of one upload. Only the user of the service may read them."""

    root: Path

    @property
    def file(self) -> Path:
        """The uploaded file. Raises SetupError if it was removed, or was uploaded to another machine."""
        files = sorted((self.root / "file").glob("*")) if self.root.is_dir() else []
        if not files:
            raise SetupError("The file is no longer here. Upload it again.")
        return files[0]

    @property
    def has_file(self) -> bool:
        """Whether the uploaded file is still here."""
        return any((self.root / "file").glob("*"))

    @property
    def mapping(self) -> Path:
        """The mapping of its rows."""
        return self.root / "mapping.toml"

    def rejected(self, work: str) -> Path:
        """The file for the rows that a check or an import rejects."""
        name = "rejected.jsonl" if self.file.suffix.lower() in {".jsonl", ".ndjson"} else "rejected.csv"
        return self.root / work / name

    def latest_rejected(self, work: str) -> Path | None:
        """The rejected rows of the last check or import, if it rejected any."""
        files = sorted((self.root / work).glob("rejected*"), key=lambda path: path.stat().st_mtime_ns)
        return files[-1] if files else None

    def begin(self, work: str) -> None:
        """Forget what an earlier check rejected; an interrupted import goes on with its own file."""
        if work == "checking":
            shutil.rmtree(self.root / work, ignore_errors=True)
        (self.root / work).mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self, name: str) -> Any:
        """What was noted under a name; None if nothing was."""
        path = self.root / f"{name}.json"
        return orjson.loads(path.read_bytes()) if path.is_file() else None

    def note(self, name: str, value: Any) -> None:
        """Note a value under a name. A reader never sees half of it."""
        self._replace(self.root / f"{name}.json", orjson.dumps(value))

    def write_mapping(self, text: str) -> None:
        """Store the mapping of the rows."""
        self._replace(self.mapping, text.encode())

    def _replace(self, path: Path, content: bytes) -> None:
        part = path.with_name(f"{path.name}.part")
        with _private(part) as file:
            file.write(content)
        part.replace(path)

    @contextmanager
    def receive(self, name: str) -> Generator[IO[bytes]]:
        """A new file for what a browser sends. name: the file's name on the sender's machine."""
        for folder in (self.root.parent, self.root, self.root / "file"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _private(self.root / "file" / safe_name(name)) as file:
            yield file

    def unpack(self) -> None:
        """Unpack a spreadsheet that came in an archive, as it cannot be read there. Raises SetupError."""
        file = self.file
        with file_on_disk(file) as plain:
            if plain != file:
                shutil.move(plain, file.with_name(safe_name(plain.name)))
                file.unlink()

    def remove_file(self) -> None:
        """Remove the uploaded file, and keep the rejected rows."""
        shutil.rmtree(self.root / "file", ignore_errors=True)

    def remove(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.root, ignore_errors=True)

    def plain(self, text: str) -> str:
        """A message without the place of the folder: people know their file by its name."""
        return text.replace(f"{self.root / 'file'}{os.sep}", "").replace(f"{self.root}{os.sep}", "")


def safe_name(name: str) -> str:
    r"""The name of a file without its folders, and short enough for any disk.

    >>> safe_name(r"C:\Users\Ada\calls.csv")
    'calls.csv'
    """
    base = _UNSAFE.sub("/", name).rpartition("/")[2].strip().lstrip(".")
    name = base.encode(errors="replace")[-_LONGEST_NAME:].decode(errors="ignore")  # its end tells the kind of file
    return name.lstrip(".") or "file"


@contextmanager
def _private(path: Path) -> Generator[IO[bytes]]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
