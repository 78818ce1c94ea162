"""Surveys: what customers answer when they are asked about a call, a case or the company."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from reports.model.vocabulary import SurveyKind
from service.ingest.agents import agent_code
from service.ingest.fields import Code, Flag, Item, PastTime, Text
from service.ingest.points import Points
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import SURVEYS

_USUAL_SCALES: dict[SurveyKind, str] = {"csat": "1-5", "nps": "0-10", "ces": "1-7"}


def ends_of(scale: str) -> tuple[int, int]:
    """The lowest and the highest score of a scale."""
    low, _, high = scale.partition("-")
    return int(low), int(high)


def _rising(scale: str) -> str:
    low, high = ends_of(scale)
    if low >= high:
        raise PydanticCustomError("scale_falls", "must begin with its lowest score, such as 1-5")
    return scale


Scale = TypeAliasType(
    "Scale",
    Annotated[
        str,
        StringConstraints(pattern=r"^(0|[1-9][0-9]{0,2})-[1-9][0-9]{0,2}$", strict=True),
        AfterValidator(_rising),
        Field(description="The lowest and the highest score, whole numbers with a hyphen between them."),
    ],
)


class Survey(Item):
    """One survey sent to one customer: asked, answered or both."""

    external_id: Code = Field(examples=["survey-8"])
    kind: SurveyKind = Field(
        description="csat: satisfaction. nps: would the customer recommend you. ces: how easy it was, 7 is easiest.",
        examples=["csat"],
    )
    scale: Scale | None = Field(
        None,
        description="If missing with a score: 1-5 for csat, 0-10 for nps, 1-7 for ces. Scales are never pooled.",
        examples=["1-5"],
    )
    asked_at: PastTime | None = Field(None, examples=["2026-03-02T09:40:00-05:00"])
    delivered: Flag | None = Field(None, description="False: it never reached the customer, so it counts nowhere.")
    answered_at: PastTime | None = Field(None, examples=["2026-03-02T11:05:00-05:00"])
    score: Points | None = Field(None, description="The answer, on the scale.", examples=[4])
    comment: Text | None = Field(None, description="The customer's own words; an erasure removes them.")
    dialer: Code | None = Field(None, description="The dialer of the call; if missing, the dialer of the API key.")
    call: Code | None = Field(None, description="The external_id of the call it asks about.", examples=["call-1001"])
    case: Code | None = Field(None, description="The external_id of the case it asks about.", examples=["case-4"])
    lead: Code | None = Field(None, description="If missing, the lead of the call.", examples=["lead-77"])
    agent: Code | None = Field(None, description="If missing, the agent of the call.", examples=["ada"])
    queue: Code | None = Field(None, description="If missing, the queue of the call.", examples=["service"])
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def is_asked_or_answered(self) -> Self:
        """A survey has a time, and a score lies on its scale."""
        if self.asked_at is None and self.answered_at is None:
            raise PydanticCustomError(
                "neither_asked_nor_answered", "{field} is needed, or answered_at", {"field": "asked_at"}
            )
        if self.asked_at and self.answered_at and self.answered_at < self.asked_at:
            raise PydanticCustomError("ends_before_start", "{field} is before asked_at", {"field": "answered_at"})
        self._check_scale()
        return self

    def _check_scale(self) -> None:
        if self.score is None:
            return
        if self.answered_at is None:
            raise PydanticCustomError("score_without_time", "{field} is needed with a score", {"field": "answered_at"})
        self.scale = self.scale or _USUAL_SCALES[self.kind]
        low, high = ends_of(self.scale)
        if not Decimal(low) <= self.score <= Decimal(high):
            raise PydanticCustomError(
                "score_off_scale", "{field} must lie on the scale {scale}", {"field": "score", "scale": self.scale}
            )


def observe(item: Survey, sender: Sender) -> Iterator[Observation]:
    """A survey writes one row."""
    row = item.model_dump() | {"agent": agent_code(item.agent)}
    row["dialer"] = item.call and (item.dialer or sender.dialer)
    row["case_id"] = row.pop("case")
    row["observed_at"] = sender.observed(item.observed_at, item.asked_at, item.answered_at)
    yield SURVEYS, row


RESOURCE = Resource("surveys", Survey, SURVEYS, observe)
