"""The simulated sales floor: always the same, true to itself, and rich enough to show what a report is for."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import phonenumbers
import pytest
from phonenumbers import timezone

from service.floor import Mail, Plan, Story, play, send
from service.floor.callbacks import MOST_TRIES
from service.floor.cast import AGENTS, CALLER_IDS, CAMPAIGNS, CODES, UNTOLD_CODE
from service.floor.phones import Directory
from service.floor.play import owner_at
from service.floor.story import Attempt
from service.floor.worklist import Worklist, next_opening
from service.intake import read_item
from service.resources import (
    Resource,
    Sender,
    agent_states,
    appointments,
    attempts,
    dispositions,
    follow_ups,
    leads,
    spend,
    stage_changes,
)
from service.sandbox.scenario.instants import HOUR, at_hour, hour_there, instant_of, local, wire_time, working_days

NOW = datetime(2026, 3, 12, 19, 40, 5, tzinfo=UTC)  # a Thursday, all three teams at work
SEEDS = (1, 2, 3)
RESOURCES: dict[str, Resource] = {
    module.RESOURCE.path: module.RESOURCE
    for module in (agent_states, appointments, attempts, dispositions, follow_ups, leads, spend, stage_changes)
}
SOON = {"callback_at", "due_at", "scheduled_at"}


@pytest.fixture(scope="module")
def floors() -> list[Story]:
    return [play(Plan(seed, NOW)) for seed in SEEDS]


@pytest.fixture(scope="module")
def story(floors: list[Story]) -> Story:
    return floors[0]


@pytest.fixture(scope="module")
def mail(story: Story) -> Mail:
    return send(story)


def as_text(mail: Mail) -> str:
    return json.dumps([[(s.method, s.path, s.body) for s in mail.settings], mail.items, mail.unusable])


def talked(call: Attempt) -> bool:
    return call.answered_by == "human" and call.handled == "agent"


def rates(calls: list[Attempt], of: Callable[[Attempt], object]) -> dict[object, float]:
    """The share of calls in which a person talked with an agent."""
    hits, all_ = Counter[object](), Counter[object]()
    for call in calls:
        hits[of(call)] += talked(call)
        all_[of(call)] += 1
    return {group: hits[group] / all_[group] for group in all_}


# The same floor, every time ------------------------------------------------------------------------------------


def test_the_same_seed_and_clock_give_the_same_floor_byte_for_byte(mail: Mail) -> None:
    assert as_text(send(play(Plan(1, NOW)))) == as_text(mail)


def test_another_seed_or_another_clock_gives_another_floor(mail: Mail, floors: list[Story]) -> None:
    assert as_text(send(floors[1])) != as_text(mail)
    assert as_text(send(play(Plan(1, NOW + timedelta(minutes=1))))) != as_text(mail)


def test_sending_does_not_change_what_happened(story: Story, mail: Mail) -> None:
    assert as_text(send(story)) == as_text(mail)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 14, 23, 0, tzinfo=UTC),  # a Saturday
        datetime(2026, 3, 16, 1, 0, tzinfo=UTC),  # Monday in London, still Sunday in New York
        datetime(2026, 3, 9, 15, 0, tzinfo=UTC),  # the day after America changed its clocks
        datetime(2026, 1, 1, 12, 0, tzinfo=UTC),
    ],
)
def test_a_floor_can_be_played_at_any_moment(now: datetime) -> None:
    floor = play(Plan(5, now))
    assert 2_000 < len(floor.attempts) < 8_000
    assert max(call.dialed_at for call in floor.attempts) < instant_of(now)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_floor_of_one_day_has_calls_at_every_hour_at_which_it_may_be_played(hour: int) -> None:
    floor = play(Plan(2, datetime(2026, 3, 10, hour, 30, tzinfo=UTC), days=1))
    assert 200 < len(floor.attempts) < 2_500


def test_a_floor_of_one_day_is_about_a_quarter_of_one_of_four(story: Story) -> None:
    one = play(Plan(1, NOW, days=1))
    assert 3_000 < len(story.attempts) < 6_000
    assert 0.15 < len(one.attempts) / len(story.attempts) < 0.4


# True to itself ------------------------------------------------------------------------------------------------


def test_every_call_happens_in_order(floors: list[Story]) -> None:
    for call in (call for floor in floors for call in floor.attempts):
        assert call.dialed_at <= call.ended_at
        if call.answered_at is None:
            assert call.network_result != "answered"
            assert call.talk_ms is None
        else:
            assert call.network_result == "answered"
            assert call.answered_at == call.dialed_at + call.ring_ms
            assert call.dialed_at <= call.answered_at <= (call.joined_at or call.answered_at) <= call.ended_at


def test_talk_and_hold_fill_the_time_an_agent_was_on_the_line(story: Story) -> None:
    joined = [call for call in story.attempts if call.joined_at is not None]
    assert all(call.ended_at - (call.joined_at or 0) == (call.talk_ms or 0) + (call.hold_ms or 0) for call in joined)
    assert all((call.dead_ms or 0) <= (call.talk_ms or 0) for call in joined)
    assert all(call.handled == "agent" and call.agent for call in joined)


def test_only_a_person_who_was_reached_buys_or_refuses(story: Story) -> None:
    for call in story.attempts:
        if call.result != "none":
            assert (call.party, call.answered_by, call.handled) == ("right_party", "human", "agent")
        if call.handled in {"abandoned_by_us", "abandoned_by_callee"}:
            assert (call.network_result, call.agent) == ("answered", None)


def test_nobody_is_called_after_their_lead_was_closed(floors: list[Story]) -> None:
    for call in (call for floor in floors for call in floor.attempts):
        assert call.lead.closed_at is None or call.dialed_at < call.lead.closed_at


def test_only_who_was_promised_a_call_is_tried_more_than_seven_times(floors: list[Story]) -> None:
    for floor in floors:
        promised = {one.lead.external_id for one in floor.follow_ups if one.channel == "call"}
        often = {call.lead.external_id for call in floor.attempts if call.ordinal > MOST_TRIES}
        assert often <= promised


def test_nobody_is_called_before_their_lead_arrived_or_at_night_over_there(floors: list[Story]) -> None:
    for call in (call for floor in floors for call in floor.attempts):
        assert call.dialed_at > call.lead.received_at
        assert 9 <= hour_there(call.dialed_at, call.lead.zone) < 20.6
        assert local(call.dialed_at, call.lead.zone).weekday() < 5


def test_one_lead_is_called_by_one_line_at_a_time_and_every_try_is_counted(story: Story) -> None:
    of_lead = defaultdict[str, list[Attempt]](list)
    for call in story.attempts:
        of_lead[call.lead.external_id].append(call)
    for calls in of_lead.values():
        assert [call.ordinal for call in calls] == list(range(1, len(calls) + 1))
        assert all(before.ended_at <= after.dialed_at for before, after in pairwise(calls))


def test_an_agent_does_one_thing_at_a_time_without_gaps(floors: list[Story]) -> None:
    for floor in floors:
        of_agent = defaultdict[str, list[tuple[int, int | None, str]]](list)
        for state in floor.states:
            of_agent[state.agent].append((state.from_at, state.to_at, state.state))
        assert len(of_agent) == len(AGENTS)
        for states in of_agent.values():
            assert all(to_at == after[0] for (_, to_at, _), after in pairwise(states))
            assert all(from_at < (to_at or floor.until + 1) for from_at, to_at, _ in states)
            assert all(state != after[2] for (_, _, state), after in pairwise(states))
            assert states[-1][1] is None or states[-1][1] <= floor.until


def test_an_agent_is_talking_exactly_while_on_a_call(story: Story) -> None:
    spans = defaultdict[str, list[tuple[int, int, str]]](list)
    for state in story.states:
        spans[state.agent].append((state.from_at, state.to_at or story.until, state.state))
    on_calls = Counter[str]()
    for call in story.attempts:
        if call.agent and call.joined_at is not None:
            on_calls[call.agent] += max(0, min(call.ended_at, story.until) - call.joined_at)
            inside = [s for a, b, s in spans[call.agent] if a < min(call.ended_at, story.until) and b > call.joined_at]
            assert set(inside) <= {"talking", "holding"}, call.external_id
    for agent, states in spans.items():
        assert on_calls[agent] == sum(b - a for a, b, state in states if state in {"talking", "holding"})


def test_every_time_that_is_sent_lies_in_the_past_except_plans(mail: Mail, story: Story) -> None:
    now = wire_time(story.until)
    for resource, items in mail.items.items():
        late = [
            (name, value)
            for item in items
            for name, value in item.items()
            if name.endswith("_at") and name not in SOON and str(value) > now
        ]
        # Only the items that are refused for it: the year that was typed wrong, the hand-made appointment.
        assert len(late) <= mail.unusable.get(resource, 0), (resource, late)


def test_every_number_is_reserved_for_fiction(mail: Mail) -> None:
    # +1 NPA 555 01xx, and the British ranges for drama; digits only, with or without the country's own code.
    fiction = re.compile(
        r"(\+?1)?\d{3}55501\d\d|(\+44|0)(207946|113496|117496|121496|131496|141496|151496|161496)0\d{3}"
    )
    numbers = {str(item[name]) for items in mail.items.values() for item in items
               for name in ("to_number", "from_number", "phone_number", "phone") if name in item}  # fmt: skip
    numbers |= {setting.path.split("/")[3].replace("%2B", "+") for setting in mail.settings
                if setting.path.startswith("/v1/tracking-numbers/")}  # fmt: skip
    spreadsheet = {"2.125550198"}
    assert len(numbers) > 1_000
    for number in numbers - spreadsheet:
        assert fiction.fullmatch(re.sub(r"[^\d+]", "", number)), number


def test_a_customers_zone_is_the_one_their_number_says(story: Story) -> None:
    for lead in story.leads:
        number = phonenumbers.parse(lead.phone_number)
        assert phonenumbers.is_valid_number(number)
        assert lead.zone in timezone.time_zones_for_number(number)
    assert not {lead.phone_number for lead in story.leads} & {shown.number for shown in CALLER_IDS}


def test_no_two_leads_share_a_number_while_numbers_last(story: Story) -> None:
    assert len({lead.phone_number for lead in story.leads}) == len(story.leads)


def test_the_caller_id_belongs_to_the_leads_source_at_the_moment_of_the_call(story: Story) -> None:
    shown = {caller_id.number: caller_id for caller_id in CALLER_IDS}
    for call in story.attempts:
        owner = owner_at(shown[call.from_number], call.dialed_at, story.handover)
        assert owner in {None, call.lead.source}
        assert call.said_source in {None, call.lead.source}


def test_exactly_the_planned_items_are_refused(mail: Mail) -> None:
    sender = Sender(dialer="any", region="US", regions={}, now=NOW)
    for path, items in mail.items.items():
        entries = [read_item(RESOURCES[path], index, item, sender) for index, item in enumerate(items)]
        refused = [entry.problem for entry in entries if entry.problem]
        assert len(refused) == mail.unusable.get(path, 0), (path, refused)
        assert all(len(problem["errors"]) == 1 for problem in refused)


# What there is to see ------------------------------------------------------------------------------------------


def test_leads_arrive_round_the_clock_and_on_some_hours_more(floors: list[Story]) -> None:
    by_hour = Counter(
        int(hour_there(lead.received_at, lead.campaign.zone))
        for floor in floors
        for lead in floor.leads
        if lead.source in {"search", "comparison"}
    )
    assert set(by_hour) == set(range(24))
    assert by_hour[19] > 3 * by_hour[4]


def test_some_leads_are_called_at_once_some_after_days_and_some_never(floors: list[Story]) -> None:
    for floor in floors:
        first = {call.lead.external_id: call for call in reversed(floor.attempts)}
        waits = sorted((call.dialed_at - call.lead.received_at) / HOUR for call in first.values())
        assert waits[0] < 0.1
        assert waits[len(waits) // 2] < 12
        assert waits[-1] > 24
        assert 0.02 < sum(lead.external_id not in first for lead in floor.leads) / len(floor.leads) < 0.25


def test_a_phone_that_stays_silent_is_tried_again_with_less_and_less_luck(floors: list[Story]) -> None:
    of_try = rates([call for floor in floors for call in floor.attempts], lambda call: call.ordinal)
    assert set(of_try) >= set(range(1, MOST_TRIES + 1))
    assert of_try[1] > 1.3 * of_try[4] > 1.3 * of_try[7]


def test_people_pick_up_after_work_more_often_than_in_the_morning(floors: list[Story]) -> None:
    calls = [call for floor in floors for call in floor.attempts if call.lead.campaign.code == "solar-us"]
    by_part = rates(calls, lambda call: "evening" if hour_there(call.dialed_at, call.lead.zone) >= 16 else "day")
    assert by_part["evening"] > 1.1 * by_part["day"]


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        ("network_result", "answered no_answer busy rejected invalid_number network_failure blocked cancelled"),
        ("answered_by", "human machine fax_or_tone"),
        ("party", "right_party wrong_party gatekeeper unknown"),
        ("handled", "agent abandoned_by_us abandoned_by_callee none"),
        (
            "result",
            "sale appointment qualified interested callback_requested not_interested not_qualified do_not_call none",
        ),
    ],
)
def test_every_outcome_occurs(floors: list[Story], axis: str, values: str) -> None:
    seen = {getattr(call, axis) for floor in floors for call in floor.attempts} - {None}
    assert seen == set(values.split())


def test_machine_detection_is_sometimes_wrong_and_corrected_by_the_agent(story: Story, mail: Mail) -> None:
    wrong = [call for call in story.attempts if call.handled == "agent" and call.detected != call.answered_by]
    assert {(call.detected, call.answered_by) for call in wrong} == {("machine", "human"), ("human", "machine")}
    heard = defaultdict[str, set[tuple[object, object]]](set)
    for item in mail.items["attempts"]:
        if "answered_by" in item:
            heard[str(item["external_id"])].add((item["detector"], item["answered_by"]))
    assert any({("amd", "machine"), ("agent", "human")} <= said for said in heard.values())


def test_a_second_person_who_answers_the_parallel_dialer_meets_nobody(floors: list[Story]) -> None:
    for floor in floors:
        dropped = [call for call in floor.attempts if call.handled == "abandoned_by_us"]
        assert dropped
        assert {call.lead.campaign.code for call in dropped} == {"solar-us"}
        assert all(call.ended_at - (call.answered_at or 0) >= 2_000 for call in dropped)


def test_conversations_have_a_long_tail(floors: list[Story]) -> None:
    talks = sorted(call.talk_ms or 0 for floor in floors for call in floor.attempts if call.party == "right_party")
    median, mean = talks[len(talks) // 2], sum(talks) / len(talks)
    assert 50_000 < median < 110_000
    assert mean > 1.2 * median
    assert talks[-1] > 8 * median


def test_promises_are_kept_late_or_broken(floors: list[Story]) -> None:
    promises = [(one, floor.until) for floor in floors for one in floor.follow_ups if one.channel == "call"]
    due = [one for one, until in promises if one.due_at is not None and one.due_at < until - HOUR]
    kept = sum(one.done_at is not None and one.done_at - (one.due_at or 0) <= HOUR / 4 for one in due)
    late = sum(one.done_at is not None and one.done_at - (one.due_at or 0) > HOUR for one in due)
    assert min(kept, late, sum(one.done_at is None for one in due)) >= 3
    assert {one.channel for floor in floors for one in floor.follow_ups} == {"call", "email", "sms"}
    assert any(one.automated for floor in floors for one in floor.follow_ups)


def test_appointments_are_moved_held_missed_and_cancelled(floors: list[Story]) -> None:
    mails = [send(floor) for floor in floors]
    seen = {item["status"] for mail in mails for item in mail.items["appointments"]} - {"done"}
    assert seen == {"set", "rescheduled", "held", "no_show", "cancelled_by_them", "cancelled_by_us"}


def test_deals_are_won_and_lost_hours_and_days_after_the_call(floors: list[Story]) -> None:
    changes = [one for floor in floors for one in floor.stage_changes if one.changed_at <= floor.until]
    assert {one.stage for one in changes} == {"contacted", "qualified", "opportunity", "proposal", "won", "lost"}
    won = [one for one in changes if one.stage == "won"]
    assert all(one.amount and one.gross_profit and 0 < one.gross_profit < one.amount for one in won)
    assert {one.lead.campaign.currency for one in won} == {"USD", "GBP"}
    qualified = {(id(one.lead)): one.changed_at for one in changes if one.stage == "qualified"}
    assert max(one.changed_at - qualified[id(one.lead)] for one in won) > 24 * HOUR


def test_the_portal_looks_worse_than_lists_but_is_better_in_every_campaign(floors: list[Story]) -> None:
    calls = [call for floor in floors for call in floor.attempts]
    overall = rates(calls, lambda call: call.lead.source)
    inside = rates(calls, lambda call: (call.lead.campaign.code, call.lead.source))
    assert overall["comparison"] < overall["list"]
    for campaign in ("solar-us", "battery-us", "heatpump-gb"):
        assert inside[campaign, "comparison"] > inside[campaign, "list"], campaign


def test_every_source_but_referrals_costs_money_every_day(story: Story, mail: Mail) -> None:
    paid = {(item["source"], item["from_on"]) for item in mail.items["spend"]}
    assert {source for source, _ in paid} == {"search", "comparison", "list"}
    for day in working_days(story.until, "America/New_York", 4):
        assert ("search", day.isoformat()) in paid
    assert {item["currency"] for item in mail.items["spend"]} == {"USD", "GBP"}


def test_a_tracking_number_changes_hands_in_the_middle_of_the_days(story: Story, mail: Mail) -> None:
    owners = defaultdict[str, list[dict[str, object]]](list)
    for setting in mail.settings:
        if setting.path.endswith("/assignments"):
            owners[setting.path].append(setting.body)
    changed = [bodies for bodies in owners.values() if len(bodies) == 2]
    assert len(changed) == 2
    for before, after in changed:
        assert before["to_at"] == after["from_at"]
        assert before["source"] != after["source"]
    number = next(one.number for one in CALLER_IDS if one.source != one.source_later and one.campaign == "solar-us")
    sources = {(call.lead.source, call.dialed_at < story.handover) for call in story.attempts
               if call.from_number == number}  # fmt: skip
    assert sources == {("list", True), ("comparison", False)}


def test_dispositions_come_late_corrected_or_never(story: Story, mail: Mail) -> None:
    codes = defaultdict[str, list[str]](list)
    for note in story.dispositions:
        codes[note.attempt.external_id].append(note.code)
    assert sum(len(found) == 2 for found in codes.values()) >= 3
    assert any(note.arrives_at - note.set_at > HOUR for note in story.dispositions)
    undisposed = [call for call in story.attempts if call.external_id not in codes]
    assert 20 < len(undisposed) < 150
    assert all(call.agent for call in undisposed)
    assert any("disposition" in item for item in mail.items["attempts"])


def test_every_configured_code_is_used(floors: list[Story]) -> None:
    used = {note.code for floor in floors for note in floor.dispositions}
    assert used == {code.code for code in CODES} | {UNTOLD_CODE}


def test_some_codes_are_used_that_nobody_configured(mail: Mail) -> None:
    known = {setting.path.rsplit("/", 1)[1] for setting in mail.settings}
    assert UNTOLD_CODE not in {code.code for code in CODES}
    used = {str(item.get("code")) for item in mail.items["dispositions"]} - {"None"}
    assert used - known == {UNTOLD_CODE}
    assert {str(item["campaign"]) for item in mail.items["attempts"]} - known == {"battery-winback"}
    assert {str(item["agent"]) for item in mail.items["agent-states"]} - known == {"temp-14"}
    assert not CAMPAIGNS["battery-winback"].configured


def test_attempts_arrive_in_pieces_twice_and_out_of_order(mail: Mail) -> None:
    items = mail.items["attempts"]
    texts = Counter(json.dumps(item, sort_keys=True) for item in items)
    assert sum(count > 1 for count in texts.values()) > 50
    told = Counter(str(item["external_id"]) for item in items)
    assert sum(count > 1 for count in told.values()) > 800
    seen = defaultdict[str, list[str]](list)
    for item in items:
        seen[str(item["external_id"])].append(str(item.get("observed_at")))
    assert sum(times != sorted(times) for times in seen.values()) > 20


def test_some_calls_have_no_end_yet(mail: Mail) -> None:
    ended = {item["external_id"] for item in mail.items["attempts"] if "ended_at" in item}
    still_open = {item["external_id"] for item in mail.items["attempts"]} - ended - {"skewed-1", "skewed-3"}
    assert 0 < len(still_open) < 40


def test_test_leads_are_called_and_marked(mail: Mail) -> None:
    marked = {item["external_id"] for item in mail.items["leads"] if item.get("test")}
    assert len(marked) == 2
    calls = [item for item in mail.items["attempts"] if item.get("test")]
    assert {item["lead"] for item in calls} <= marked
    assert calls


# Its parts -----------------------------------------------------------------------------------------------------


def test_working_days_leave_out_weekends() -> None:
    monday = instant_of(datetime(2026, 3, 16, 15, 0, tzinfo=UTC))
    assert [day.isoformat() for day in working_days(monday, "Europe/London", 3)] == [
        "2026-03-12",
        "2026-03-13",
        "2026-03-16",
    ]


def test_a_wall_clock_hour_is_another_instant_after_the_clocks_changed() -> None:
    friday, monday = datetime(2026, 3, 6, tzinfo=UTC).date(), datetime(2026, 3, 9, tzinfo=UTC).date()
    assert wire_time(at_hour(friday, 9.5, "America/New_York")) == "2026-03-06T14:30:00.000Z"
    assert wire_time(at_hour(monday, 9.5, "America/New_York")) == "2026-03-09T13:30:00.000Z"


def test_people_may_be_called_on_working_days_between_nine_and_eight_over_there() -> None:
    def opening(text: str) -> str:
        return wire_time(next_opening("America/New_York", instant_of(datetime.fromisoformat(text))))

    assert opening("2026-03-11T10:00:00-04:00") == "2026-03-11T14:00:00.000Z"
    assert opening("2026-03-11T07:00:00-04:00") == "2026-03-11T13:00:00.000Z"
    assert opening("2026-03-11T21:00:00-04:00") == "2026-03-12T13:00:00.000Z"
    assert opening("2026-03-13T20:00:00-04:00") == "2026-03-16T13:00:00.000Z"  # Friday evening: Monday


def test_the_worklist_gives_callbacks_first_then_the_newest_lead_then_retries(story: Story) -> None:
    old, new, again, promised = story.leads[:4]
    noon = at_hour(datetime(2026, 3, 11, tzinfo=UTC).date(), 12, "America/New_York")
    for lead, received in ((old, 1), (new, 2), (again, 3), (promised, 4)):
        assert lead.received_at > received
    worklist = Worklist()
    worklist.put(again, 3, 2)
    worklist.put(old, 1, 1)
    worklist.put(new, 2, 1)
    worklist.put(promised, 4, 0)
    newest, older = sorted((old, new), key=lambda lead: -lead.received_at)
    open_now = [lead for lead in (promised, newest, older, again) if next_opening(lead.zone, noon) == noon]
    taken = iter(lambda: worklist.take(noon), None)
    assert [lead.external_id for lead in taken if lead] == [lead.external_id for lead in open_now]


def test_the_directory_begins_again_only_when_every_number_is_used() -> None:
    directory = Directory(Random(7))
    numbers = [directory.next("GB")[0] for _ in range(8 * 900 + 1)]
    assert len(set(numbers)) == 8 * 900
    assert numbers[-1] == numbers[0]
