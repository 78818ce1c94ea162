"""Every named statement is understood by the database it is written for, and is what its header says."""

import re
from pathlib import Path

import asyncpg
import pytest

import sql
from reports.model.tables import TABLES, VERSION

FILES = sorted((sql.FOLDER / "queries").glob("*.sql"))
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
            prepared = await connection.prepare(statement)
            arguments, rows = headers.get(name, ("", "many"))
            if headers:
                assert len(prepared.get_parameters()) == len(re.findall(r"\w+", arguments)), name
            assert prepared.get_attributes() or rows == "none", name
    finally:
        await connection.close()


@pytest.mark.parametrize("name", TABLES)
async def test_believed_rows_have_the_columns_that_reports_read(name: str, ledger_url: str) -> None:
    statements = {
        sql.current_rows(name): 2,
        sql.rows_as_of(name): 2,
        sql.versions(name, changed=False): 1,
        sql.versions(name, changed=True): 2,
    }
    connection = await asyncpg.connect(ledger_url)
    try:
        for statement, arguments in statements.items():
            prepared = await connection.prepare(statement)
            assert len(prepared.get_parameters()) == arguments
            assert {column.name for column in prepared.get_attributes()} == {*TABLES[name].columns, *VERSION}
    finally:
        await connection.close()
