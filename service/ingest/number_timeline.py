"""Who has a tracking number and when: the spans of its holders in order of time, and how a change moves them.

An assignment without an end goes on until the next one begins. If one with an end interrupts it, it resumes after that
end: an interim holder gives the number back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self

from reports.model.language import marked, translate
from service.errors import AlreadyAssigned
from service.ingest.configuration import Assignment


@dataclass(frozen=True)
class Span:
    """One holder of a number from one moment to another, or until further notice."""

    from_at: datetime
    to_at: datetime | None
    campaign: str | None
    source: str | None
    agent: str | None

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The span of an assignment as it is sent."""
        return cls(**assignment.model_dump())

    @property
    def holder(self) -> tuple[str | None, ...]:
        """Who has the number."""
        return self.campaign, self.source, self.agent

    @property
    def holder_name(self) -> str:
        """The holder in one word, as messages name it."""
        return self.source or self.campaign or self.agent or translate("another holder")

    @property
    def words(self) -> str:
        """The holder in full, as people read it."""
        campaign = translate("campaign {code}", code=self.campaign) if self.campaign else None
        parts = [self.source, campaign, translate("agent {code}", code=self.agent) if self.agent else None]
        return ", ".join(part for part in parts if part) or translate("nobody in particular")

    def until(self, to_at: datetime) -> Assignment:
        """The assignment of the span with another end."""
        return Assignment.model_construct(
            from_at=self.from_at, to_at=to_at, campaign=self.campaign, source=self.source, agent=self.agent
        )

    def overlaps(self, other: Self) -> bool:
        """Whether both have the number at some moment."""
        return (self.to_at is None or other.from_at < self.to_at) and (
            other.to_at is None or self.from_at < other.to_at
        )

    def outlasts(self, other: Self) -> bool:
        """Whether it has the number at least as long as another one."""
        return self.to_at is None or (other.to_at is not None and other.to_at <= self.to_at)


def assigned(spans: Sequence[Span], new: Span) -> list[Span]:
    """The spans with a new one; one with the same start is corrected. Raises AlreadyAssigned."""
    if _says_what_is_known(spans, new):
        return list(spans)
    rest = unassigned(spans, new.from_at)
    rejoined = set(rest) - set(spans)
    result = [new]
    for span in rest:
        if not span.overlaps(new):
            result.append(span)
        elif span.from_at < new.from_at and (span.to_at is None or (span in rejoined and span.outlasts(new))):
            result += _interrupted(span, new)
        else:
            raise AlreadyAssigned(_refusal(span))
    return _ordered(result)


def unassigned(spans: Sequence[Span], from_at: datetime) -> list[Span]:
    """The spans without the one that starts at a moment; a holder whom it interrupted has the number throughout."""
    removed = next((span for span in spans if span.from_at == from_at), None)
    rest = [span for span in spans if span is not removed]
    before = next((span for span in rest if removed and span.to_at == removed.from_at), None)
    after = next((span for span in rest if removed and span.from_at == removed.to_at), None)
    if before and after and before.holder == after.holder:
        rest = [span for span in rest if span not in (before, after)] + [replace(before, to_at=after.to_at)]
    return _ordered(rest)


def mark(name: str | None, retired_at: datetime | None, spans: Iterable[Span]) -> str:
    """A short text that differs when anything about a number differs: a page remembers with it what it showed."""
    state = [name, retired_at, *(astuple(span) for span in _ordered(spans))]
    return sha256(repr(state).encode()).hexdigest()[:16]


def afterwards(
    spans: Sequence[Span],
    new: Span,
    retired_at: datetime | None = None,
    write: Callable[[datetime], str] | None = None,
) -> str | None:
    """A sentence about the number after an assignment with an end: who has it then, or that nobody does.

    retired_at: from then on nobody has the number, whatever its spans say. write: writes moments, else as JSON does.
    """
    write = write or _text
    if new.to_at is None:
        return None
    following = next((span for span in spans if span.from_at == new.to_at), None)
    if following is None or (retired_at and retired_at <= new.to_at):
        return translate("From {moment} the number has no source.", moment=write(new.to_at))
    earlier = any(span.to_at == new.from_at and span.holder == following.holder for span in spans)
    if earlier:
        message = marked("From {moment} the number returns to {holder}.")
    else:
        message = marked("From {moment} the number is assigned to {holder}.")
    return translate(message, moment=write(new.to_at), holder=following.holder_name)


def _says_what_is_known(spans: Sequence[Span], new: Span) -> bool:
    """Whether an assignment without an end is sent again, after a later one ended or interrupted it."""
    known = next((span for span in spans if span.from_at == new.from_at and span.holder == new.holder), None)
    following = next((span for span in spans if known and span.from_at == known.to_at), None)
    if new.to_at is not None or following is None:
        return False
    # Of an interim, which gave the number back, the end is taken away.
    return all(span.to_at != new.from_at or span.holder != following.holder for span in spans)


def _interrupted(span: Span, new: Span) -> list[Span]:
    before = replace(span, to_at=new.from_at)
    return [before] if new.to_at in (None, span.to_at) else [before, replace(span, from_at=new.to_at)]


def _ordered(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: span.from_at)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _refusal(span: Span) -> str:
    return translate(
        "The number is assigned to {holder} from {start} until {end}. A number has one holder at a time.",
        holder=span.holder_name,
        start=_text(span.from_at),
        end=_text(span.to_at) if span.to_at else translate("further notice"),
    )
