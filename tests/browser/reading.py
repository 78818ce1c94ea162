"""What a page says, read as a person reads it: the lines of its table, the number that a text shows."""

from playwright.async_api import Page

_TABLE = """() => [...document.querySelectorAll('main table tr:not(.earlier *)')].map(line => [...line.children].map(cell => {
  const said = cell.querySelector('a') ?? cell;
  return said.firstChild ? said.firstChild.textContent.trim() : '';
}))"""


async def table(page: Page) -> dict[str, dict[str, str]]:
    """The table of a page, and not what was there before it was counted anew: by what each line is of and the title of each column, what stands there."""
    titles, *lines = await page.evaluate(_TABLE)
    return {line[0]: dict(zip(titles, line, strict=True)) for line in lines}


def number(text: str) -> float | None:
    """The number that a text shows: 1,521 or 12.4 %; a dash shows none."""
    figure = text.removesuffix(" %").replace(",", "")
    if figure == "-":
        return None
    return round(float(figure) / 100, 6) if text.endswith(" %") else float(figure)
