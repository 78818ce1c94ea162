"""What a page says, read as a person reads it: the lines of its table, the number that a text shows."""

from playwright.async_api import Page

# Of the lines that stand there, and not of those that stood there before they were counted anew. A line with a name is
# known by the code below it.
_TABLE = """[...document.querySelectorAll('main table tr:not(.earlier *)')].map(
  line => [...line.children].map(cell => (cell.querySelector('.code') ?? cell.querySelector('a') ?? cell)
    .firstChild?.textContent.trim() ?? ''))"""


async def table(page: Page) -> dict[str, dict[str, str]]:
    """The table of a page: by what each line is of and the title of each column, what stands there."""
    titles, *lines = await page.evaluate(_TABLE)
    return {line[0]: dict(zip(titles, line, strict=True)) for line in lines}


def number(text: str) -> float | None:
    """The number that a text shows: 1,521 or 12.4%; a dash shows none."""
    figure = text.removesuffix("%").replace(",", "")
    if figure == "-":
        return None
    return round(float(figure) / 100, 6) if text.endswith("%") else float(figure)


def as_shown(value: float | None, text: str) -> str:
    """How a value reads with the unit and the decimals of a text."""
    if value is None:
        return "-"
    decimals = len(text.removesuffix("%").partition(".")[2])
    return f"{100 * value:,.{decimals}f}%" if text.endswith("%") else f"{value:,.{decimals}f}"
