"""Let the floor live: leads arrive, three teams call them, and what was said becomes notes, visits, deals and bills."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from service.floor.aftermath import keep_appointments, move_deals, spend
from service.floor.cast import AGENTS, CALLER_IDS, TEAMS, CallerId, Team
from service.floor.leads import arrive, reaches_the_floor_at
from service.floor.moments import DAY, HOUR, at_hour, instant_of, working_days
from service.floor.notes import write_down
from service.floor.rota import Stint, Timeline, stints
from service.floor.shifts import Desk, Shift, ShowNumber
from service.floor.story import Lead, Story
from service.floor.worklist import FRESH, Worklist

CALENDAR = "America/New_York"  # the floor's days begin and end where most of its customers live
_SOURCE_UNSAID = 0.06
_HEAD_START = DAY  # leads were waiting when the first shift began


@dataclass(frozen=True, slots=True)
class Plan:
    """Which floor to play: its seed, the instant it ends (now), and how many working days it lasts."""

    seed: int
    until: datetime
    days: int = 4


def play(plan: Plan) -> Story:
    """Live through the days of a plan."""
    until = instant_of(plan.until)
    days = {team.code: _days(team, until, plan.days) for team in TEAMS.values()}
    start = at_hour(min(found[0] for found in days.values()), 0, CALENDAR)
    story = Story(plan.seed, start, until, handover=(start + until) // 2 // HOUR * HOUR)
    story.leads = arrive(_luck(plan, "leads"), start - _HEAD_START, until)
    for team in TEAMS.values():
        _call(_luck(plan, team.code), story, team, days[team.code])
    story.attempts.sort(key=lambda call: (call.dialed_at, call.external_id))
    story.dispositions = list(write_down(_luck(plan, "notes"), story.attempts))
    story.appointments = list(keep_appointments(_luck(plan, "visits"), story.attempts))
    story.stage_changes = list(move_deals(_luck(plan, "deals"), story.attempts, story.appointments))
    story.spend = list(spend(_luck(plan, "bills"), story.leads, start - _HEAD_START, until))
    return story


def _luck(plan: Plan, part: str) -> Random:
    """Each part of the floor has luck of its own, so that a change in one leaves the others as they were."""
    return Random(f"{plan.seed}/{part}")  # noqa: S311 (a game of chance, not a secret)


def _days(team: Team, until: int, count: int) -> list[date]:
    """The team's last working days, today only if its shift began an hour ago: a day without calls shows nothing."""
    return working_days(until - int((team.starts + 1) * HOUR), team.zone, count)


def _call(rng: Random, story: Story, team: Team, days: list[date]) -> None:
    """Let one team work through the days."""
    agents = [agent for agent in AGENTS if agent.team == team.code]
    desks = [Desk(agent, _begun(stints(rng, team, days), story.until), Timeline(agent.code)) for agent in agents]
    shift = Shift(rng, team, desks, _worklist(rng, story.leads, team), _show_number(rng, story.handover))
    shift.work(story.until)
    story.attempts += [call for call in shift.attempts if call.dialed_at < story.until]
    story.follow_ups += shift.follow_ups
    for context in desks:
        story.states += context.timeline.until(story.until)


def _begun(found: deque[Stint], until: int) -> deque[Stint]:
    return deque(stint for stint in found if stint.from_at < until)


def _worklist(rng: Random, leads: list[Lead], team: Team) -> Worklist:
    worklist = Worklist()
    for lead in leads:
        due = reaches_the_floor_at(rng, lead) if lead.campaign.team == team.code else None
        if due is not None:
            worklist.put(lead, due, FRESH)
    return worklist


def _show_number(rng: Random, handover: int) -> ShowNumber:
    """How the dialer chooses the caller ID: the number of the lead's source if it has one, else the campaign's."""

    def show(lead: Lead, at: int) -> tuple[str, str | None]:
        for caller_id in CALLER_IDS:
            owner = owner_at(caller_id, at, handover)
            if _serves(caller_id, lead) and owner in {lead.source, None}:
                unsaid = owner is not None or rng.random() < _SOURCE_UNSAID
                return caller_id.number, None if unsaid else lead.source
        raise LookupError(lead.campaign.code)

    return show


def _serves(caller_id: CallerId, lead: Lead) -> bool:
    return caller_id.campaign == lead.campaign.code or (not lead.campaign.configured and caller_id.source is None)


def owner_at(caller_id: CallerId, at: int, handover: int) -> str | None:
    """The source a tracking number belongs to at an instant."""
    return caller_id.source if at < handover else caller_id.source_later
