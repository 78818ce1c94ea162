"""The changes in a page's period, listed below its chart over time."""

from service.pages.components.layout import render
from service.pages.components.view import PageView
from service.reporting.annotations import annotations

# The latest ones are listed at once.
_SHOWN = 5


async def changes_html(view: PageView) -> str:
    """The changes with their days, on the clock of the page, the latest first; empty without a valid period."""
    period = await view.period()
    if period is None:
        return ""
    changes = await annotations(view.context.pool, view.context.access.account_id, period.window)
    lines = [(period.window.local(change.happened_at), change.text) for change in reversed(changes)]
    return render("account_changes.html", latest=lines[:_SHOWN], earlier=lines[_SHOWN:])
