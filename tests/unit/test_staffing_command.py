"""`calltally staffing` at a terminal of 80 columns, for calls of one's own: no ledger is needed."""

import json

import pytest
from click.testing import CliRunner

from service.__main__ import commands

OWN = ("--calls", "100", "--per", "30m", "--handle-time", "180", "--target", "80/20")


def shown(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "80", "CALLTALLY_DATABASE_URL": "postgresql://nowhere.invalid/none"}).invoke(
        commands, ["staffing", *arguments], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    assert all(len(line) <= 80 for line in result.output.splitlines())
    return " ".join(result.output.split())


def test_the_agents_of_the_published_example_stand_with_their_neighbours() -> None:
    text = shown(*OWN)
    assert "14 agents, for 100 calls in 30 min (10.0 erlangs)" in text
    assert "13 79.6% 17.1 s 76.9% 28.5% 14 88.8% 7.8 s 71.4% 17.4% 15 94.1%" in text
    assert "One more agent: service level 94.1% instead of 88.8%, answer in 3.7 s instead of 7.8 s." in text
    assert "Erlang C: every caller waits" in text


def test_patience_and_shrinkage_are_planned_with() -> None:
    text = shown(*OWN, "--patience", "2m", "--shrinkage", "30")
    assert "12 agents, 18 to schedule" in text
    assert "callers hang up after 2 m 00 s on average, half of them within 1 m 23 s" in text


def test_a_large_queue_is_decided_by_occupancy_and_no_calls_need_nobody() -> None:
    text = shown("--calls", "8000", "--handle-time", "3m")
    assert "889 agents" in text
    assert "Occupancy decides" in text
    assert "100.0%" not in text
    assert "Without calls, no agent is needed." in shown("--calls", "0", "--handle-time", "180")
    assert "One agent less: the queue keeps growing." in shown("--calls", "1", "--handle-time", "180")


def test_the_queue_of_the_agents_one_has_is_shown() -> None:
    assert "14 agents needed, for 100 calls" in shown(*OWN, "--agents", "13")
    text = shown(*OWN, "--agents", "10")
    assert "With 10 agents the queue keeps growing: the calls need 10.0 agents' time." in text
    assert "With one more agent: 39.0%, 2 m 03 s." in text
    assert "One more agent is not enough either." in shown(*OWN, "--agents", "5")


def test_json_has_every_digit() -> None:
    result = CliRunner().invoke(commands, ["staffing", *OWN, "--format", "json"])
    plan = json.loads(result.output)
    assert plan["intervals"][0]["queues"][1]["service_level"] == pytest.approx(0.888350, abs=5e-7)


def test_every_wrong_number_is_named_by_its_option() -> None:
    result = CliRunner().invoke(commands, ["staffing", "--calls", "x", "--handle-time", "-1", "--max-occupancy", "0.9"])
    assert result.exit_code == 2
    for text in ("--calls must be", "--handle-time must be", "--max-occupancy is a percentage: write 90 for 90%"):
        assert text in result.output
