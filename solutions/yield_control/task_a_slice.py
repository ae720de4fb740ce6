"""A task for each slice, one after the other, and a queue of results."""

import asyncio
from collections.abc import Callable, Sequence


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    if every < 1:
        raise ValueError(f"every must be at least 1, got {every}")
    results: asyncio.Queue[int] = asyncio.Queue()

    async def crunch_slice(first: int) -> None:
        for item in items[first : first + every]:
            results.put_nowait(work(item))

    for first in range(0, len(items), every):
        async with asyncio.timeout(None):
            await asyncio.create_task(crunch_slice(first))
    return [results.get_nowait() for _ in items]
