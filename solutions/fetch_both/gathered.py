"""gather, and a `finally` that cancels whatever is left and gathers again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def fetch_both(
    left: Callable[[], Awaitable[A]], right: Callable[[], Awaitable[B]]
) -> tuple[A, B]:
    tasks = asyncio.ensure_future(left()), asyncio.ensure_future(right())
    try:
        first, second = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return first, second
