"""The shift of one team: agents become free, the dialer rings the next leads, people talk, and time goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from random import Random

from service.floor.callbacks import close, further_follow_ups, next_turn, promise
from service.floor.cast import Agent, Team
from service.floor.conversations import converse, leave_message
from service.floor.dialing import ring
from service.floor.moments import MINUTE, SECOND
from service.floor.rota import Stint, Timeline
from service.floor.story import Attempt, FollowUp, Lead
from service.floor.worklist import Worklist

# Which number is shown to a lead at an instant, and the source the dialer says beside it.
ShowNumber = Callable[[Lead, int], tuple[str, str | None]]

_NOBODY_TO_CALL = 30 * SECOND
_MACHINE_HEARD_AS_PERSON = 0.05
_PERSON_HEARD_AS_MACHINE = 0.06
_MESSAGE_LEFT = 0.55


@dataclass(slots=True)
class Desk:
    """One agent at work."""

    agent: Agent
    stints: deque[Stint]
    timeline: Timeline


class Shift:
    """All calls of one team over the days."""

    def __init__(self, rng: Random, team: Team, desks: list[Desk], worklist: Worklist, show: ShowNumber) -> None:
        self._rng = rng
        self._team = team
        self._desks = desks
        self._worklist = worklist
        self._show = show
        self._promised: dict[str, FollowUp] = {}
        self.attempts: list[Attempt] = []
        self.follow_ups: list[FollowUp] = []

    def work(self, until: int) -> None:
        """Let every agent work until now."""
        free = [(context.stints[0].from_at, place) for place, context in enumerate(self._desks) if context.stints]
        heapify(free)
        while free and free[0][0] < until:
            now, place = heappop(free)
            again = self._turn(self._desks[place], now)
            if again is not None:
                heappush(free, (again, place))

    def _turn(self, context: Desk, now: int) -> int | None:
        """One turn of an agent who is free: rest, wait or call. Answers when they are free again."""
        if now >= context.stints[0].until:
            return _rest(context, now)
        context.timeline.enter("waiting", now)
        taken = (self._worklist.take(now) for _ in range(self._team.lines))
        leads = [lead for lead in taken if lead is not None]
        if not leads:
            return now + _NOBODY_TO_CALL
        start = now + self._pause_before_the_call()
        calls = [self._dial(lead, start + line * 350) for line, lead in enumerate(leads)]
        return self._in_person(context, calls[0]) if self._team.lines == 1 else self._in_parallel(context, calls)

    def _pause_before_the_call(self) -> int:
        return 2 * SECOND + int(self._rng.expovariate(1 / self._team.pause_between_ms))

    def _dial(self, lead: Lead, at: int) -> Attempt:
        """Ring one lead; nobody on our side has picked up yet."""
        rang = ring(self._rng, lead, at)
        shown, said_source = self._show(lead, at)
        lead.tries += 1
        answered_at = at + rang.ring_ms if rang.network_result == "answered" else None
        call = Attempt(
            external_id=f"{self._team.code}-{len(self.attempts) + 1:06d}",
            dialer=self._team.dialer,
            lead=lead,
            ordinal=lead.tries,
            from_number=shown,
            said_source=said_source,
            dialed_at=at,
            answered_at=answered_at,
            ended_at=at + rang.ring_ms + (answered_at is not None) * self._rng.randint(2 * SECOND, 6 * SECOND),
            ring_ms=rang.ring_ms,
            network_result=rang.network_result,
            answered_by=rang.answered_by,
            detected=self._hear(rang.answered_by),
            handled="none" if answered_at is None else None,
        )
        self.attempts.append(call)
        return call

    def _hear(self, answered_by: str | None) -> str | None:
        """What the machine detector makes of the voice."""
        luck = self._rng.random()
        if answered_by == "human":
            return "machine" if luck < _PERSON_HEARD_AS_MACHINE else "human"
        if answered_by == "machine":
            return "human" if luck < _MACHINE_HEARD_AS_PERSON else "machine"
        return answered_by

    def _in_person(self, context: Desk, call: Attempt) -> int:
        """The agent listens while it rings and takes whatever comes."""
        call.agent = context.agent.code
        context.timeline.enter("dialing", call.dialed_at)
        if call.answered_at is None:
            call.wrap_ms = self._rng.randint(2 * SECOND, 8 * SECOND)
            self._after(call)
            return self._wrap(context, call)
        return self._take(context, call, call.answered_at)

    def _in_parallel(self, context: Desk, calls: list[Attempt]) -> int:
        """The dialer rings several and hands the first person to the agent; a second person hears silence."""
        heard = [call for call in calls if call.detected == "human" and call.answered_at is not None]
        heard.sort(key=lambda call: call.answered_at or 0)
        for call in calls:
            if call not in heard:
                call.answered_by = call.detected
                call.handled = "none"
                self._after(call)
        for call in heard[1:]:
            self._drop(call)
        if not heard:
            return max(call.ended_at for call in calls)
        first = heard[0]
        first.agent = context.agent.code
        return self._take(context, first, (first.answered_at or 0) + self._rng.randint(250, 1_400))

    def _drop(self, call: Attempt) -> None:
        patience = self._rng.randint(900, 6_000)
        call.handled = "abandoned_by_callee" if patience < 2_000 else "abandoned_by_us"
        call.answered_by = call.detected
        call.ended_at = (call.answered_at or 0) + patience
        self._after(call)

    def _take(self, context: Desk, call: Attempt, joined_at: int) -> int:
        """The agent is on the line with a person, a machine or a fax."""
        call.joined_at = joined_at
        call.handled = "agent"
        context.timeline.enter("talking", joined_at)
        if call.answered_by == "human":
            self._talk(context, call, joined_at)
        else:
            self._meet_a_machine(call, joined_at)
        self._after(call)
        return self._wrap(context, call)

    def _talk(self, context: Desk, call: Attempt, joined_at: int) -> None:
        said = converse(self._rng, call.lead, context.agent)
        call.party, call.result = said.party, said.result
        call.talk_ms, call.hold_ms = said.talk_ms + said.dead_ms, said.hold_ms
        call.dead_ms, call.wrap_ms = said.dead_ms, said.wrap_ms
        call.ended_at = joined_at + call.talk_ms + call.hold_ms
        if said.hold_ms:
            held_at = joined_at + said.talk_ms // 3
            context.timeline.enter("holding", held_at)
            context.timeline.enter("talking", held_at + said.hold_ms)

    def _meet_a_machine(self, call: Attempt, joined_at: int) -> None:
        speaks = call.answered_by == "machine" and self._rng.random() < _MESSAGE_LEFT
        call.code = "FAX" if call.answered_by == "fax_or_tone" else "VM" if speaks else "AM"
        call.talk_ms = leave_message(self._rng) if speaks else self._rng.randint(2 * SECOND, 7 * SECOND)
        call.hold_ms = call.dead_ms = 0
        call.wrap_ms = self._rng.randint(2 * SECOND, 12 * SECOND)
        call.ended_at = joined_at + call.talk_ms

    def _wrap(self, context: Desk, call: Attempt) -> int:
        context.timeline.enter("wrapping", call.ended_at)
        return call.ended_at + (call.wrap_ms or 0)

    def _after(self, call: Attempt) -> None:
        """What was promised before is now kept; what this call promises is written down."""
        kept = self._promised.pop(call.lead.external_id, None)
        if kept:
            kept.done_at = call.dialed_at
        close(call)
        promised = promise(self._rng, call)
        if promised:
            self._promised[call.lead.external_id] = promised
            self.follow_ups.append(promised)
        self.follow_ups.extend(further_follow_ups(self._rng, call))
        turn = next_turn(self._rng, call, promised)
        if turn:
            self._worklist.put(call.lead, *turn)


def _rest(context: Desk, now: int) -> int | None:
    """The stint is over: a pause, or home."""
    over = context.stints.popleft()
    context.timeline.enter("paused" if over.then else "offline", now, over.then)
    return max(now + MINUTE, context.stints[0].from_at) if context.stints else None
