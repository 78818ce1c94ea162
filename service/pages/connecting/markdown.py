"""Text in Markdown as HTML: the steps that dialers and mappings describe. HTML in the text stays text."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html_of(markdown: str) -> Markup:
    """The text as HTML, safe to put into a page."""
    # What scrolls sideways must be within reach of the keyboard.
    html = _parser().render(markdown).replace("<pre>", '<pre tabindex="0">')
    return Markup(html)  # noqa: S704  the parser escapes what is no Markdown
