"""as_completed, to learn of the first error; the results come from the list of tasks."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str]
) -> list[str]:
    tasks = [asyncio.ensure_future(fetch(url)) for url in urls]
    try:
        for ended in asyncio.as_completed(tasks):
            await ended
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [task.result() for task in tasks]
