"""How many calls fall into each block of a floor: known before the first call is drawn, so that they add up exactly."""

from itertools import accumulate
from math import ceil, sqrt

import polars as pl

from service.config import SetupError
from service.sandbox.rows.blocks import Block
from service.sandbox.rows.dials import dial
from service.sandbox.rows.leads import draw_leads
from service.sandbox.scenario.scenario import Scenario

_CALLS_OF_A_BLOCK = 50_000
_SAMPLE, _SAMPLE_OF_A_BLOCK = 20_000, 200
_ROOM = 4  # times as many lead numbers as leads expected


def divide(scenario: Scenario) -> list[Block]:
    """The blocks of a floor, in the order of time."""
    plan, last = scenario.plan, scenario.last_arrival()
    count = ceil(plan.attempts / _CALLS_OF_A_BLOCK)
    tries = _sample(scenario, count)
    leads = plan.attempts / sum(tries)  # of each block: they arrive evenly
    room = _ROOM * ceil(leads) + 1_000
    ends = [round(plan.attempts * share / sum(tries)) for share in accumulate(tries, initial=0.0)]
    days = [round(plan.days * part / count) for part in range(count + 1)]
    levels = [last * part / count for part in range(count + 1)]
    return [
        Block(
            index=index,
            of=count,
            attempts=ends[index + 1] - ends[index],
            leads=leads,
            room=room,
            first_attempt=ends[index],
            first_lead=index * room,
            from_level=levels[index],
            to_level=levels[index + 1],
            days=range(days[index], days[index + 1]),
        )
        for index in range(count)
    ]


def _sample(scenario: Scenario, count: int) -> list[float]:
    """How often a lead of each block is called by the end of the plan: the latest leads not often yet."""
    last = scenario.last_arrival()
    everything = Block(0, 1, 0, 0, 0, 0, 0, 0.0, last, range(0))
    size = max(_SAMPLE, _SAMPLE_OF_A_BLOCK * count)
    calls = dial(scenario, draw_leads(scenario, everything, size))
    block = (pl.col("arrival") / last * count).floor().cast(pl.Int64)
    counts = dict(calls.group_by(block.alias("block")).len().iter_rows())
    return [counts.get(index, 0) * count / size for index in range(count)]


def draw_block(scenario: Scenario, block: Block) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The leads of a block and exactly its calls, the calls of a lead together. Raises SetupError."""
    count = ceil(block.leads * 1.08 + 6 * sqrt(block.leads) + 20)
    while True:
        leads = draw_leads(scenario, block, count)
        calls = dial(scenario, leads)
        if calls.height >= block.attempts:
            return _cut(leads, calls, block.attempts)
        if count == block.room:
            raise SetupError("There is hardly an hour of work in these days; give it more of them with --days")
        count = min(count * 5 // 4, block.room)


def _cut(leads: pl.DataFrame, calls: pl.DataFrame, attempts: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first leads with this many calls; the calls of the last lead may be cut short."""
    kept_calls = calls.head(attempts)
    next_lead = calls[attempts, "lead_row"] if attempts < calls.height else leads.height
    end = max(next_lead, kept_calls["lead_row"][-1] + 1 if attempts else 0)
    return leads.head(end), kept_calls
