"""How many calls fall into each stretch of a floor: known before the first is drawn, so that they add up exactly."""

from itertools import accumulate
from math import ceil, sqrt

import polars as pl

from service.config import SetupError
from service.sandbox.rows.blocks import Block
from service.sandbox.rows.dials import dial
from service.sandbox.rows.leads import draw_leads
from service.sandbox.scenario.scenario import Floor

_CALLS_OF_A_BLOCK = 50_000
_SAMPLE, _SAMPLE_OF_A_BLOCK = 20_000, 200
_ROOM = 4  # times as many numbers as leads expected


def divide(floor: Floor) -> list[Block]:
    """The blocks of a floor, in the order of time."""
    count = ceil(floor.plan.attempts / _CALLS_OF_A_BLOCK)
    tries = _sample(floor, count)
    leads = floor.plan.attempts / sum(tries)  # of each block: they arrive evenly
    room = _ROOM * ceil(leads) + 1_000
    ends = [round(floor.plan.attempts * share / sum(tries)) for share in accumulate(tries, initial=0.0)]
    days = [round(floor.plan.days * part / count) for part in range(count + 1)]
    levels = [floor.now() * part / count for part in range(count + 1)]
    return [
        Block(
            index=place,
            of=count,
            attempts=ends[place + 1] - ends[place],
            leads=leads,
            room=room,
            first_attempt=ends[place],
            first_lead=place * room,
            from_level=levels[place],
            to_level=levels[place + 1],
            days=range(days[place], days[place + 1]),
        )
        for place in range(count)
    ]


def _sample(floor: Floor, count: int) -> list[float]:
    """How often a lead of each block is called by the end: those who came last, not often yet."""
    everything = Block(0, 1, 0, 0, 0, 0, 0, 0.0, floor.now(), range(0))
    size = max(_SAMPLE, _SAMPLE_OF_A_BLOCK * count)
    calls = dial(floor, draw_leads(floor, everything, size))
    block = (pl.col("arrival") / floor.now() * count).floor().cast(pl.Int64)
    found = dict(calls.group_by(block.alias("block")).len().iter_rows())
    return [found.get(place, 0) * count / size for place in range(count)]


def meet(floor: Floor, block: Block) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The leads of a block and exactly its calls, the calls of a lead together. Raises SetupError."""
    count = ceil(block.leads * 1.08 + 6 * sqrt(block.leads) + 20)
    while True:
        leads = draw_leads(floor, block, count)
        calls = dial(floor, leads)
        if calls.height >= block.attempts:
            return _cut(leads, calls, block.attempts)
        if count == block.room:
            raise SetupError("There is hardly an hour of work in these days; give it more of them with --days")
        count = min(count * 5 // 4, block.room)


def _cut(leads: pl.DataFrame, calls: pl.DataFrame, attempts: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first leads that are called so often, the last of them perhaps not to its end."""
    kept = calls.head(attempts)
    nobodys = calls[attempts, "lead_row"] if attempts < calls.height else leads.height
    until = max(nobodys, kept["lead_row"][-1] + 1 if attempts else 0)
    return leads.head(until), kept
