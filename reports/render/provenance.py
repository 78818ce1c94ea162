"""The words around the numbers of a report, the same in every format: window, filters, exclusions, versions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from reports.catalogue.catalogue import Entry, catalogue
from reports.measures.frame import Frame
from reports.measures.metric import Metric
from reports.model.compared_period import ComparedPeriod, compared_words
from reports.model.language import digits, marked, translate, translate_plural
from reports.model.lists import join_all
from reports.model.local_dates import date_words
from reports.query.report import Report
from reports.render.json_document import document

Scalar: TypeAlias = str | int | float | datetime

# Rows that no number counts, by the reason their frame gives.
_EXCLUDED = {
    "test": marked("{count} marked as test"),
    "spam": marked("{count} marked as spam"),
    "duplicate": marked("{count} repeated requests of the same person"),
    "out_of_order": marked("{count} against the order of the stages"),
    "state_not_told": marked("{count} without a state"),
}
# Rows that the numbers count, with a doubt about them.
_INCLUDED = {
    "open": marked("{count} still open"),
    "unmapped": marked("{count} with an unmapped code"),
    "undisposed": marked("{count} finished without a disposition"),
    "unattributed": marked("{count} unattributed"),
    "pre_existing": marked("{count} of people called before"),
    "skewed": marked("{count} with times in an impossible order"),
    "stale": marked("{count} without a call or a stage change for 30 days"),
    "no_rate": marked("{count} in another currency without an exchange rate"),
    "unpriced": marked("{count} won without an amount"),
    "overlapping": marked("{count} reported in two states at once"),
    "still_open": marked("{count} not finished yet"),
    "without_call": marked("{count} without a reported call"),
    "not_yet_due": marked("{count} not due yet"),
    "replaced": marked("{count} replaced by a later one"),
    "closed": marked("{count} of leads since closed"),
    "without_lead": marked("{count} without a known lead"),
    "untouched": marked("{count} without a touch before"),
    "do_not_call": marked("{count} on the do-not-call list"),
    "still_worked": marked("{count} still being called"),
    "cancelled": marked("{count} since cancelled"),
    "cancelled_by_us": marked("{count} cancelled by us"),
    "cancelled_by_them": marked("{count} cancelled by the customer"),
    "no_show": marked("{count} no-shows"),
    "outcome_not_told": marked("{count} without a reported outcome"),
    "too_early_to_tell": marked("{count} too recent to judge"),
    "later": marked("{count} made after the period"),
    "no_agent": marked("{count} without an agent"),
    "person_assumed": marked("{count} counted as answered by a person because of the talk time"),
    "lead_by_number": marked("{count} matched to a lead by phone number"),
    "no_lead": marked("{count} without a lead"),
    "perhaps_reached": marked("{count} possibly reached, with an unknown outcome"),
    "perhaps_spoken": marked("{count} possibly spoken with, with an unknown outcome"),
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
    """How many rows the numbers count: 6,030 calls and 1,703 leads."""
    return join_all([_counted_rows(frame, report.counted[name]) for name, frame in report.frames.items()])


def missing_facts(report: Report) -> Iterator[str]:
    """For an empty report: which of its kinds of facts the account has never got, and where to send them."""
    missing = [resource for resource in _resources(report) if resource not in report.spans]
    if missing and not any(report.counted.values()):
        addresses = join_all([f"/v1/{resource}" for resource in missing])
        labels = join_all([_resource_label(resource) for resource in missing], "or")
        yield translate(
            "The account has no {kinds} yet. Send them to {addresses}, or import a file with `calltally import`.",
            kinds=labels,
            addresses=addresses,
        )


def facts_elsewhere(report: Report) -> Iterator[str]:
    """For an empty report: the days between which the account has facts of its kinds."""
    for resource in _resources(report):
        if resource in report.spans:
            first, last = (date_words(report.request.window.local(moment)) for moment in report.spans[resource])
            kinds = _resource_label(resource)
            yield translate(
                "The account has {kinds} from {first} to {last}",
                kinds=kinds,
                first=first,
                last=last,
            )


def _resources(report: Report) -> list[str]:
    """The resources of the API that the rows of the report come from."""
    return list(dict.fromkeys(resource for frame in report.frames.values() for resource in frame.sent_as))


def _resource_label(resource: str) -> str:
    return translate(resource_name(resource))


def resource_name(resource: str) -> str:
    """What the rows of a resource of the API are, in English: calls, leads, agent states."""
    return "calls" if resource == "attempts" else resource.replace("-", " ")


def exclusion_notes(report: Report) -> Iterator[str]:
    """For each kind of row: how many were counted, how many were excluded, and the doubts about those counted."""
    for name, frame in report.frames.items():
        count = report.counted[name]
        reasons = list(_noted_reasons(report, frame))
        groups = {
            marked("Excluded: {rows}."): list(_phrases(reasons, _EXCLUDED)),
            marked("Includes {rows}."): list(_phrases(reasons, _INCLUDED)),
            marked("Also noted: {rows}."): [
                translate("{count} {reason}", count=digits(number), reason=translate(reason_words(reason)))
                for reason, number in reasons
                if reason not in _EXCLUDED and reason not in _INCLUDED
            ],
        }
        notes = [translate(sentence, rows=", ".join(phrases)) for sentence, phrases in groups.items() if phrases]
        if count or notes:
            counted = translate("{rows} counted.", rows=_counted_rows(frame, count))
            yield " ".join([counted, *notes])


def reason_words(reason: str) -> str:
    """A reason of a frame, in English words."""
    return reason.replace("_", " ")


def filters_text(report: Report) -> str:
    """The filters of a report in words, for people."""
    return "; ".join(f"{filter_label(report, name)}: {code}" for name, code in filters(report))


def filter_label(report: Report, name: str) -> str:
    """What a filter is called: the title of its dimension."""
    return next((dimension.label for dimension in report.request.filtered_dimensions if dimension.name == name), name)


def _phrases(reasons: Iterable[tuple[str, int]], words: Mapping[str, str]) -> Iterator[str]:
    for reason, number in reasons:
        if reason in words:
            yield translate(words[reason], count=digits(number))


def _noted_reasons(report: Report, frame: Frame) -> Iterator[tuple[str, int]]:
    """The reasons to exclude or doubt rows of a kind, with the number of rows."""
    for reason in frame.exclusions:
        if number := report.excluded.get(frame.exclusion_name(reason), 0):
            yield reason, number


def _counted_rows(frame: Frame, count: int) -> str:
    return translate_plural(*row_labels(frame), count)


def row_labels(frame: Frame) -> tuple[str, str]:
    """A count of a kind of row in English, for one and for several: {count} lead, {count} leads."""
    first, *rest = frame.label.split(" ")
    single = {"opportunities": "opportunity"}.get(first, first.removesuffix("s"))
    return f"{{count}} {' '.join([single, *rest])}", f"{{count}} {frame.label}"
