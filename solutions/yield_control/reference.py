"""`asyncio.sleep(0)` after every so many items."""

import asyncio
from collections.abc import Callable, Sequence


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    if every < 1:
        raise ValueError(f"every must be at least 1, got {every}")
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0)
    return results
