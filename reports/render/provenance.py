"""What a report says beside its numbers, in the same words whatever form it takes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from reports.catalogue.catalogue import Entry, catalogue
from reports.measures.frame import Frame
from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render.json_document import document

Plain: TypeAlias = str | int | float | datetime

# Rows that are in no number, by the reason their frame gives for it.
_LEFT_OUT = {
    "test": "marked as test",
    "duplicate": "of somebody asking again",
    "out_of_order": "against the order of the stages",
    "state_not_told": "of which nobody told the state",
}
# Rows that are in the numbers, and of which something is in doubt.
_AMONG_THEM = {
    "open": "still open",
    "unmapped": "with a code that has no meaning yet",
    "undisposed": "over, but without a disposition",
    "unattributed": "unattributed",
    "pre_existing": "of somebody who had been called before",
    "skewed": "with times in an impossible order",
    "stale": "without a call or a move for 30 days",
    "other_currency": "in another currency",
    "unpriced": "won, but without an amount",
    "overlapping": "told of in two states at once",
    "still_open": "not over yet",
    "without_call": "that no call was told of",
    "not_yet_due": "not due yet",
    "replaced": "replaced by a later one",
    "closed": "of leads closed by then",
    "without_lead": "to nobody knows whom",
    "untouched": "that no touch came before",
    "do_not_call": "who asked not to be called",
    "still_worked": "still being called",
    "cancelled": "cancelled since",
    "cancelled_by_us": "cancelled by us",
    "cancelled_by_them": "cancelled by them",
    "no_show": "that the customer did not come to",
    "outcome_not_told": "whose outcome nobody told",
    "too_early_to_tell": "of which it is too early to tell",
    "later": "made after the window",
    "no_agent": "of no agent",
}


def head(report: Report) -> dict[str, Any]:
    """Everything of its document but the numbers."""
    said: dict[str, Any] = {**document(replace(report, groups=report.groups.clear(), curves={}))}
    return {name: value for name, value in said.items() if name not in {"groups", "total", "curves"}}


def entry(metric: Metric) -> Entry:
    """What the catalogue says of a metric, whichever model of attribution it is asked under."""
    return catalogue()[metric.name.removesuffix(f"_{metric.model}") if metric.model else metric.name]


def constants(report: Report) -> dict[str, Plain]:
    """What holds for every number of a report, by name; moments are on the clock of the zone they are told in."""
    request = report.request
    return {
        "zone": request.window.zone_name,
        "from": request.window.local(request.window.start),
        "to": request.window.local(request.window.end),
        "as_of": report.as_of.astimezone(UTC),
        "watermark": report.watermark.astimezone(UTC),
        "goal": request.goal,
        "models": " ".join(request.models),
        "currency": request.currency,
        "filters": "; ".join(f"{name}={code}" for name, code in filters(report)),
        "definitions": " ".join(f"{metric.name}@{metric.version}" for metric in request.metrics),
        **{f"excluded_{reason}": count for reason, count in report.excluded.items()},
        "notes": " ".join(report.caveats),
    }


def filters(report: Report) -> Iterator[tuple[str, str]]:
    """Everything the report is narrowed to, one code at a time; an empty one stands for what has none."""
    for name, codes in report.request.filters.items():
        for code in codes:
            yield name, code


def counted(report: Report) -> str:
    """How many rows are in the numbers: 6,030 attempts and 1,703 leads."""
    return " and ".join(
        f"{report.counted[name]:,} {_rows(frame, report.counted[name])}" for name, frame in report.frames.items()
    )


def kinds(report: Report) -> str:
    """What kinds of rows were looked for: attempts or leads."""
    return " or ".join(frame.label for frame in report.frames.values()) or "rows"


def left_out(report: Report) -> Iterator[str]:
    """How many rows of each kind were counted, how many were left out, and what is in doubt of those counted."""
    for name, frame in report.frames.items():
        count = report.counted[name]
        noted = list(_reasons(report, frame))
        said = {
            "Left out": [f"{number:,} {_LEFT_OUT[reason]}" for reason, number in noted if reason in _LEFT_OUT],
            "Among them": [f"{number:,} {_AMONG_THEM[reason]}" for reason, number in noted if reason in _AMONG_THEM],
            "Also noted": [
                f"{number:,} {reason.replace('_', ' ')}"
                for reason, number in noted
                if reason not in _LEFT_OUT and reason not in _AMONG_THEM
            ],
        }
        told = [f" {what}: {', '.join(parts)}." for what, parts in said.items() if parts]
        if count or told:
            yield f"{count:,} {_rows(frame, count)} counted.{''.join(told)}"


def _reasons(report: Report, frame: Frame) -> Iterator[tuple[str, int]]:
    """Why rows of a kind are noted, and how many they are, where there are any."""
    for reason in frame.exclusions:
        if number := report.excluded.get(frame.exclusion_name(reason), 0):
            yield reason, number


def _rows(frame: Frame, count: int) -> str:
    """What rows of a kind are called; one of them is one."""
    first, *rest = frame.label.split(" ")
    return " ".join(
        [{"opportunities": "opportunity"}.get(first, first.removesuffix("s")) if count == 1 else first, *rest]
    )
