"""Encodings: how the bytes of a file stand for text, found by its first bytes."""

import codecs

# Longer marks first: UTF-32 begins like UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
_SAMPLE = 4096


def encoding_of(head: bytes) -> str | None:
    """The encoding that a file's first bytes show: a mark, or the NUL bytes of UTF-16. None if they show none."""
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    sample = head[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half and odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if half and even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    return None


def shown_otherwise(head: bytes, encoding: str) -> bool:
    """Whether a file is surely UTF-8 while its encoding is said to be one of single bytes, such as windows-1252."""
    if encoding.startswith(_UNICODE) or head.isascii():
        return False
    try:
        # The last character may be cut.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def reason_unreadable(encoding: str) -> str:
    """Why a row is no text, with advice for the most frequent case: a file from Windows."""
    name = encoding.removesuffix("-sig")
    if name != "utf-8":
        return f"is not text in {name}"
    return 'is not text in utf-8; for a file from Windows or Excel set encoding = "windows-1252" under [file]'
