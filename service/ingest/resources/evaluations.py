"""Evaluations: an evaluator scores a call by a form, item by item."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import Dispute
from service.ingest.agents import AgentCode, agent_code
from service.ingest.fields import Code, Flag, Item, PastTime, Text
from service.ingest.points import Points
from service.ingest.resources import Observation, Resource, Row, Sender
from sql.facts import EVALUATION_SCORES, EVALUATIONS

_MOST_ITEMS = 200


class ItemScore(Item):
    """The points for one item of the form."""

    item: Code = Field(examples=["greeting"])
    points: Points | None = Field(None, examples=[4])
    not_applicable: Flag = Field(default=False, description="The item does not apply to this call: it counts nowhere.")

    @model_validator(mode="after")
    def has_points_if_it_applies(self) -> Self:
        """An item has points, or does not apply."""
        if (self.points is None) != self.not_applicable:
            raise PydanticCustomError(
                "points_or_not_applicable", "{field} is needed, or not_applicable", {"field": "points"}
            )
        return self


class Evaluation(Item):
    """One evaluation of one call by one evaluator."""

    external_id: Code = Field(examples=["evaluation-3"])
    form: Code = Field(examples=["sales-call"])
    form_version: Code | None = Field(None, description="If never sent, 1.", examples=["2"])
    evaluated_at: PastTime = Field(examples=["2026-03-03T15:00:00-05:00"])
    evaluator: AgentCode = Field(examples=["quinn"])
    dialer: Code | None = Field(None, description="The dialer of the call; if missing, the dialer of the API key.")
    call: Code | None = Field(None, description="The external_id of the call.", examples=["call-1001"])
    case: Code | None = Field(None, description="The external_id of the case.", examples=["case-4"])
    agent: Code | None = Field(None, description="If missing, the agent of the call.", examples=["ada"])
    queue: Code | None = Field(None, description="If missing, the queue of the call.", examples=["service"])
    session: Code | None = Field(
        None,
        description="The calibration session, in which several evaluators score the same call. Scores of sessions show"
        " how far evaluators agree; they do not count for the agent.",
        examples=["calibration-march"],
    )
    scores: Annotated[list[ItemScore], Field(max_length=_MOST_ITEMS)] = Field(
        default_factory=list[ItemScore], description="The points, item by item."
    )
    points: Annotated[dict[Code, Points], Field(max_length=_MOST_ITEMS)] = Field(
        default_factory=dict[Code, Points],
        description="A shorter form of scores: the points of each item.",
        examples=[{"greeting": 4, "offer": 5}],
    )
    auto_failed: Flag | None = Field(None, description="True: the evaluator failed the whole call.")
    comment: Text | None = Field(None, description="The evaluator's words; an erasure removes them.")
    dispute: Dispute | None = Field(
        None,
        description="What the agent's objection led to. open: not decided. rejected: the score stands. corrected: its"
        " points were changed. voided: the evaluation no longer counts.",
    )
    dispute_at: PastTime | None = Field(None, description="Since when; needed with dispute.")
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def says_each_item_once(self) -> Self:
        """Two scores of one item contradict each other."""
        items = Counter([*(score.item for score in self.scores), *self.points])
        if twice := next((item for item, count in items.items() if count > 1), None):
            raise PydanticCustomError("scored_twice", "{field} has {item} twice", {"field": "scores", "item": twice})
        if (self.dispute is None) != (self.dispute_at is None):
            field = "dispute" if self.dispute is None else "dispute_at"
            raise PydanticCustomError("half_a_dispute", "{field} is needed: dispute with its time", {"field": field})
        return self


def observe(item: Evaluation, sender: Sender) -> Iterator[Observation]:
    """An evaluation writes one row, and one for each item."""
    observed_at = sender.observed(item.observed_at, item.evaluated_at, item.dispute_at)
    row = item.model_dump(exclude={"scores", "points"}) | {"agent": agent_code(item.agent)}
    row["dialer"] = item.call and (item.dialer or sender.dialer)
    row["case_id"] = row.pop("case")
    yield EVALUATIONS, row | {"observed_at": observed_at}
    of_evaluation = {
        "evaluation": item.external_id,
        "evaluated_at": item.evaluated_at,
        "observed_at": observed_at,
    }
    for score in item.scores:
        yield EVALUATION_SCORES, of_evaluation | score.model_dump()
    for name, points in item.points.items():
        yield EVALUATION_SCORES, of_evaluation | _scored(name, points)


def _scored(item: str, points: Decimal) -> Row:
    return {"item": item, "points": points, "not_applicable": False}


RESOURCE = Resource("evaluations", Evaluation, EVALUATIONS, observe)
