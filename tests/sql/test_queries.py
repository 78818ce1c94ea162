"""Every named statement is understood by the database it is written for, and is what its header says."""

import re
from pathlib import Path

import asyncpg
import pytest

import sql
from reports.fact import Frame, frames

FILES = sorted([*(sql.FOLDER / "queries").glob("*.sql"), *(sql.FOLDER / "extracts").glob("*.sql")])
HEADER = re.compile(r"^-- name: (\w+)\((.*)\) -> (none|one|optional|many)$", re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
async def test_every_statement_can_be_prepared_and_fits_its_header(file: Path, ledger_url: str) -> None:
    text = file.read_text()
    headers = {name: (arguments, rows) for name, arguments, rows in HEADER.findall(text)}
    # A file without headers is one statement, named after the file.
    statements = sql.split(text) if headers else {file.stem: text}
    assert len(re.findall("^-- name", text, re.MULTILINE)) == len(headers), "a header is misspelt or doubled"
    connection = await asyncpg.connect(ledger_url)
    try:
        for name, statement in statements.items():
            if "believed." in statement:
                continue
            prepared = await connection.prepare(statement)
            arguments, rows = headers.get(name, ("", "many"))
            if headers:
                assert len(prepared.get_parameters()) == len(re.findall(r"\w+", arguments)), name
            assert prepared.get_attributes() or rows == "none", name
    finally:
        await connection.close()


@pytest.mark.parametrize("frame", frames().values(), ids=frames())
@pytest.mark.parametrize("versions", [False, True], ids=["now", "as of"])
async def test_an_extract_delivers_what_its_frame_is_made_from(frame: Frame, versions: bool, ledger_url: str) -> None:
    connection = await asyncpg.connect(ledger_url)
    try:
        for extract in frame.extracts:
            written = sql.extract(extract.name, versions=versions)
            prepared = await connection.prepare(written.text)
            assert len(prepared.get_parameters()) == len(written.arguments), extract.name
            assert {column.name for column in prepared.get_attributes()} >= set(extract.columns), extract.name
    finally:
        await connection.close()
