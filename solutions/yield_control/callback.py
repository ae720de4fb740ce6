"""A future that the loop resolves in its next turn."""

import asyncio
from collections.abc import Callable, Sequence


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    if every < 1:
        raise ValueError(f"every must be at least 1, got {every}")
    loop = asyncio.get_running_loop()
    results = []
    for number, item in enumerate(items):
        if number and number % every == 0:
            turn = loop.create_future()
            handle = loop.call_soon(turn.set_result, None)
            try:
                await turn
            finally:
                handle.cancel()
        results.append(work(item))
    return results
