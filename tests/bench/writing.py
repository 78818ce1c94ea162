"""A floor at work: a process that posts so many calls a second until it is asked to end.

`python -m tests.bench.writing` reads its orders as one JSON object, and prints how many calls it has posted.
"""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import orjson

from tests.bench.floor import attempt
from tests.bench.floor_names import Names
from tests.bench.load import Target

_CONNECTIONS = 16


def new_call(names: Names, number: int) -> dict[str, Any]:
    """A call that ended just now, to a lead of the account."""
    now = datetime.now(UTC)
    moments = {"dialed_at": now - timedelta(seconds=90), "ended_at": now - timedelta(seconds=1)}
    known = {"lead": names.leads[number % len(names.leads)], "agent": names.agent, "campaign": names.campaign}
    times = {name: moment.isoformat() for name, moment in moments.items()}
    return attempt(number, len(names.leads)) | known | times | {"external_id": f"bench-{uuid4()}", "dialer": "bench"}


@contextmanager
def writing(target: Target, names: Names, rate: int) -> Generator[dict[str, float]]:
    """Post so many calls a second while the block runs. The rate that was reached is in the result afterwards."""
    reached: dict[str, float] = {}
    some = [new_call(names, number) for number in range(len(names.leads))]
    orders = orjson.dumps({"host": target.host, "port": target.port, "key": target.key, "rate": rate, "calls": some})
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(orders)
        process.stdin.close()
        assert process.stdout.readline().strip() == b"writing"
        try:
            yield reached
        finally:
            process.send_signal(signal.SIGTERM)
            reached |= json.loads(process.stdout.read())


async def _write(target: Target, rate: int, calls: list[dict[str, Any]]) -> dict[str, float]:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    begun = time.perf_counter()
    due = ((begun + number / rate, number) for number in count())
    connections = [asyncio.create_task(_connection(target, due, calls, over)) for _ in range(_CONNECTIONS)]
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    sent = sum(await asyncio.gather(*connections))
    return {"sent": sent, "rate": sent / (time.perf_counter() - begun)}


async def _connection(
    target: Target, due: Iterator[tuple[float, int]], calls: list[dict[str, Any]], over: asyncio.Event
) -> int:
    """Post one call at a time; a call that is already late goes out at once."""
    reader, writer = await asyncio.open_connection(target.host, target.port)
    sent = 0
    for moment, number in due:
        if over.is_set():
            break
        await asyncio.sleep(max(moment - time.perf_counter(), 0))
        writer.write(target.post("/v1/attempts", _body(calls, number)))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        assert head.startswith(b"http/1.1 201"), head
        sent += 1
    writer.close()
    return sent


def _body(calls: list[dict[str, Any]], number: int) -> bytes:
    now = datetime.now(UTC)
    times = {"dialed_at": (now - timedelta(seconds=90)).isoformat(), "ended_at": now.isoformat()}
    return orjson.dumps(calls[number % len(calls)] | times | {"external_id": f"bench-{uuid4()}"})


if __name__ == "__main__":
    orders = json.load(sys.stdin)
    where = Target(orders["host"], orders["port"], orders["key"])
    sys.stdout.write(json.dumps(asyncio.run(_write(where, orders["rate"], orders["calls"]))))
