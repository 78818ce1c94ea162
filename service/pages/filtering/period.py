"""The period of a page: its days, the periods on offer, those before and after it, and those to compare with.

Pages show the last day of a period; reports and the API take the first moment after it.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from reports.model.compared_period import COMPARISONS, compared_period
from reports.model.times import TimeFormError
from reports.model.window_presets import add_months, short_words, window_label, window_presets
from reports.model.windows import FIRST_YEAR, Window, clock, moment_of, whole_days
from reports.query.parameters import InvalidRequest, ParameterParser
from reports.query.request import report_window
from service.pages.filtering.filters import FormChoices, PageRequest

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PeriodLink:
    """A period on offer: its name, its address, and whether the page shows it now."""

    label: str
    link: str
    current: bool


@dataclass(frozen=True)
class FormPeriod:
    """The period of a page in the zone of its reports, as its form shows it.

    until: the moment up to which its numbers count. first, last: its first and last day; where it does not begin and
    end with a day, its two edges as times. after: the first day or moment after it. label: its name and its days.
    days_label: its days. presets: the periods on offer. earlier, later: the addresses of the periods before and after.
    """

    window: Window
    until: datetime
    first: str
    last: str
    after: str
    label: str
    days_label: str
    presets: list[PeriodLink]
    earlier: str | None
    later: str | None

    @property
    def in_days(self) -> bool:
        """Whether it begins and ends with a day, as date fields can show it."""
        return len(self.first) == len(self.after) == len("2026-03-01")

    @property
    def days(self) -> int:
        """How many days it touches."""
        return whole_days(self.window)

    def compared_days(self, comparison: str) -> str:
        """The days of the period that a comparison leads to; empty without one, as for a period still to come."""
        try:
            compared = compared_period(comparison, self.window, self.until)
        except TimeFormError:
            return ""
        if compared is None:
            return ""
        years = {clock(window.start, window.zone).year for window in (self.window, compared.window)}
        return short_words(compared.window, year=len(years) > 1)

    @property
    def comparisons(self) -> list[tuple[str, str]]:
        """The periods to compare with: each with the days that it leads to."""
        days = {name: self.compared_days(name) for name in COMPARISONS}
        return [(name, text) for name, text in days.items() if text or name == "none"]


def form_period(page_request: PageRequest, choices: FormChoices) -> FormPeriod | None:
    """The period that the page's reports are about; None if its address names no valid one."""
    account = choices.account
    try:
        as_of = ParameterParser(page_request.parameters).as_of(account.taken_at)
        window = report_window(page_request.parameters, account, choices.account_codes, as_of)
    except InvalidRequest:
        return None
    now = as_of or account.taken_at
    start, end = _clocks(window)
    whole = start.time() == end.time() == time()
    first, after = _edge_text(window.start, window), _edge_text(window.end, window)
    return FormPeriod(
        window=window,
        until=now,
        first=first,
        last=f"{(end - _DAY).date()}" if whole else after,
        after=after,
        label=window_label(window, now),
        days_label=short_words(window, year={start.year, end.year} != {clock(now, window.zone).year}),
        presets=_preset_links(page_request, window, now),
        earlier=_beside(page_request, window, now, -1),
        later=_beside(page_request, window, now, 1),
    )


def _clocks(window: Window) -> tuple[datetime, datetime]:
    """The first moment, and the first after the period, on the local clock."""
    return clock(window.start, window.zone), clock(window.end, window.zone)


def _edge_text(edge: datetime, window: Window) -> str:
    """A date, where the edge is the start of a day, else a time with its offset."""
    shown = clock(edge, window.zone)
    return f"{shown.date()}" if shown.time() == time() else window.local(edge).isoformat()


def _preset_links(page_request: PageRequest, window: Window, now: datetime) -> list[PeriodLink]:
    return [
        PeriodLink(
            preset.label,
            page_request.link(**{"from": f"{preset.first}", "to": f"{preset.after}"}),
            preset.window(window.zone) == window,
        )
        for preset in window_presets(now, window.zone)
    ]


def _beside(page_request: PageRequest, window: Window, now: datetime, steps: int) -> str | None:
    """The address of the period of the same length before or after; None for one still to come, or too long ago."""
    start, end = (moment_of(_stepped(edge, window, steps), window.zone) for edge in _clocks(window))
    if start.year < FIRST_YEAR or start > now:
        return None
    return page_request.link(**{"from": _edge_text(start, window), "to": _edge_text(end, window)})


def _stepped(shown: datetime, window: Window, steps: int) -> datetime:
    """An edge moved by the length of the period: by months, where it consists of whole months."""
    start, end = _clocks(window)
    if all(edge.day == 1 and edge.time() == time() for edge in (start, end)):
        months = (end.year - start.year) * 12 + end.month - start.month
        return datetime.combine(add_months(shown.date(), steps * months), time())
    return shown + steps * (end - start)
