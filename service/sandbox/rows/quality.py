"""What customers answer after a call, and how evaluators score it.

Rows are calls with the columns of their table added, as in followups.py. A large floor asks nobody and scores nothing.
"""

import polars as pl

from service.sandbox.rows.outcomes import is_any
from service.sandbox.scenario.instants import HOUR, MINUTE
from service.sandbox.scenario.rng import look_up
from service.sandbox.scenario.scenario import Scenario

FORM = "sales-call"
# The items of the form, each with the fields of the API.
ITEMS: list[dict[str, object]] = [
    {"item": "greeting", "section": "courtesy", "weight": 1, "max_points": 5, "auto_fail": False, "script": False},
    {"item": "listening", "section": "courtesy", "weight": 2, "max_points": 5, "auto_fail": False, "script": False},
    {"item": "needs", "section": "content", "weight": 2, "max_points": 5, "auto_fail": False, "script": True},
    {"item": "offer", "section": "content", "weight": 2, "max_points": 5, "auto_fail": False, "script": True},
    {"item": "notice", "section": "process", "weight": 1, "max_points": 1, "auto_fail": True, "script": True},
]
# How many points an evaluator gives above the usual.
_EVALUATORS = {"q-mbeki": 0.0, "q-olsen": -0.2, "q-ferrari": 1.5}
# How many points an agent's items are worth above the usual.
_AGENTS = {"temp-14": -1.6, "l-bishop": 0.6}
# The share of its customers that an agent pleases, where it is not the usual.
_PLEASES, _PLEASES_USUALLY = {"t-price": 0.15, "l-bishop": 0.95}, 0.82
_SESSION = "calibration-1"

# Whose calls the manager shares as examples, how many of them, and why.
MANAGER = "m-okafor"
_EXAMPLE, _SHARED = "l-bishop", 0.12
_PRAISE = (
    "Asks about the roof before the price.",
    "Stays calm when the customer doubts the saving.",
    "Sums up what was agreed, and ends the call.",
)

# The outcomes of a conversation.
_SPOKEN = ("sale", "appointment", "qualified", "interested", "not_interested", "callback")

_NET_SHARE, _ANSWERED = 0.4, 0.55
_SCORED, _CALIBRATED = 0.25, 0.015
_NOTICE_FORGOTTEN = 0.03
# Agents object to some evaluations, the strict evaluator's most often; the latest objections have no decision yet.
_DISPUTED, _DISPUTED_OF_STRICT, _STRICT = 0.03, 0.16, "q-olsen"
_DECIDES_WITHIN = 60 * HOUR
_DECISIONS = {"rejected": 0.55, "corrected": 0.3, "voided": 0.15}
_STARS = {True: (1.0, 2.0, 7.0, 35.0, 55.0), False: (25.0, 25.0, 30.0, 15.0, 5.0)}
_RECOMMENDS = {
    True: (0.5, 0.5, 0.5, 0.5, 1.0, 3.0, 4.0, 15.0, 20.0, 28.0, 27.0),
    False: (18.0, 8.0, 9.0, 9.0, 10.0, 16.0, 12.0, 10.0, 5.0, 2.0, 1.0),
}


def surveys(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """One survey after some conversations, by text message; most customers never answer."""
    rng, end = scenario.rng, scenario.plan.ends_at
    net = rng.chance("asks to recommend", _NET_SHARE)
    pleases = pl.col("agent").replace_strict(_PLEASES, default=_PLEASES_USUALLY)
    pleased = rng.fraction("pleased") < pleases
    stars, recommends = (
        pl.when(pleased).then(rng.choice(name, weights[True])).otherwise(rng.choice(name, weights[False]))
        for name, weights in (("stars", _STARS), ("recommends", _RECOMMENDS))
    )
    answered_at = pl.col("asked_at") + rng.around("answer", 40.0 * MINUTE, 1.2).cast(pl.Int64)
    answers = rng.chance("answers", _ANSWERED) & (answered_at < end)
    return (
        _talked(calls)
        .with_columns(
            asked_at=pl.col("ended_at") + 10 * MINUTE, kind=pl.when(net).then(pl.lit("nps")).otherwise(pl.lit("csat"))
        )
        .filter(rng.chance("surveyed", scenario.fixtures.traits.surveyed) & (pl.col("asked_at") < end))
        .with_columns(answered_at=pl.when(answers).then(answered_at))
        .with_columns(
            score=pl.when(answers).then(pl.when(net).then(recommends).otherwise(stars + 1)),
            scale=pl.when(answers).then(pl.when(net).then(pl.lit("0-10")).otherwise(pl.lit("1-5"))),
            observed_at=pl.coalesce("answered_at", "asked_at"),
        )
    )


def evaluations(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Some conversations that an evaluator scores, and a few that all evaluators score in a calibration session."""
    rng, traits = scenario.rng, scenario.fixtures.traits
    talked = _talked(calls).with_columns(by=rng.choice("evaluator", (1.0,) * len(_EVALUATORS)))
    scored = talked.filter(rng.chance("scored", _SCORED * traits.evaluated))
    shared = talked.filter(rng.chance("calibrated", _CALIBRATED * traits.evaluated))
    alone = [_by(scored.filter(pl.col("by") == place), name, scenario) for place, name in enumerate(_EVALUATORS)]
    together = [_by(shared, name, scenario, session=_SESSION) for name in _EVALUATORS]
    made = pl.concat([_with_disputes(rows, scenario) for rows in alone] + [_undisputed(rows) for rows in together])
    return made.filter(pl.col("evaluated_at") < scenario.plan.ends_at)


def _with_disputes(evaluated: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Evaluations with the objections of agents, `dispute` and `dispute_at`, and what they led to."""
    rng, end = scenario.rng, scenario.plan.ends_at
    share = pl.when(pl.col("evaluator") == _STRICT).then(_DISPUTED_OF_STRICT).otherwise(_DISPUTED)
    dispute_at = pl.col("evaluated_at") + rng.between("objects", 1.0 * HOUR, 20.0 * HOUR).cast(pl.Int64)
    names = list(_DECISIONS)
    decision = rng.choice("decision", tuple(_DECISIONS.values())).replace_strict(
        list(range(len(names))), names, return_dtype=pl.String
    )
    disputed = (rng.fraction("disputed") < share) & (dispute_at < end)
    ruling = pl.when(dispute_at < end - _DECIDES_WITHIN).then(decision).otherwise(pl.lit("open"))
    return evaluated.with_columns(dispute=pl.when(disputed).then(ruling), dispute_at=pl.when(disputed).then(dispute_at))


def _undisputed(evaluated: pl.DataFrame) -> pl.DataFrame:
    return evaluated.with_columns(dispute=pl.lit(None, dtype=pl.String), dispute_at=pl.lit(None, dtype=pl.Int64))


def scores(evaluated: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The points of each item of these evaluations, with `item` and `points`."""
    return pl.concat(
        evaluated.with_columns(item=pl.lit(field["item"]), points=_points(field, scenario)) for field in ITEMS
    )


def shared_calls(evaluated: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Calls of the best agent that the manager shares with a team, with `shared_at`, `with_team` and `note`."""
    rng = scenario.rng
    later = rng.between("shares", 1.0 * HOUR, 6.0 * HOUR).cast(pl.Int64)
    good = (pl.col("agent") == _EXAMPLE) & pl.col("session").is_null() & (pl.col("dispute").is_null())
    teams = [team.code for team in scenario.fixtures.teams]
    return (
        evaluated.filter(good & rng.chance("shared", _SHARED))
        .with_columns(
            shared_at=pl.col("evaluated_at") + later,
            with_team=look_up(teams, rng.choice("shared with", (1.0,) * len(teams))),
            note=look_up(_PRAISE, rng.choice("praise", (1.0,) * len(_PRAISE))),
        )
        .filter(pl.col("shared_at") < scenario.plan.ends_at)
    )


def form_items() -> pl.DataFrame:
    """The form of the evaluations, item by item."""
    return pl.DataFrame([{"form": FORM, "form_version": "1", **field} for field in ITEMS])


def _talked(calls: pl.DataFrame) -> pl.DataFrame:
    """The calls in which an agent and a customer spoke, tests left out."""
    ended = pl.col("connected") & pl.col("ended_at").is_not_null() & pl.col("agent").is_not_null()
    return calls.filter(ended & is_any(*_SPOKEN) & ~pl.col("test").fill_null(value=False))


def _by(calls: pl.DataFrame, evaluator: str, scenario: Scenario, session: str | None = None) -> pl.DataFrame:
    """These calls as one evaluator scores them, some hours later."""
    later = scenario.rng.between(f"listens/{evaluator}", 1.0 * HOUR, 9.0 * HOUR).cast(pl.Int64)
    return calls.with_columns(
        external_id=pl.concat_str(
            "attempt", pl.lit(f"-{evaluator}"), pl.lit("" if session is None else "-calibration")
        ),
        evaluator=pl.lit(evaluator),
        session=pl.lit(session, dtype=pl.String),
        evaluated_at=pl.col("ended_at") + later,
    )


def _points(field: dict[str, object], scenario: Scenario) -> pl.Expr:
    """Points of an item: mostly 3 to 5 of 5, by the agent and by the evaluator."""
    name = str(field["item"])
    if field["auto_fail"]:
        return pl.when(scenario.rng.chance(f"forgets/{name}", _NOTICE_FORGOTTEN)).then(0).otherwise(1)
    draws = pl.coalesce(
        pl.when(pl.col("evaluator") == evaluator).then(
            scenario.rng.between(f"points/{name}/{evaluator}", -0.7, 0.7) + above
        )
        for evaluator, above in _EVALUATORS.items()
    )
    worth = scenario.rng.between(f"worth/{name}", 2.6, 5.2) + pl.col("agent").replace_strict(_AGENTS, default=0.0)
    return (worth + draws).round().clip(0, 5).cast(pl.Int32)
