"""The limit on what a hook may store in a day, so that whoever has its address cannot fill the disk."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from service.dialers import Delivery
from service.platform.db import Connection
from sql import load

_SQL = load("hooks")


def size(delivery: Delivery) -> int:
    """The bytes of a delivery's content."""
    headers = sum(len(name) + len(value) for name, value in delivery.headers.items())
    return len(delivery.url) + headers + len(delivery.body)


async def fitting(
    connection: Connection, account_id: int, deliveries: Sequence[tuple[int, Delivery]], most: int
) -> list[bool]:
    """Whether the content of each delivery still fits what its hook may store that day; hooks come by id.

    most: bytes for each hook and day in UTC; 0: no limit.
    """
    if not most:
        return [True] * len(deliveries)
    days = [(hook, delivery.received_at.date()) for hook, delivery in deliveries]
    rows = await connection.fetch(_SQL["stored_bytes"], account_id, *map(list, zip(*days, strict=True)))
    stored = Counter[tuple[int, date]]({(row["hook"], row["on_day"]): row["count"] for row in rows})
    return [_fits(stored, day, size(delivery), most) for day, (_, delivery) in zip(days, deliveries, strict=True)]


def _fits(stored: Counter[tuple[int, date]], day: tuple[int, date], bytes_more: int, most: int) -> bool:
    """Whether more bytes fit on a hook's day; if so, adds them."""
    if stored[day] + bytes_more > most:
        return False
    stored[day] += bytes_more
    return True
