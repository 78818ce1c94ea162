"""Reading files: quotes, encodings, damage; fast cutting of lines gives the rows of the csv module."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config import SetupError
from service.importing.chunks import Chunk, after
from service.importing.language.options import FileOptions
from service.importing.reading.delimited import DelimitedSource
from service.importing.reading.streams import open_stream

COLUMNS = ["a", "b", "c"]


def read(path: Path, size: int = 1000, **options: Any) -> list[Chunk]:
    chosen = FileOptions(**options)
    with open_stream(path, chosen.encoding) as stream:
        return list(DelimitedSource(stream, chosen, COLUMNS).chunks(size))


def rows(chunks: list[Chunk]) -> list[tuple[int, Any]]:
    """Each row's line, with its cells, or with the reason it is broken."""
    return [
        (chunk.lines[at], chunk.broken.get(at) or chunk.cells.row(at)) for chunk in chunks for at in range(len(chunk))
    ]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_rows_keep_their_lines_over_quotes_and_blank_lines(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", 'a,b,c\r\n1,"two\r\nlines",3\r\n\r\n4,5,"s""x"\r\n6,7,8')
    expected = [(2, ("1", "two\r\nlines", "3")), (5, ("4", "5", 's"x')), (6, ("6", "7", "8"))]
    for size in (1, 2, 3, 100):
        assert rows(read(file, size)) == expected


def test_a_broken_row_does_not_affect_other_rows(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", b'a,b,c\n1,2\n1,2,3,4\n1,"x"y,3\n1,\xff,3\n7,8,9\n1,"open,3\n')
    assert rows(read(file)) == [
        (2, "has 2 cells, but the file has 3 columns"),
        (3, "has 4 cells, but the file has 3 columns"),
        (4, "has a quote that is neither at the start nor at the end of a cell"),
        (5, 'is not text in utf-8; for a file from Windows or Excel set encoding = "windows-1252" under [file]'),
        (6, ("7", "8", "9")),
        (7, "opens a quote that is not closed"),
    ]
    [chunk] = read(file)
    assert chunk.row(1) == {"a": "1", "b": "2", "c": "3", "cell 4": "4"}
    assert chunk.row(2) == '1,"x"y,3\n'


def test_the_mapping_sets_encodings_delimiters_and_headers(tmp_path: Path) -> None:
    text = "a report\n\na;b;c\n1;ä;€\n"
    expected = [(4, ("1", "ä", "€"))]
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        file = written(tmp_path / "x.csv", text.encode(encoding))
        assert rows(read(file, encoding=encoding, delimiter=";", skip_lines=2)) == expected
    nameless = written(tmp_path / "y.csv", "1\t2\t3\n")
    assert rows(read(nameless, columns=COLUMNS, delimiter="\t")) == [(1, ("1", "2", "3"))]
    quoted = written(tmp_path / "z.csv", "a,b,c\n'1,1',2,3\n")
    assert rows(read(quoted, quote="'")) == [(2, ("1,1", "2", "3"))]
    assert rows(read(quoted, quote="")) == [(2, "has 4 cells, but the file has 3 columns")]


def test_a_compressed_file_that_ends_early_is_refused_after_its_last_whole_block(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b,c\n" + b"".join(b"%d,2,3\n" % number for number in range(200_000)))
    file = written(tmp_path / "x.csv.gz", whole[: len(whole) // 2])
    with pytest.raises(SetupError, match="is damaged: it cannot be read to its end"):
        read(file)


def test_the_first_rows_can_be_left_out_of_any_chunks(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", "a,b,c\n" + "".join(f'{n},"{n}",x\n' if n % 5 else f"{n}\n" for n in range(20)))
    whole = rows(read(file))
    for count in range(21):
        chunks = list(after(read(file, 7), count))
        assert rows(chunks) == whole[count:]
        assert [row for chunk in chunks for row in [chunk.row(at) for at in range(len(chunk))]] == [
            {"a": str(n), "b": str(n), "c": "x"} if n % 5 else {"a": str(n), "b": "", "c": ""} for n in range(count, 20)
        ]
        assert not chunks or (chunks[0].start, chunks[-1].end) == (count, 20)


@given(st.text(st.sampled_from("ab1,;\"' é\n\r\x00\x1f\u2028"), max_size=60), st.integers(1, 5), st.booleans())
def test_fast_cutting_and_the_csv_module_agree(
    tmp_path_factory: pytest.TempPathFactory, text: str, size: int, quoted: bool
) -> None:
    """Up to the first row that csv refuses: from there on it swallows rows, while we read them."""
    file = written(tmp_path_factory.getbasetemp() / "any.csv", f"a,b,c\n{text}")
    read_by_us = [row for _, row in rows(read(file, size, quote='"' if quoted else "")) if isinstance(row, tuple)]
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    expected = []
    reader = csv.reader(io.StringIO(text, newline=""), quoting=quoting, strict=True)
    is_whole = False
    try:
        for row in reader:
            if "\n" in "".join(row) or "\r" in "".join(row):
                break
            if len(row) == 3 and any(cell.strip(" \t") for cell in row):
                expected.append(tuple(row))
        else:
            is_whole = True
    except csv.Error:
        pass
    assert read_by_us[: None if is_whole else len(expected)] == expected


def table(*lines: str) -> str:
    return "\n".join(["a,b,c,d,e", *lines])


@pytest.mark.parametrize(
    ("stray", "expected"),
    [
        ('1,2,3,4,"n', "opens a quote that is not closed"),
        ('"1,2,3,4,5', "opens a quote that is not closed"),
        ('1,2,3,4,"n\n1,2,3,4,5\n1,2,3,4,n"', "opens a quote that is not closed"),
        ('1,2,3,4,"n\n1,2,3,4,n"', "opens a quote that is not closed"),
        ('1,2,"3,4,5\n1,2,3,4,5\n1,"2,3,4,5', "opens a quote that is not closed"),
    ],
)
def test_a_stray_quote_spoils_its_own_line_and_no_other(tmp_path: Path, stray: str, expected: str) -> None:
    many = ["1,2,3,4,5"] * 300
    file = written(tmp_path / "x.csv", table(*many, stray, *many))
    total = 600 + len(stray.splitlines())
    for size in (7, 10_000):
        read_rows = rows(read(file, size))
        broken = [(line, row) for line, row in read_rows if isinstance(row, str)]
        assert broken[0] == (302, expected)
        assert len(read_rows) == total
        assert len(broken) == stray.count('"') if '1,"2' in stray else len(broken) == 1


def test_text_over_several_lines_is_one_cell(tmp_path: Path) -> None:
    letter = "Dear Ada,\nwe met, talked, and agreed.\n\nYours,\nBob"
    file = written(tmp_path / "x.csv", table(f'1,2,3,4,"{letter}"', '1,"x\ny",3,4,5', '1,"x\ny",3', "6,7,8,9,0"))
    [chunk] = read(file)
    assert rows([chunk]) == [
        (2, ("1", "2", "3")),
        (7, ("1", "x\ny", "3")),
        (9, "has 3 cells in lines 9 to 10, but the file has 5 columns"),
        (11, ("6", "7", "8")),
    ]
    assert chunk.row(0) == {"a": "1", "b": "2", "c": "3", "d": "4", "e": letter}


def test_a_cell_beyond_the_limit_is_refused_alone(tmp_path: Path) -> None:
    huge = "x" * 1_500_000
    for cell in (huge, f'"{huge}"'):
        file = written(tmp_path / "x.csv", f"a,b,c\n1,2,{cell}\n4,5,6\n")
        refused, good = rows(read(file))
        assert refused[0] == 2
        assert refused[1] == "has a cell of more than 1,000,000 characters"
        assert good == (3, ("4", "5", "6"))


def test_a_line_without_end_is_no_table(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv.gz", gzip.compress(b"a,b,c\n" + b"x" * 40_000_000))
    with pytest.raises(SetupError, match="has a line of more than 32 MB"):
        read(file)


def test_blank_lines_and_empty_rows_are_no_rows(tmp_path: Path) -> None:
    file = written(tmp_path / "x.csv", '\n ,, \n\na,b,c\n,,\n1,2,3\n  \n"",,\n4,5,"6"\n,,\n\n')
    for size in (1, 100):
        assert rows(read(file, size)) == [(6, ("1", "2", "3")), (9, ("4", "5", "6"))]
