"""An asynchronous generator that gives a turn away before each item."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence


async def worked_off(
    items: Sequence[int], work: Callable[[int], int]
) -> AsyncIterator[int]:
    for item in items:
        await asyncio.sleep(0)
        yield work(item)


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    if every < 1:
        raise ValueError(f"every must be at least 1, got {every}")
    return [result async for result in worked_off(items, work)]
