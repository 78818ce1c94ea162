"""Text in Markdown as HTML: the steps that dialers and mappings describe. HTML in the text stays text."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html_of(markdown: str) -> Markup:
    """The text as HTML, safe to put into a page."""
    return Markup(_parser().render(markdown))  # noqa: S704  the parser escapes what is no Markdown
