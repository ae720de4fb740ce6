"""A race between `op` and a sleep; the loser is cancelled and waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def fetch_or_default(
    op: Callable[[], Awaitable[T]], limit: float | None, default: T
) -> T:
    if limit is None:
        return await op()
    if limit <= 0:
        raise ValueError(f"limit must be positive, got {limit}")
    work = asyncio.ensure_future(op())
    alarm = asyncio.ensure_future(asyncio.sleep(limit))
    try:
        await asyncio.wait({work, alarm}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        in_time = work.done()
        work.cancel()
        alarm.cancel()
        await asyncio.gather(work, alarm, return_exceptions=True)
    if in_time or not work.cancelled():
        return work.result()
    return default
