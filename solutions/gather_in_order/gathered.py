"""gather, and a `finally` that cancels whatever is left and gathers again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str]
) -> list[str]:
    tasks = [asyncio.ensure_future(fetch(url)) for url in urls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
