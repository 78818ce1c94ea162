"""How the rows of a floor reach the ledger: in pieces, late, twice, out of order, and now and then unusable.

A row arrives when the model recorded it. Its earlier pieces have delays of their own, so some arrive after it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from random import Random

from service.sandbox.live import items
from service.sandbox.live.faults import rejects
from service.sandbox.live.items import Item, Row
from service.sandbox.live.settings import Setting, settings
from service.sandbox.rows.tables import Tables, all_tables
from service.sandbox.scenario.instants import HOUR, MINUTE, SECOND
from service.sandbox.scenario.plan import Plan
from service.sandbox.scenario.scenario import Scenario

Arrival = tuple[int, Item]  # the instant of its arrival, and the item

# Shares of rows, unless another noun stands beside them.
_IN_PIECES = 0.35
_SENT_TWICE = 0.04  # items
_DELAYED = 0.04  # pieces
_WRITTEN_AT_HOME = 0.08  # numbers
_REPEATED_ALONE = 0.1  # dispositions that came with their call
_CORRECTED = 0.1  # bills
_OPEN_FIRST = 0.1  # states
_HEARD_AS_MACHINE = 0.06  # people


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Everything the ledger gets from the floor.

    settings: configuration requests, to be sent first.
    items: captured items of each resource (its path under /v1), in the order of their arrival.
    rejects: how many items of each resource can only be rejected.
    """

    settings: list[Setting]
    items: dict[str, list[Item]]
    rejects: dict[str, int]

    def __len__(self) -> int:
        return len(self.settings) + sum(map(len, self.items.values()))


def deliveries(plan: Plan) -> Deliveries:
    """All requests of a floor, the same for the same plan."""
    scenario = Scenario(plan)
    tables = all_tables(scenario)
    rng = Random(f"{plan.seed}/deliveries")  # noqa: S311 (a simulation, not a secret)
    rejected = rejects(scenario.starts_at, plan.ends_at)
    sent = dict[str, list[Item]]()
    for resource, arrivals_of in _ARRIVALS.items():
        arrivals = list(arrivals_of(rng, tables))
        arrivals += [(at + rng.randint(1, 900) * SECOND, item) for at, item in arrivals if rng.random() < _SENT_TWICE]
        arrivals += [(rng.randint(scenario.starts_at, plan.ends_at), item) for item in rejected.get(resource, [])]
        sent[resource] = [item for _, item in sorted(arrivals, key=itemgetter(0))]
    return Deliveries(
        settings(tables), sent, {resource: len(of_resource) for resource, of_resource in rejected.items()}
    )


def _lag(rng: Random) -> int:
    """Most pieces arrive within seconds, some after an hour: a queue was full, or a line was down."""
    if rng.random() < _DELAYED:
        return rng.randint(5, 150) * MINUTE
    return int(rng.lognormvariate(0.6, 0.7) * SECOND)


def _rows(tables: Tables, table: str) -> Iterator[Row]:
    return tables[table].iter_rows(named=True)


def _regions(tables: Tables) -> set[str]:
    """The campaigns with a region: only their numbers may be written without the code of the country."""
    return {row["code"] for row in _rows(tables, "campaigns") if row["confirmed"]}


def _written(rng: Random, number: str, row: Row, regions: set[str]) -> str:
    """A number in international form, or as people at home write it."""
    return items.national(number) if row["campaign"] in regions and rng.random() < _WRITTEN_AT_HOME else number


def _leads(rng: Random, tables: Tables) -> Iterator[Arrival]:
    regions = _regions(tables)
    for row in _rows(tables, "leads"):
        number = row["phone_number"] and _written(rng, row["phone_number"], row, regions)
        yield row["received_at"] + _lag(rng), items.lead_received(row, number)
        if row["assigned_at"] is not None:
            yield row["assigned_at"] + _lag(rng), items.lead_changed(row, "assigned_at", "owner")
        if row["closed_at"] is not None:
            yield row["recorded_at"], items.lead_changed(row, "closed_at", "close_reason")


def _attempts(rng: Random, tables: Tables) -> Iterator[Arrival]:
    regions = _regions(tables)
    noted = {row["attempt"]: items.disposition(row) for row in _rows(tables, "dispositions") if row["agent"] is None}
    for row in _rows(tables, "attempts"):
        number = _written(rng, row["to_number"], row, regions)
        note = {"disposition": noted[row["external_id"]]} if row["external_id"] in noted else {}
        if row["ended_at"] is not None and rng.random() < _IN_PIECES:
            yield row["dialed_at"] + _lag(rng), items.attempt_dialed(row, number)
            if row["answered_at"] is not None:
                yield row["answered_at"] + _lag(rng), items.attempt_answered(row, _heard(rng, row))
            yield row["recorded_at"], items.attempt_ended(row) | note
        else:
            yield row["recorded_at"], items.attempt(row, number) | note


def _heard(rng: Random, row: Row) -> str:
    """What the machine detection of the dialer makes of the voice; the agent corrects it at the end of the call."""
    by_agent = row["answered_by"] == "human" and row["handled"] == "agent"
    return "machine" if by_agent and rng.random() < _HEARD_AS_MACHINE else row["answered_by"]


def _dispositions(rng: Random, tables: Tables) -> Iterator[Arrival]:
    """The dispositions of agents; those of dialers come with the call, and some of them once more."""
    for row in _rows(tables, "dispositions"):
        if row["agent"] is not None or rng.random() < _REPEATED_ALONE:
            yield row["recorded_at"], items.disposition(row, "dialer", "attempt")


def _appointments(rng: Random, tables: Tables) -> Iterator[Arrival]:
    for row in _rows(tables, "appointments"):
        if row["status_at"] > row["set_at"]:
            set_at = row["set_at"]
            yield set_at + _lag(rng), items.whole_row(row, status="set", status_at=set_at, observed_at=set_at)
        yield row["recorded_at"], items.whole_row(row)


def _follow_ups(rng: Random, tables: Tables) -> Iterator[Arrival]:
    """A promise arrives after its call, and again when it is done."""
    ended_at = {row["external_id"]: row["ended_at"] for row in _rows(tables, "attempts")}
    for row in _rows(tables, "follow_ups"):
        promised_at = ended_at[row["external_id"].rpartition("-")[0]]
        if row["due_at"] is not None and row["done_at"] is not None:
            yield promised_at + _lag(rng), items.whole_row(row, done_at=None, observed_at=promised_at)
        yield row["recorded_at"], items.whole_row(row)


def _stage_changes(_rng: Random, tables: Tables) -> Iterator[Arrival]:
    """Money is sent as text, so that no digit is lost."""
    for row in _rows(tables, "stage_changes"):
        money = {name: None if row[name] is None else str(row[name]) for name in ("amount", "gross_profit")}
        yield row["recorded_at"], items.whole_row(row, **money)


def _spend(rng: Random, tables: Tables) -> Iterator[Arrival]:
    """Some bills are corrected after some hours: clicks that were no people are paid back."""
    for row in _rows(tables, "spend"):
        if rng.random() < _CORRECTED:
            at = row["observed_at"] - 5 * HOUR
            yield at, items.whole_row(row, amount=f"{row['amount'] * 1.06:.2f}", observed_at=at)
        yield row["recorded_at"], items.whole_row(row, amount=f"{row['amount']:.2f}")


def _inbound_calls(rng: Random, tables: Tables) -> Iterator[Arrival]:
    """Some callers are known while they wait, and again when their call is over."""
    for row in _rows(tables, "inbound_calls"):
        if rng.random() < _IN_PIECES:
            yield row["queued_at"] + _lag(rng), items.caller_arrived(row)
        yield row["recorded_at"], items.inbound_call(row)


def _cases(rng: Random, tables: Tables) -> Iterator[Arrival]:
    """A case arrives when it is opened, and again with what came of it."""
    for row in _rows(tables, "cases"):
        opened_at = row["opened_at"]
        later = dict.fromkeys(("resolved_at", "reopened_at", "escalated_at", "escalated_to"))
        yield opened_at + _lag(rng), items.whole_row(row, **later, observed_at=opened_at)
        yield row["recorded_at"], items.whole_row(row)


def _rows_as_they_are(table: str, *money: str) -> Callable[[Random, Tables], Iterator[Arrival]]:
    """The rows of a table, each sent once; money is sent as text, so that no digit is lost."""

    def arrivals(_rng: Random, tables: Tables) -> Iterator[Arrival]:
        for row in _rows(tables, table):
            amounts = {name: None if row[name] is None else f"{row[name]:.2f}" for name in money}
            yield row["recorded_at"], items.whole_row(row, **amounts)

    return arrivals


def _agent_states(rng: Random, tables: Tables) -> Iterator[Arrival]:
    for row in _rows(tables, "agent_states"):
        if row["to_at"] is not None and rng.random() < _OPEN_FIRST:
            yield row["from_at"], items.whole_row(row, to_at=None, observed_at=row["from_at"])
        yield row["recorded_at"], items.whole_row(row)


def _surveys(rng: Random, tables: Tables) -> Iterator[Arrival]:
    """A survey arrives when it is sent, and again when it is answered."""
    for row in _rows(tables, "surveys"):
        if row["answered_at"] is not None:
            unanswered = dict.fromkeys(("answered_at", "score", "scale"))
            asked_at = row["asked_at"]
            yield asked_at + _lag(rng), items.whole_row(row, **unanswered, observed_at=asked_at)
        yield row["recorded_at"], items.whole_row(row)


def _form_items(_rng: Random, tables: Tables) -> Iterator[Arrival]:
    for row in _rows(tables, "form_items"):
        yield row["recorded_at"], items.whole_row(row)


def _evaluations(_rng: Random, tables: Tables) -> Iterator[Arrival]:
    """An evaluation arrives with the points of its items."""
    points = defaultdict[str, dict[str, int]](dict)
    for row in _rows(tables, "evaluation_scores"):
        points[row["evaluation"]][row["item"]] = row["points"]
    for row in _rows(tables, "evaluations"):
        yield row["recorded_at"], items.whole_row(row) | {"points": points[row["external_id"]]}


_ARRIVALS: Mapping[str, Callable[[Random, Tables], Iterator[Arrival]]] = {
    "leads": _leads,
    "attempts": _attempts,
    "dispositions": _dispositions,
    "appointments": _appointments,
    "follow-ups": _follow_ups,
    "stage-changes": _stage_changes,
    "spend": _spend,
    "agent-states": _agent_states,
    "inbound-calls": _inbound_calls,
    "cases": _cases,
    "schedules": _rows_as_they_are("schedules"),
    "staff": _rows_as_they_are("staff"),
    "running-costs": _rows_as_they_are("running_costs", "amount"),
    "customers": _rows_as_they_are("customers", "value", "gross_profit"),
    "surveys": _surveys,
    "form-items": _form_items,
    "evaluations": _evaluations,
    "shared-calls": _rows_as_they_are("shared_calls"),
}
