"""What may be told of a small floor: every kind of fact, again and again of the same few things, in any order.

Few calls, leads and people, so that most of what is told corrects something; moments on the edges of days and
milliseconds, so that rows move between the lake's files.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from reports.model.vocabulary import (
    AGENT_STATES,
    ANSWERED_BY,
    APPOINTMENT_STATUSES,
    CHANNELS,
    DISPUTES,
    HANDLED,
    INBOUND_OUTCOMES,
    NETWORK_RESULTS,
    PLANNED_ACTIVITIES,
    STAGES,
    SURVEY_KINDS,
)
from service.ingest.configuration import AGENT, CAMPAIGN, DISPOSITION_CODE, SOURCE, TRACKING_NUMBER
from service.ingest.lead_attributes import attribute_of
from service.ingest.resources import Resource
from service.ingest.resources.agent_states import RESOURCE as AGENT_STATE
from service.ingest.resources.appointments import RESOURCE as APPOINTMENT
from service.ingest.resources.attempts import RESOURCE as ATTEMPT
from service.ingest.resources.cases import RESOURCE as CASE
from service.ingest.resources.customers import RESOURCE as CUSTOMER
from service.ingest.resources.dispositions import RESOURCE as DISPOSITION
from service.ingest.resources.evaluations import RESOURCE as EVALUATION
from service.ingest.resources.follow_ups import RESOURCE as FOLLOW_UP
from service.ingest.resources.form_items import RESOURCE as FORM_ITEM
from service.ingest.resources.inbound_calls import RESOURCE as INBOUND_CALL
from service.ingest.resources.leads import RESOURCE as LEAD
from service.ingest.resources.running_costs import RESOURCE as RUNNING_COST
from service.ingest.resources.schedules import RESOURCE as SCHEDULE
from service.ingest.resources.shared_calls import RESOURCE as SHARED_CALL
from service.ingest.resources.spend import RESOURCE as SPEND
from service.ingest.resources.staff import RESOURCE as EMPLOYMENT
from service.ingest.resources.stage_changes import RESOURCE as STAGE_CHANGE
from service.ingest.resources.surveys import RESOURCE as SURVEY
from tests.metrics.floor import FIRST

Item = dict[str, Any]
SentItem = tuple[Resource, Item]

LINES = [f"+1415555010{n}" for n in range(3)]
PEOPLE = [f"+1415555020{n}" for n in range(5)]
AGENTS, SOURCES = ["ada", "ada.x", "bo", "cy"], ["web", "www", "fair", "radio"]
CAMPAIGNS, TEAMS = ["spring", "SPRING", "summer"], ["north", "south"]
CODES = {
    "sale": "sale",
    "met": "appointment",
    "fit": "qualified",
    "later": "callback_requested",
    "no": "not_interested",
    "never": "do_not_call",
    "nix": "unmapped",
}
SIZES = ["small", "small", "large", "odd"]
DAYS = 16
# When senders knew what they say: later than everything it is about.
_KNOWN = datetime.fromisoformat("2026-06-01T00:00:00+00:00")


class Teller:
    """Tells things at random. family: whose calls, leads and other things they are; step: the later, the newer."""

    def __init__(self, random: Random, family: str, step: int) -> None:
        self.random = random
        self.family = family
        self.step = step

    def batch(self) -> list[SentItem]:
        """Some observations of any kind."""
        return [self.anything() for _ in range(self.random.choice([1, 4, 10, 20]))]

    def anything(self) -> SentItem:
        """An observation of some kind."""
        kinds: list[Callable[[], SentItem]] = [
            *[self.call] * 4,
            *[self.lead] * 3,
            *[self.outcome] * 2,
            self.appointment,
            self.follow_up,
            self.stage_change,
            self.spend,
            self.agent_state,
            self.inbound_call,
            self.case,
            self.of_people,
            self.survey,
            self.form_item,
            *[self.evaluation] * 2,
            self.shared_call,
        ]
        resource, item = self.random.choice(kinds)()
        return resource, {name: value for name, value in item.items() if value is not None}

    def call(self) -> SentItem:
        """An attempt, or what is known of it by now."""
        dialed_at = self.moment()
        fields = {
            "external_id": self.name("call", 16),
            "dialer": self.random.choice(["main", "other"]),
            "campaign": self.random.choice(CAMPAIGNS),
            "dialed_at": _text(dialed_at),
            "agent": self.maybe(AGENTS),
            "lead": self.maybe([self.name("lead", 8)], 0.8),
            "source": self.maybe(SOURCES, 0.2),
            "to_number": self.maybe([*PEOPLE, "anonymous"]),
            "from_number": self.maybe([*LINES, *LINES, PEOPLE[0]]),
            "answered_at": self.maybe([_text(dialed_at + timedelta(seconds=9))], 0.3),
            "agent_joined_at": self.maybe([_text(dialed_at + timedelta(seconds=n)) for n in (9, 12)], 0.2),
            "ended_at": self.maybe([_text(dialed_at + timedelta(seconds=n)) for n in (200, 300)], 0.7),
            "talk_seconds": self.maybe([0, 0.001, 59.999, 60, 151.5]),
            "wrap_seconds": self.maybe([0, 12.5]),
            "network_result": self.maybe(NETWORK_RESULTS),
            "answered_by": self.maybe(ANSWERED_BY),
            "handled": self.maybe(HANDLED, 0.4),
            "test": self.maybe([True, False], 0.1),
            "observed_at": self.known(),
        }
        return ATTEMPT, fields | ({"disposition": self.observation(dialed_at)} if self.random.random() < 0.5 else {})

    def inbound_call(self) -> SentItem:
        """A call from somebody, or what is known of it by now."""
        arrived_at = self.moment()
        queued_at, left_at = (_text(arrived_at + timedelta(seconds=seconds)) for seconds in (5, 40))
        return INBOUND_CALL, {
            "external_id": self.name("caller", 10),
            "dialer": self.random.choice(["main", "other"]),
            "campaign": self.maybe(CAMPAIGNS),
            "arrived_at": _text(arrived_at),
            "agent": self.maybe(AGENTS),
            "lead": self.maybe([self.name("lead", 8)], 0.3),
            "from_number": self.maybe([*PEOPLE, "anonymous"]),
            "to_number": self.maybe(LINES),
            "queue": self.maybe(["billing", "sales"]),
            "topic": self.maybe(["invoice", "price"]),
            "queue_seconds": self.maybe([0, 3.5, 20, 90]),
            "segments": self.maybe([[{"queue": "billing", "queued_at": queued_at, "left_at": left_at}]], 0.3),
            "offers": self.maybe([[{"agent": "bo", "from_at": queued_at, "answered": True}]], 0.3),
            "ended_at": self.maybe([_text(arrived_at + timedelta(seconds=300))]),
            "talk_seconds": self.maybe([0, 59.999, 151.5], 0.4),
            "wrap_seconds": self.maybe([12.5], 0.3),
            "outcome": self.maybe(INBOUND_OUTCOMES),
            "case": self.maybe([self.name("case", 5)], 0.3),
            "test": self.maybe([True, False], 0.1),
            "observed_at": self.known(),
        }

    def case(self) -> SentItem:
        """A case, or what became of it."""
        opened_at = self.moment()
        later = [_text(opened_at + timedelta(hours=hours)) for hours in (1, 30)]
        return CASE, {
            "external_id": self.name("case", 5),
            "lead": self.maybe([self.name("lead", 8)]),
            "agent": self.maybe(AGENTS),
            "queue": self.maybe(["billing", "sales"]),
            "topic": self.maybe(["invoice", "price"]),
            "opened_at": _text(opened_at),
            "resolved_at": self.maybe(later),
            "reopened_at": self.maybe(later, 0.2),
            "escalated_at": self.maybe(later, 0.2),
            "calls": self.maybe([[{"dialer": "main", "external_id": self.name("caller", 10)}]], 0.5),
            "observed_at": self.known(),
        }

    def observation(self, after: datetime) -> Item:
        """What somebody says came of a call, at once or days later."""
        set_at = after + timedelta(minutes=self.random.choice([6, 6, 3_000]))
        fields = {
            "code": self.random.choice(list(CODES)),
            "set_at": _text(set_at),
            "agent": self.maybe(AGENTS, 0.4),
            "callback_at": self.maybe([_text(set_at + timedelta(hours=20))], 0.3),
            "note": self.maybe(["call back"], 0.2),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def outcome(self) -> SentItem:
        """The same, on its own: also of a call that nobody has told of yet."""
        call = {"attempt": self.name("call", 16), "dialer": self.random.choice(["main", "other"])}
        return DISPOSITION, call | self.observation(self.moment())

    def lead(self) -> SentItem:
        """A lead: somebody new, somebody who asks again, or something else about one that is known."""
        received_at = self.moment()
        return LEAD, {
            "external_id": self.name("lead", 8),
            "received_at": _text(received_at),
            "source": self.maybe(SOURCES),
            "campaign": self.maybe(CAMPAIGNS),
            "phone_number": self.maybe([*PEOPLE, "unknown"], 0.8),
            "owner": self.maybe(AGENTS),
            "assigned_at": self.maybe([_text(received_at + timedelta(minutes=n)) for n in (0, 45)]),
            "closed_at": self.maybe([_text(received_at + timedelta(days=1))], 0.2),
            "attributes": self.maybe([{"size": size} for size in SIZES], 0.6),
            "test": self.maybe([True, False], 0.1),
            "observed_at": self.known(),
        }

    def appointment(self) -> SentItem:
        """An appointment, or what became of it."""
        set_at = self.moment()
        attempt = self.maybe([self.name("call", 16)], 0.7)
        return APPOINTMENT, {
            "external_id": self.name("meeting", 6),
            "lead": self.name("lead", 8),
            "dialer": attempt and self.random.choice(["main", "other"]),
            "attempt": attempt,
            "agent": self.maybe(AGENTS, 0.4),
            "set_at": _text(set_at),
            "scheduled_at": _text(set_at + timedelta(days=self.random.choice([0, 1, 3]))),
            "status": self.random.choice(APPOINTMENT_STATUSES),
            "status_at": _text(self.moment()),
            "observed_at": self.known(),
        }

    def follow_up(self) -> SentItem:
        """A task: due some day, or done some day, or both."""
        due_at, done_at = self.random.choice([(True, True), (True, False), (False, True)])
        return FOLLOW_UP, {
            "external_id": self.name("task", 8),
            "lead": self.name("lead", 8),
            "agent": self.maybe(AGENTS),
            "channel": self.random.choice(["call", "call", *CHANNELS]),
            "due_at": _text(self.moment()) if due_at else None,
            "done_at": _text(self.moment()) if done_at else None,
            "automated": self.maybe([True, False], 0.2),
            "observed_at": self.known(),
        }

    def stage_change(self) -> SentItem:
        """A deal that moves, or moved another day than was said."""
        return STAGE_CHANGE, {
            "external_id": self.name("move", 12),
            "opportunity": self.name("deal", 4),
            "lead": self.name("lead", 8),
            "stage": self.random.choice(STAGES),
            "changed_at": _text(self.moment()),
            "amount": self.random.choice([1_200, 17_500.5, 0.01]),
            "gross_profit": self.maybe([300, -20]),
            "currency": self.random.choice(["USD", "USD", "EUR"]),
            "observed_at": self.known(),
        }

    def spend(self) -> SentItem:
        """A cost of a day or some."""
        from_on = (FIRST + timedelta(days=self.random.randrange(-2, DAYS))).date()
        return SPEND, {
            "external_id": self.name("bill", 5),
            "source": self.random.choice(SOURCES),
            "campaign": self.maybe(CAMPAIGNS, 0.4),
            "tracking_number": self.maybe(LINES, 0.3),
            "from_on": from_on.isoformat(),
            "to_on": (from_on + timedelta(days=self.random.choice([0, 0, 1, 6]))).isoformat(),
            "amount": self.random.choice([100, 0.07, 33.33]),
            "currency": self.random.choice(["USD", "USD", "EUR"]),
            "observed_at": self.known(),
        }

    def agent_state(self) -> SentItem:
        """What an agent does, till when if that is known yet."""
        hour = FIRST + timedelta(hours=self.random.randrange(DAYS * 24))
        return AGENT_STATE, {
            "agent": self.agent_alone(),
            "state": self.random.choice(AGENT_STATES),
            "reason": self.maybe(["lunch"], 0.2),
            "from_at": _text(hour),
            "to_at": self.maybe([_text(hour + timedelta(minutes=n)) for n in (1, 50, 1_500)], 0.7),
            "observed_at": self.known(),
        }

    def of_people(self) -> SentItem:
        """A plan, an employment, a running cost or a contract."""
        return self.random.choice([self.plan, self.employment, self.running_cost, self.contract])()

    def plan(self) -> SentItem:
        """What an agent is to do, for an hour or some."""
        hour = FIRST + timedelta(hours=self.random.randrange(DAYS * 24))
        return SCHEDULE, {
            "agent": self.agent_alone(),
            "activity": self.random.choice(PLANNED_ACTIVITIES),
            "from_at": _text(hour),
            "to_at": _text(hour + timedelta(minutes=self.random.choice([1, 60, 500]))),
            "observed_at": self.known(),
        }

    def employment(self) -> SentItem:
        """An employment, or its end."""
        first, last = self.days()
        return EMPLOYMENT, {
            "external_id": self.name("hr", 6),
            "agent": self.random.choice(AGENTS),
            "team": self.maybe(TEAMS),
            "joined_on": first,
            "left_on": self.maybe([last]),
            "voluntary": self.maybe([True, False]),
            "observed_at": self.known(),
        }

    def running_cost(self) -> SentItem:
        """A cost of a team or of all."""
        first, last = self.days()
        return RUNNING_COST, {
            "external_id": self.name("rent", 4),
            "team": self.maybe(TEAMS),
            "from_on": first,
            "to_on": last,
            "amount": self.random.choice([100, 0.07, 33.33]),
            "currency": self.random.choice(["USD", "USD", "EUR"]),
            "observed_at": self.known(),
        }

    def contract(self) -> SentItem:
        """A contract or a sale of a customer."""
        first, last = self.days()
        return CUSTOMER, {
            "external_id": self.name("contract", 6),
            "customer": self.maybe([self.name("customer", 2)], 0.4),
            "lead": self.maybe([self.name("lead", 8)]),
            "since_on": first,
            "until_on": self.maybe([last]),
            "value": self.random.choice([29, 0.01, 310]),
            "gross_profit": self.maybe([12, -3]),
            "value_per": self.random.choice(["month", "sale"]),
            "currency": self.random.choice(["USD", "USD", "EUR"]),
            "observed_at": self.known(),
        }

    def days(self) -> tuple[str, str]:
        """The first and the last of some days."""
        first = (FIRST + timedelta(days=self.random.randrange(-40, DAYS))).date()
        return first.isoformat(), (first + timedelta(days=self.random.choice([0, 1, 6, 40]))).isoformat()

    def survey(self) -> SentItem:
        """A survey: asked, answered, or answered in another way than was said."""
        asked_at = self.moment()
        answered = self.random.random() < 0.7
        call = self.maybe([self.name("call", 16)], 0.7)
        return SURVEY, {
            "external_id": self.name("survey", 8),
            "kind": self.random.choice(SURVEY_KINDS),
            "asked_at": _text(asked_at),
            "answered_at": _text(asked_at + timedelta(hours=self.random.choice([0, 30]))) if answered else None,
            "score": self.random.choice([1, 4, 4.5, 5]) if answered else None,
            "delivered": self.maybe([True, False], 0.2),
            "comment": self.maybe(["thank you"], 0.2),
            "dialer": call and self.random.choice(["main", "other"]),
            "call": call,
            "lead": self.maybe([self.name("lead", 8)], 0.3),
            "agent": self.maybe(AGENTS, 0.4),
            "observed_at": self.known(),
        }

    def form_item(self) -> SentItem:
        """An item of the form, or another weight of it."""
        return FORM_ITEM, {
            "form": f"sales{self.family}",
            "item": self.random.choice(["greeting", "offer"]),
            "section": self.maybe(["courtesy"]),
            "weight": self.random.choice([1, 2.5]),
            "max_points": 5,
            "script": self.random.choice([True, False]),
            "auto_fail": self.random.choice([True, False]),
            "observed_at": self.known(),
        }

    def evaluation(self) -> SentItem:
        """An evaluation with points for some items, alone or in a session, sometimes disputed."""
        evaluated_at = self.moment()
        dispute = self.maybe(DISPUTES, 0.3)
        points = {item: self.random.choice([0, 3, 5]) for item in ("greeting", "offer") if self.random.random() < 0.7}
        return EVALUATION, {
            "external_id": self.name("evaluation", 8),
            "form": f"sales{self.family}",
            "evaluated_at": _text(evaluated_at),
            "evaluator": self.random.choice(["quinn", "rae"]),
            "dialer": self.random.choice(["main", "other"]),
            "call": self.name("call", 4),
            "agent": self.maybe(AGENTS, 0.4),
            "session": self.maybe(["march"], 0.5),
            "points": points,
            "dispute": dispute,
            "dispute_at": dispute and _text(evaluated_at + timedelta(hours=1)),
            "observed_at": self.known(),
        }

    def shared_call(self) -> SentItem:
        """A call shared with a team, sometimes withdrawn."""
        shared_at = self.moment()
        return SHARED_CALL, {
            "external_id": self.name("coaching", 6),
            "dialer": self.random.choice(["main", "other"]),
            "call": self.name("call", 4),
            "team": self.random.choice(["north", "south"]),
            "manager": self.random.choice(["quinn", "rae"]),
            "note": self.maybe(["listen to the close"], 0.4),
            "shared_at": _text(shared_at),
            "withdrawn_at": self.maybe([_text(shared_at + timedelta(hours=30))], 0.3),
            "observed_at": self.known(),
        }

    def maybe(self, values: Iterable[Any], share: float = 0.6) -> Any:
        """One of the values, or nothing."""
        return self.random.choice(list(values)) if self.random.random() < share else None

    def agent_alone(self) -> str:
        """An agent; in a family one of its own, since what an agent does and plans is known by the agent."""
        return self.name("ada", 1) if self.family else self.random.choice(AGENTS)

    def name(self, kind: str, count: int) -> str:
        """One of so many things of a kind."""
        return f"{kind}-{self.family}{self.random.randrange(count)}"

    def known(self) -> str:
        """When the sender knew: now, or before what was told since."""
        return _text(_KNOWN + timedelta(seconds=self.step - self.random.choice([0, 0, 0, 10_000])))

    def moment(self) -> datetime:
        """A moment of some days, often on the edge of one, and seldom a full millisecond."""
        hours = self.random.choice([0, 24, 192, self.random.randrange(DAYS * 24)])
        off = self.random.choice([-1, 0, 1, 500, 999, self.random.randrange(10**9)])
        return FIRST + timedelta(hours=hours, microseconds=off)


def configuration(random: Random) -> SentItem:
    """How one code reads, or what it stands for, put anew."""
    match random.randrange(4):
        case 0:
            code = random.choice(AGENTS)
            put, fields = AGENT, {"team": random.choice([None, *TEAMS]), "merged_into": _into(random, code, AGENTS)}
        case 1:
            code = random.choice(SOURCES)
            put, fields = SOURCE, {"merged_into": _into(random, code, SOURCES)}
        case 2:
            code = random.choice(CAMPAIGNS)
            fields = {"source": random.choice([None, *SOURCES]), "merged_into": _into(random, code, CAMPAIGNS)}
            put, fields = CAMPAIGN, fields | {"starts_on": random.choice([None, "2026-02-27", "2026-03-29"])}
        case _:
            code = random.choice(list(CODES))
            axes = {"party": random.choice([None, "right_party", "gatekeeper"])}
            axes |= {"answered_by": random.choice([None, "human", "machine"])}
            put, fields = DISPOSITION_CODE, axes | {"result": random.choice([CODES[code], *CODES.values()])}
    return put.resource(code, confirmed=True), {name: value for name, value in fields.items() if value is not None}


def everything_named() -> list[SentItem]:
    """Every code and line there is, as it is configured in the beginning."""
    items: list[SentItem] = [
        *((SOURCE.resource(code, confirmed=True), {}) for code in SOURCES),
        *((CAMPAIGN.resource(code, confirmed=True), {}) for code in CAMPAIGNS),
        *((AGENT.resource(code, confirmed=True), {"team": TEAMS[0]}) for code in [*AGENTS, "ada-a0", "ada-b0"]),
        *((DISPOSITION_CODE.resource(code, confirmed=True), {"result": result}) for code, result in CODES.items()),
        # Its name is in its address, not in its form.
        (replace(attribute_of("size"), identity="title"), {"values": ["small", "large"], "fewest_leads": 2}),
        *((TRACKING_NUMBER.resource(line, confirmed=True), {}) for line in LINES),
    ]
    return items


def _into(random: Random, code: str, codes: list[str]) -> str | None:
    return random.choice([None, None, *(other for other in codes if other != code)])


def _text(moment: datetime) -> str:
    return moment.isoformat()
