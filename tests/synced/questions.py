"""Questions of any kind to an account of tests/synced, and whether two answers are the same."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from polars.testing import assert_frame_equal

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.metric import Metric
from reports.query.report import Report
from tests.metrics.floor import FIRST
from tests.synced.items import AGENTS, CAMPAIGNS, DAYS, LINES, SOURCES, TEAMS

Parameters = dict[str, list[str]]

VALUES = {
    "agent": AGENTS,
    "team": TEAMS,
    "campaign": CAMPAIGNS,
    "source": SOURCES,
    "tracking_number": LINES,
    "result": ["sale", "none"],
    "answered_by": ["human", "unknown"],
}
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]

# Some numbers of calls, of what was said of them and of what they cost, over all days.
USUAL: Parameters = {
    "metrics": ["attempts", "goal_events", "marketing_cost"],
    "from": [(FIRST - timedelta(days=2)).isoformat()],
    "to": [(FIRST + timedelta(days=DAYS + 2)).isoformat()],
}


def question(random: Random, moments: Sequence[datetime]) -> Parameters:
    """A question about some numbers of one kind of fact or of several, now or as of a moment."""
    metrics = _metrics(random)
    able = [name for name in DIMENSIONS if all(name in metric.dimensions for metric in metrics)]
    able = able if random.random() < 0.5 else [name for name in able if DIMENSIONS[name].code]
    parameters: Parameters = {
        "metrics": [metric.name for metric in metrics],
        "by": [",".join(random.sample(able, min(len(able), random.choice([0, 1, 1, 2]))))],
        "goal": [random.choice(["sale", "sale", "appointment", "any"])],
        "tz": [random.choice(ZONES)],
        **_window(random),
    }
    if random.random() < 0.4 and (narrowed := [name for name in able if name in VALUES]):
        name = random.choice(narrowed)
        parameters[name] = random.sample([*VALUES[name], ""], random.choice([1, 2]))
    if moments and random.random() < 0.4:
        parameters["as_of"] = [random.choice(moments).isoformat()]
    if random.random() < 0.15:
        parameters["compare"] = [random.choice(["previous", "week"])]
        if random.random() < 0.5:
            parameters["matured"] = ["yes"]
    if random.random() < 0.05:
        parameters["benchmarks"] = ["all"]
    if random.random() < 0.2:
        parameters["curves"] = ["all"]
    return parameters


def _metrics(random: Random) -> list[Metric]:
    by_frame: dict[str, list[Metric]] = defaultdict(list)
    for entry in catalogue().values():
        by_frame[entry.metric.frame.name if entry.metric.frame else ""].append(entry.metric)
    frames = random.sample(sorted(by_frame), random.choice([1, 1, 2, 3]))
    return [metric for frame in frames for metric in random.sample(by_frame[frame], min(2, len(by_frame[frame])))]


def _window(random: Random) -> Parameters:
    """Some of the days or all, to the microsecond."""
    edges = sorted(random.sample(range(-24, DAYS * 24 + 24), 2))
    off = [timedelta(microseconds=random.choice([0, 0, 0, 1, 250, 999])) for _ in edges]
    start, end = (FIRST + timedelta(hours=hours) + more for hours, more in zip(edges, off, strict=True))
    whole = {"from": [FIRST - timedelta(days=1)], "to": [FIRST + timedelta(days=DAYS + 1)]}
    chosen = random.choice([whole, {"from": [start], "to": [end]}])
    return {name: [edge.isoformat() for edge in edges] for name, edges in chosen.items()}


def expect_same(first: Report, other: Report) -> None:
    """Two reports of one moment say the same."""
    assert first.watermark == other.watermark
    assert_frame_equal(first.groups, other.groups, rel_tol=1e-9, abs_tol=1e-12)
    assert_frame_equal(first.total, other.total, rel_tol=1e-9, abs_tol=1e-12)
    assert (first.counted, first.excluded, first.caveats, first.spans) == (
        other.counted,
        other.excluded,
        other.caveats,
        other.spans,
    )
    held, again = ([(result.metric, result.verdict) for result in report.benchmarks] for report in (first, other))
    assert held == again
    assert first.curves.keys() == other.curves.keys()
    for metric, curve in first.curves.items():
        assert_frame_equal(curve, other.curves[metric], rel_tol=1e-9, abs_tol=1e-12)
