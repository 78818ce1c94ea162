"""The words around the numbers of a report, the same in every format: window, filters, exclusions, versions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from reports.catalogue.catalogue import Entry, catalogue
from reports.measures.frame import Frame
from reports.measures.metric import Metric
from reports.model.compared_period import ComparedPeriod, compared_words
from reports.query.report import Report
from reports.render.json_document import document
from reports.render.lists import join_all

Scalar: TypeAlias = str | int | float | datetime

# Rows that no number counts, by the reason their frame gives.
_EXCLUDED = {
    "test": "marked as test",
    "spam": "marked as spam",
    "duplicate": "of somebody asking again",
    "out_of_order": "against the order of the stages",
    "state_not_told": "of which nobody told the state",
}
# Rows that the numbers count, with a doubt about them.
_INCLUDED = {
    "open": "still open",
    "unmapped": "with a code that has no meaning yet",
    "undisposed": "over, but without a disposition",
    "unattributed": "unattributed",
    "pre_existing": "of somebody who had been called before",
    "skewed": "with times in an impossible order",
    "stale": "without a call or a move for 30 days",
    "no_rate": "in another currency without an exchange rate",
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
    "person_assumed": "assumed to be answered by a person, for the length of the talk",
    "lead_by_number": "with a lead found by the phone number",
    "no_lead": "without a lead",
    "perhaps_reached": "that a call may have reached, but nothing tells",
    "perhaps_spoken": "perhaps not spoken with, for nothing tells",
}


def report_header(report: Report) -> dict[str, Any]:
    """The JSON document of a report without its numbers."""
    header: dict[str, Any] = {**document(replace(report, groups=report.groups.clear(), curves={}))}
    return {name: value for name, value in header.items() if name not in {"groups", "total", "curves"}}


def catalogue_entry(metric: Metric) -> Entry:
    """The catalogue entry of a metric, under any attribution model."""
    return catalogue()[metric.name.removesuffix(f"_{metric.model}") if metric.model else metric.name]


def constants(report: Report) -> dict[str, Scalar]:
    """The values that hold for every number of a report, by name; times carry the zone they are shown in."""
    request = report.request
    return {
        "zone": request.window.zone_name,
        "from": request.window.local(request.window.start),
        "to": request.window.local(request.window.end),
        **_compared_with(request.compare),
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


def _compared_with(period: ComparedPeriod | None) -> dict[str, Scalar]:
    """The earlier period; without one, its columns are missing."""
    if period is None:
        return {}
    window = period.window
    return {
        "compared_from": window.local(window.start),
        "compared_to": window.local(window.end),
        "compared_until": period.until.astimezone(UTC),
        "compared_by": period.kind,
    }


def compared_sentence(report: Report) -> str:
    """The sentence that names the earlier period; empty without a comparison."""
    return compared_words(report.request.compare) if report.request.compare else ""


def other_caveats(report: Report) -> list[str]:
    """The caveats of a report that shows the sentence on the earlier period elsewhere."""
    return [note for note in report.caveats if note != compared_sentence(report)]


def filters(report: Report) -> Iterator[tuple[str, str]]:
    """The filters of a report, one code at a time; an empty code stands for rows without one."""
    for name, codes in report.request.filters.items():
        for code in codes:
            yield name, code


def row_counts(report: Report) -> str:
    """How many rows the numbers count: 6,030 attempts and 1,703 leads."""
    return " and ".join(
        f"{report.counted[name]:,} {_row_label(frame, report.counted[name])}" for name, frame in report.frames.items()
    )


def row_kinds(report: Report) -> str:
    """The kinds of facts that the report looks for: attempts or leads."""
    labels = [_resource_label(resource) for resource in _resources(report)]
    return join_all(labels, "or") if labels else "rows"


def missing_facts(report: Report) -> Iterator[str]:
    """For an empty report: which of its kinds of facts the account has never got, and where to send them."""
    missing = [resource for resource in _resources(report) if resource not in report.spans]
    if missing and not any(report.counted.values()):
        addresses = join_all([f"/v1/{resource}" for resource in missing])
        labels = join_all([_resource_label(resource) for resource in missing], "or")
        yield f"The account has no {labels} yet: post them to {addresses}, or bring a file with `calltally import`."


def facts_elsewhere(report: Report) -> Iterator[str]:
    """For an empty report: the days between which the account has facts of its kinds."""
    for resource in _resources(report):
        if resource in report.spans:
            first, last = (report.request.window.local(moment).date() for moment in report.spans[resource])
            yield f"The account has {_resource_label(resource)} from {first} to {last}"


def _resources(report: Report) -> list[str]:
    """The resources of the API that the rows of the report come from."""
    return list(dict.fromkeys(resource for frame in report.frames.values() for resource in frame.sent_as))


def _resource_label(resource: str) -> str:
    return resource.replace("-", " ")


def exclusion_notes(report: Report) -> Iterator[str]:
    """For each kind of row: how many were counted, how many were excluded, and the doubts about those counted."""
    for name, frame in report.frames.items():
        count = report.counted[name]
        reasons = list(_noted_reasons(report, frame))
        groups = {
            "Left out": [f"{number:,} {_EXCLUDED[reason]}" for reason, number in reasons if reason in _EXCLUDED],
            "Among them": [f"{number:,} {_INCLUDED[reason]}" for reason, number in reasons if reason in _INCLUDED],
            "Also noted": [
                f"{number:,} {reason.replace('_', ' ')}"
                for reason, number in reasons
                if reason not in _EXCLUDED and reason not in _INCLUDED
            ],
        }
        notes = [f" {title}: {', '.join(phrases)}." for title, phrases in groups.items() if phrases]
        if count or notes:
            yield f"{count:,} {_row_label(frame, count)} counted.{''.join(notes)}"


def _noted_reasons(report: Report, frame: Frame) -> Iterator[tuple[str, int]]:
    """The reasons to exclude or doubt rows of a kind, with the number of rows."""
    for reason in frame.exclusions:
        if number := report.excluded.get(frame.exclusion_name(reason), 0):
            yield reason, number


def _row_label(frame: Frame, count: int) -> str:
    """The name of a kind of row, in the singular for one row."""
    first, *rest = frame.label.split(" ")
    return " ".join(
        [{"opportunities": "opportunity"}.get(first, first.removesuffix("s")) if count == 1 else first, *rest]
    )
