"""Questions: what is asked is read, what is wrong with it is told at once, and what was not said has a default."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from reports.catalogue.catalogue import catalogue
from reports.model.account import Account
from reports.model.codes import follow_merges
from reports.query.parameters import InvalidRequest, ParameterParser
from reports.query.request import FILTERS, PARAMETERS, ReportRequest, read_request
from tests.metrics.frames import floor_codes

NOW = datetime(2026, 3, 18, 12, 30, tzinfo=UTC)
ACCOUNT = Account(1, ZoneInfo("Europe/Berlin"), "EUR", NOW)


def read(preset: str | None = "outbound", **parameters: str | list[str]) -> ReportRequest:
    """Parameters: a name ends in an underscore where Python has the word."""
    listed = {name.rstrip("_"): [value] if isinstance(value, str) else value for name, value in parameters.items()}
    reader = ParameterParser(listed)
    return read_request(preset, reader, ACCOUNT, floor_codes(), reader.as_of(NOW))


def faults(preset: str | None = "outbound", **parameters: str | list[str]) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as raised:
        read(preset, **parameters)
    return {fault.parameter: fault.message for fault in raised.value.faults}


def test_nothing_said_is_the_last_week_in_the_accounts_zone_without_breakdown() -> None:
    request = read()
    assert (request.by, request.filters, request.as_of) == ((), {}, None)
    assert request.window.local(request.window.start).isoformat() == "2026-03-11T00:00:00+01:00"
    assert request.window.local(request.window.end).isoformat() == "2026-03-18T00:00:00+01:00"


def test_names_may_be_separated_by_commas_or_repeated() -> None:
    for by in ("agent,source", "agent, source,", ["agent", "source"]):
        assert [dimension.name for dimension in read(by=by).by] == ["agent", "source"]


def test_metrics_come_in_the_order_they_are_asked_for() -> None:
    assert [metric.name for metric in read(None, metrics="human_rate,attempts").metrics] == ["human_rate", "attempts"]


def test_every_fault_is_told_and_each_names_its_parameter() -> None:
    messages = faults(
        by="agnt,agent,agent",
        from_="2026-03-01T09:00:00",
        to="soon",
        tz="Europe/Berln",
        as_of="2026-03-19T00:00:00Z",
        campaign=["sprng", "spring"],
        flavour="mild",
    )
    assert messages == {
        "by": "'agent' is named twice",
        "from": "needs an offset from UTC, such as 2026-03-01T09:30:00+01:00",
        "to": "must be a date, such as 2026-03-01, or an RFC 3339 time, such as 2026-03-01T09:30:00Z",
        "tz": "must be an IANA time zone; did you mean Europe/Berlin?",
        "as_of": "is in the future: nothing is known of it yet",
        "campaign": "there is no campaign 'sprng' in this account",
        "flavour": f"is not a parameter of this report; known: {KNOWN}",
    }


KNOWN = ", ".join((*PARAMETERS, *FILTERS))


def test_a_name_almost_right_is_answered_with_the_right_one() -> None:
    assert faults(by="agnt")["by"] == "'agnt' is not a dimension; did you mean agent?"
    assert faults(None, metrics="anser_rate")["metrics"] == "'anser_rate' is not a metric; did you mean answer_rate?"
    assert faults(fron="2026-03-01")["fron"] == "is not a parameter of this report; did you mean from?"


def test_a_preset_has_its_own_metrics_and_a_report_without_any_is_none() -> None:
    assert "metrics" in faults("outbound", metrics="attempts")
    assert faults(None) == {"metrics": "must name at least one metric"}
    assert faults(None, metrics=",") == {"metrics": "must name at least one metric"}


def test_what_is_given_twice_is_a_fault() -> None:
    assert faults(to=["2026-03-01", "2026-03-02"])["to"] == "must be given only once"
    assert faults(tz=["UTC", "UTC"])["tz"] == "must be given only once"


def test_a_window_the_wrong_way_round_is_a_fault_of_its_end() -> None:
    assert set(faults(from_="2026-03-02", to="2026-03-01")) == {"to"}


def test_a_code_reads_as_what_it_was_merged_into_and_an_empty_one_as_none() -> None:
    request = read(agent=["ada.x", "ada", ""], campaign="SPRING")
    assert request.filters == {"agent": ("ada", ""), "campaign": ("spring",)}


def test_a_long_value_is_not_repeated_whole() -> None:
    assert len(faults(by="x" * 5_000)["by"]) < 450
    assert len(faults(campaign="x" * 5_000)["campaign"]) < 250


def test_too_many_codes_are_refused() -> None:
    assert faults(campaign=[f"{n}" for n in range(1_001)])["campaign"] == "must not be given more than 1000 times"


def test_the_zone_is_the_campaigns_when_one_is_asked_for() -> None:
    assert read(campaign="autumn").window.zone_name == "America/New_York"
    assert read(campaign="spring").window.zone_name == "Europe/Berlin"
    assert read(campaign=["spring", "autumn"]).window.zone_name == "Europe/Berlin"
    assert read(campaign="autumn", tz="Asia/Kathmandu").window.zone_name == "Asia/Kathmandu"


def test_every_metric_can_be_asked_for_by_name() -> None:
    request = read(None, metrics=",".join(catalogue()), model="linear")
    assert {metric.name.removesuffix("_linear") for metric in request.metrics} == set(catalogue())


def test_merges_are_followed_to_the_end_and_circles_ignored() -> None:
    links = {"a": "b", "b": "c", "c": "d", "x": "y", "y": "z", "z": "x", "w": "x", "self": "self"}
    assert follow_merges(links) == {"a": "d", "b": "d", "c": "d"}
