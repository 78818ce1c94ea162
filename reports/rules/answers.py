"""Answers: which surveys count for which question, and how an answer is read."""

import polars as pl

# Scores are held in ten-thousandths.
POINT = 10_000

USUAL_SCALES = {"csat": "1-5", "nps": "0-10", "ces": "1-7"}


def sent(kind: str) -> pl.Expr:
    """Surveys of a kind that reached the customer."""
    return pl.col("kind") == kind


def answered(kind: str, *scales: str) -> pl.Expr:
    """Answers to surveys of a kind, on one of these scales."""
    return sent(kind) & pl.col("answered") & pl.col("scale").is_in(scales or (USUAL_SCALES[kind],))


def about_contact() -> pl.Expr:
    """Surveys about a call, a case or an agent; the others ask about the relationship."""
    return pl.col("about_contact")


def at_least(points: int) -> pl.Expr:
    """Answers with so many points or more."""
    return pl.col("score") >= points * POINT


def at_most(points: int) -> pl.Expr:
    """Answers with so many points or fewer."""
    return pl.col("score") <= points * POINT
