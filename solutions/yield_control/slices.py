"""One slice after the other, with a turn for the others in between."""

import asyncio
from collections.abc import Callable, Sequence


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    if every < 1:
        raise ValueError(f"every must be at least 1, got {every}")
    results: list[int] = []
    for first in range(0, len(items), every):
        if first:
            await asyncio.sleep(0)
        results += [work(item) for item in items[first : first + every]]
    return results
