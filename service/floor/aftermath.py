"""What calls lead to, hours and days later: appointments kept or not, deals moving on, money."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from random import Random

from service.floor.cast import SOURCES
from service.floor.leads import days_between
from service.floor.story import AppointmentStep, Attempt, Lead, Spend, StageChange
from service.floor.worklist import next_opening
from service.sandbox.scenario.instants import DAY, HOUR, MINUTE, at_hour, local

_ENDS = {"held": 0.62, "no_show": 0.2, "cancelled_by_them": 0.13, "cancelled_by_us": 0.05}
_MOVED = 0.16
_SIGNS_AFTER_SALE, _WITHDRAWS = 0.86, 0.06


def keep_appointments(rng: Random, calls: list[Attempt]) -> Iterator[AppointmentStep]:
    """The life of every appointment the calls set."""
    for call in calls:
        if call.result == "appointment":
            yield from _appointment(rng, call)


def _appointment(rng: Random, call: Attempt) -> Iterator[AppointmentStep]:
    set_at = call.ended_at
    meets_at = _slot(rng, call.lead, set_at)
    name = f"{call.external_id}-visit"
    yield AppointmentStep(name, call, set_at, meets_at, "set", set_at)
    if rng.random() < _MOVED:
        moved_at = rng.randint(set_at + MINUTE, meets_at)
        meets_at = _slot(rng, call.lead, meets_at)
        yield AppointmentStep(name, call, set_at, meets_at, "rescheduled", moved_at)
        set_at = moved_at
    status = rng.choices(tuple(_ENDS), tuple(_ENDS.values()))[0]
    at = rng.randint(set_at + 1, meets_at) if status.startswith("cancelled") else meets_at + HOUR
    yield AppointmentStep(name, call, call.ended_at, meets_at, status, at)


def _slot(rng: Random, lead: Lead, after: int) -> int:
    """A full or half hour, from three hours to some days ahead, when people over there are up."""
    opens = next_opening(lead.zone, after + 3 * HOUR + int(rng.expovariate(1 / 22) * HOUR))
    return opens // (30 * MINUTE) * 30 * MINUTE + 30 * MINUTE


def move_deals(rng: Random, calls: list[Attempt], visits: list[AppointmentStep]) -> Iterator[StageChange]:
    """How far each lead's deal has come, from the first right person on the line to signed or lost; each stage once."""
    held = {step.attempt.lead.external_id: step.status_at for step in visits if step.status == "held"}
    reached = set[tuple[str, str]]()
    for call in calls:
        if call.party == "right_party" and not call.lead.test:
            for change in _moves(rng, call, held.get(call.lead.external_id)):
                if (change.opportunity, change.stage) not in reached:
                    reached.add((change.opportunity, change.stage))
                    yield change


def _moves(rng: Random, call: Attempt, held_at: int | None) -> Iterator[StageChange]:
    yield StageChange(_deal(call.lead), call.lead, "contacted", call.joined_at or call.dialed_at)
    if call.result == "sale":
        yield from _after_a_sale(rng, call)
    elif call.result == "appointment":
        yield from _after_an_appointment(rng, call, held_at)
    elif call.result == "qualified":
        yield StageChange(_deal(call.lead), call.lead, "qualified", call.ended_at)


def _deal(lead: Lead) -> str:
    return f"deal-{lead.external_id}"


def _after_a_sale(rng: Random, call: Attempt) -> Iterator[StageChange]:
    deal, lead, sold_at = _deal(call.lead), call.lead, call.ended_at
    amount, profit = _worth(rng, lead)
    yield StageChange(deal, lead, "qualified", sold_at)
    yield StageChange(deal, lead, "opportunity", sold_at + 2 * MINUTE, amount)
    yield StageChange(deal, lead, "proposal", sold_at + 40 * MINUTE, amount)
    signed_at = sold_at + HOUR + int(rng.lognormvariate(2.2, 1.2) * HOUR)
    if rng.random() >= _SIGNS_AFTER_SALE:
        yield StageChange(deal, lead, "lost", signed_at, amount)
        return
    yield StageChange(deal, lead, "won", signed_at, amount, profit)
    if rng.random() < _WITHDRAWS:
        yield StageChange(deal, lead, "lost", signed_at + rng.randint(4, 30) * HOUR, amount)


def _after_an_appointment(rng: Random, call: Attempt, held_at: int | None) -> Iterator[StageChange]:
    deal, lead = _deal(call.lead), call.lead
    yield StageChange(deal, lead, "qualified", call.ended_at)
    if held_at is None:
        return
    amount, profit = _worth(rng, lead)
    yield StageChange(deal, lead, "opportunity", held_at, amount)
    yield StageChange(deal, lead, "proposal", held_at + rng.randint(1, 20) * HOUR, amount)
    decided_at = held_at + 21 * HOUR + int(rng.lognormvariate(2.8, 0.8) * HOUR)
    if rng.random() < 0.45:
        yield StageChange(deal, lead, "won", decided_at, amount, profit)
    else:
        yield StageChange(deal, lead, "lost", decided_at, amount)


def _worth(rng: Random, lead: Lead) -> tuple[int, int]:
    """What a deal is worth and what of it is gross profit, in whole units of the campaign's currency."""
    amount = round(rng.lognormvariate(log(lead.campaign.median_deal), 0.4) / 10) * 10
    return amount, round(amount * rng.uniform(0.18, 0.36))


def spend(rng: Random, leads: list[Lead], start: int, until: int) -> Iterator[Spend]:
    """What each source cost for each campaign and day; the bill of a day is known next morning, today's so far now."""
    counts = dict[tuple[str, str, str], int]()
    for lead in leads:
        on = local(lead.received_at, lead.campaign.zone).date().isoformat()
        key = (lead.campaign.code, lead.source, on)
        counts[key] = counts.get(key, 0) + 1
    for campaign in {lead.campaign.code: lead.campaign for lead in leads}.values():
        for day in days_between(start, until, campaign.zone):
            billed_at = min(at_hour(day, 6, campaign.zone) + DAY, until - MINUTE)
            for source in campaign.leads_a_day:
                count = counts.get((campaign.code, source, day.isoformat()), 0)
                cents = round(count * SOURCES[source].cost_per_lead * rng.uniform(0.9, 1.15) * 100)
                if cents:
                    name = f"{source}-{campaign.code}-{day.isoformat()}"
                    yield Spend(name, source, campaign, day.isoformat(), cents, billed_at)
