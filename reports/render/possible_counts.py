"""Counts that may be higher: how many calls are known to count, and how many may count at most."""

from reports.model.language import digits, percent, translate
from reports.query.report import Report
from reports.render import formatting


def most_possible(report: Report, metric: str) -> int:
    """The highest count that the unknown calls of a report allow; for a rate, the highest numerator."""
    row = report.total.row(0, named=True)
    known, high = row[f"{metric}_numerator"] or 0, row.get(f"{metric}_range_high")
    if high is None:
        return int(known)
    return round(high * row[f"{metric}_denominator"]) if "reason" in report.cell_columns[metric] else int(high)


def known_and_possible(report: Report, metric: str) -> str:
    """The calls of a metric in words, up to the highest possible count."""
    known = report.total.row(0, named=True)[f"{metric}_numerator"] or 0
    return count_words(int(known), most_possible(report, metric))


def count_words(known: int, most: int) -> str:
    """A count as people read it, with the highest possible one if it is higher.

    >>> count_words(3, 3), count_words(3, 12), count_words(0, 12)
    ('3', '3 to 12', '0 to 12')
    """
    return digits(known) if most <= known else translate("{low} to {high}", low=digits(known), high=digits(most))


def share_words(low: float, high: float) -> str:
    """The words for a share with too many unknown calls.

    >>> share_words(0, 1), share_words(0.25, 1)
    ('not enough data (0-100%)', 'not enough data (25-100%)')
    """
    ends = "-".join(digits(100 * end, 0 if round(100 * end, 1) == round(100 * end) else 1) for end in (low, high))
    return f"{formatting.not_enough_data()} ({percent(ends)})"
