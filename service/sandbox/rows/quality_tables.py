"""Surveys, the evaluation form and evaluations as rows of the ledger."""

import polars as pl

from service.sandbox.rows.quality import FORM, MANAGER, form_items
from service.sandbox.rows.revisions import received
from service.sandbox.scenario.scenario import Scenario


def form_item_rows(scenario: Scenario) -> pl.DataFrame:
    """The form, which was known before the first call; a floor without evaluations has none."""
    known_at = pl.lit(scenario.starts_at)
    items = form_items().with_columns(observed_at=known_at, recorded_at=known_at)
    return items if scenario.fixtures.traits.evaluated else items.clear()


def survey_rows(sent: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Surveys as they were sent, answered or not."""
    return sent.select(
        external_id=pl.col("attempt") + "-survey",
        kind="kind",
        scale="scale",
        asked_at="asked_at",
        answered_at="answered_at",
        score="score",
        dialer="dialer",
        call="attempt",
        agent="agent",
        observed_at="observed_at",
        recorded_at=received(scenario, "survey told", pl.col("observed_at")),
    )


def evaluation_rows(evaluated: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Evaluations of calls by their evaluators, and disputes of them."""
    told_at = pl.coalesce("dispute_at", "evaluated_at")
    return evaluated.select(
        external_id="external_id",
        form=pl.lit(FORM),
        form_version=pl.lit("1"),
        evaluated_at="evaluated_at",
        evaluator="evaluator",
        dialer="dialer",
        call="attempt",
        agent="agent",
        session="session",
        dispute="dispute",
        dispute_at="dispute_at",
        observed_at=told_at,
        recorded_at=received(scenario, "evaluation told", told_at),
    )


def score_rows(scored: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The points of each item of an evaluation."""
    return scored.select(
        evaluation="external_id",
        item="item",
        evaluated_at="evaluated_at",
        not_applicable=pl.lit(value=False),
        points="points",
        observed_at="evaluated_at",
        recorded_at=received(scenario, "evaluation told", pl.col("evaluated_at")),
    )


def shared_call_rows(shared: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Calls that a manager shared with a team, with a note."""
    return shared.select(
        external_id=pl.lit("coaching-") + pl.col("attempt"),
        dialer="dialer",
        call="attempt",
        team="with_team",
        manager=pl.lit(MANAGER),
        note="note",
        shared_at="shared_at",
        observed_at="shared_at",
        recorded_at=received(scenario, "coaching told", pl.col("shared_at")),
    )
