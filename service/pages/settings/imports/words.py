"""Sentences of the import for people in a browser: what the command advises, they choose on a page."""

import re

from service.pages.components.known_sentences import in_the_readers_language

# What the command says, and what a page says instead.
_REPLACED = {
    r'; for a file from Windows or Excel set encoding = "windows-1252" under \[file\]': "; choose another encoding",
    r'; set decimal = "." under \[file\] if': "; choose the other kind of decimals if",
    r', set decimal = "." under \[file\]\.': ", choose the other kind of decimals.",
    r"If that is a title above the column names, set skip_lines under \[file\]": (
        "If that is a title, choose the row with the column names"
    ),
    r"; the mapping can set ambiguous": "; correct the time, or write its offset behind it",
    r", or the mapping sets format = .*$": "",
    r"\. If it may be missing, set optional = true": "",
    r"; run the same command again to continue": "; import it again to continue",
    r"; run the same command with --chunk 1 to continue and find the line": "",
    r" Name a mapping with --mapping, or give the columns the names of the fields": "",
    r"to import them, .*add \[inbound_call\] to the mapping": "to import them, choose the column of the direction",
    r"^The mapping \S+ cannot be used:\s*": "These choices cannot be used: ",
    r"^The rejected rows and the reasons are in .*$": "",
    r"^Dry run: no row was stored\.$": "",
    r" by another process at this moment": " at this moment",
}
_PATTERNS = [(re.compile(pattern), words) for pattern, words in _REPLACED.items()]


def for_page(sentence: str) -> str:
    """A sentence without options of the command; empty if the page says it elsewhere."""
    for pattern, words in _PATTERNS:
        sentence = pattern.sub(words, sentence)
    return in_the_readers_language(sentence.strip())
