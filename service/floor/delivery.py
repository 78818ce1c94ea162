"""How the floor's facts reach the ledger: in pieces, late, twice, in the wrong order, and now and then unusable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from random import Random

from service.floor import wire
from service.floor.cast import UNTOLD_CODE
from service.floor.configuration import Setting, settings
from service.floor.faults import unusable
from service.floor.story import Attempt, Disposition, FollowUp, Lead, Spend, State, Story
from service.floor.wire import Item
from service.sandbox.scenario.instants import MINUTE, SECOND

Letter = tuple[int, Item]  # when it arrives, and what it says

_IN_PIECES = 0.35
_TWICE = 0.04
_DELAYED = 0.04
_WRITTEN_AT_HOME = 0.08
_SAID_AGAIN = 0.1
_BY_AGENT = {"SALE", "APPT", "QUAL", "INFO", "CALLBK", "NI", UNTOLD_CODE, "NQ", "DNC", "GATEKP", "WRONGP"}


@dataclass(frozen=True, slots=True)
class Mail:
    """Everything the ledger gets from the floor.

    settings: configuration requests, to be sent first.
    items: captured items of each resource (its path under /v1), in the order of their arrival.
    unusable: how many items of each resource can only be rejected.
    """

    settings: list[Setting]
    items: dict[str, list[Item]]
    unusable: dict[str, int] = field(default_factory=dict[str, int])


def send(story: Story) -> Mail:
    """What has arrived by now of everything that happened."""
    rng = Random(f"{story.seed}/mail")  # noqa: S311 (a game of chance, not a secret)
    refused = unusable(story)
    items = {
        resource: _sorted(rng, letters(rng, story), refused.get(resource, []), story)
        for resource, letters in _SENDERS.items()
    }
    return Mail(settings(story), items, {resource: len(found) for resource, found in refused.items()})


def _sorted(rng: Random, letters: Iterable[Letter], refused: list[Item], story: Story) -> list[Item]:
    arrived = [letter for letter in letters if letter[0] <= story.until]
    arrived += [(at + rng.randint(1, 900) * SECOND, item) for at, item in arrived if rng.random() < _TWICE]
    arrived += [(rng.randint(story.start, story.until), item) for item in refused]
    return [item for _, item in sorted(arrived, key=itemgetter(0))]


def _lag(rng: Random) -> int:
    """Most arrive within seconds, some after an hour: a queue was full, a line was down."""
    if rng.random() < _DELAYED:
        return rng.randint(5, 150) * MINUTE
    return int(rng.lognormvariate(0.6, 0.7) * SECOND)


def _leads(rng: Random, story: Story) -> Iterator[Letter]:
    for lead in story.leads:
        yield lead.received_at + _lag(rng), wire.lead_received(lead, _written(rng, lead))
        for at, tell in ((lead.assigned_at, wire.lead_assigned), (lead.closed_at, wire.lead_closed)):
            if at is not None:
                yield at + _lag(rng), tell(lead, at)


def _written(rng: Random, lead: Lead) -> str:
    """A number as somebody wrote it; only a configured campaign knows in which country that was."""
    at_home = lead.campaign.configured and rng.random() < _WRITTEN_AT_HOME
    return wire.national(lead.phone_number) if at_home else lead.phone_number


def _attempts(rng: Random, story: Story) -> Iterator[Letter]:
    notes = {note.attempt.external_id: note for note in story.dispositions if _goes_along(note)}
    for call in story.attempts:
        note = notes.get(call.external_id)
        told_at = call.ended_at + (call.wrap_ms or 0)
        arrives_at = told_at + _lag(rng)
        if rng.random() < _IN_PIECES or arrives_at > story.until:
            yield from _in_pieces(rng, call, told_at, note)
        else:
            whole = wire.attempt_in_one(call, told_at, _written(rng, call.lead))
            yield arrives_at, _with_note(whole, note)


def _goes_along(note: Disposition) -> bool:
    """The dialer sends with the call what it notes by itself; what came of a talk comes when the agent says so."""
    return note.code not in _BY_AGENT


def _with_note(item: Item, note: Disposition | None) -> Item:
    return item if note is None else item | {"disposition": wire.inline_disposition(note)}


def _in_pieces(rng: Random, call: Attempt, told_at: int, note: Disposition | None) -> Iterator[Letter]:
    yield call.dialed_at + _lag(rng), wire.attempt_initiated(call, _written(rng, call.lead))
    if call.answered_at is not None:
        heard_at = call.joined_at or call.answered_at
        yield heard_at + _lag(rng), wire.attempt_answered(call, heard_at)
    yield told_at + _lag(rng), _with_note(wire.attempt_ended(call, told_at), note)


def _dispositions(rng: Random, story: Story) -> Iterator[Letter]:
    for note in story.dispositions:
        if not _goes_along(note) or rng.random() < _SAID_AGAIN:
            yield note.arrives_at, wire.disposition(note)


def _appointments(rng: Random, story: Story) -> Iterator[Letter]:
    for step in story.appointments:
        yield step.status_at + _lag(rng), wire.appointment(step)


def _follow_ups(rng: Random, story: Story) -> Iterator[Letter]:
    for promise in story.follow_ups:
        yield from _follow_up(rng, promise)


def _follow_up(rng: Random, promise: FollowUp) -> Iterator[Letter]:
    if promise.due_at is not None:
        yield promise.promised_at + _lag(rng), wire.follow_up(promise, promise.promised_at, None)
    if promise.done_at is not None:
        yield promise.done_at + _lag(rng), wire.follow_up(promise, promise.done_at, promise.done_at)


def _stage_changes(rng: Random, story: Story) -> Iterator[Letter]:
    for change in story.stage_changes:
        yield change.changed_at + _lag(rng), wire.stage_change(change)


def _spend(rng: Random, story: Story) -> Iterator[Letter]:
    for bill in story.spend:
        yield from _bill(rng, bill)


def _bill(rng: Random, bill: Spend) -> Iterator[Letter]:
    """Every tenth bill is corrected after some hours: clicks that were no people are paid back."""
    yield bill.reported_at, wire.spend(bill, bill.cents, bill.reported_at)
    if rng.random() < 0.1:
        later = bill.reported_at + 5 * 60 * MINUTE
        yield later, wire.spend(bill, bill.cents * 94 // 100, later)


def _agent_states(rng: Random, story: Story) -> Iterator[Letter]:
    for state in story.states:
        yield from _state(rng, state)


def _state(rng: Random, state: State) -> Iterator[Letter]:
    if state.to_at is None or rng.random() < 0.1:
        yield state.from_at, wire.agent_state(state, None)
    if state.to_at is not None:
        yield state.to_at + _lag(rng), wire.agent_state(state, state.to_at)


_SENDERS: dict[str, Callable[[Random, Story], Iterator[Letter]]] = {
    "leads": _leads,
    "attempts": _attempts,
    "dispositions": _dispositions,
    "appointments": _appointments,
    "follow-ups": _follow_ups,
    "stage-changes": _stage_changes,
    "spend": _spend,
    "agent-states": _agent_states,
}
