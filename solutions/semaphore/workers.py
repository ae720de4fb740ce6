"""As many workers as the limit allows, all taking urls from one iterator."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_limited(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str], limit: int
) -> list[str]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    wanted = list(urls)
    numbered = iter(enumerate(wanted))
    results = [""] * len(wanted)

    async def work() -> None:
        for place, url in numbered:
            results[place] = await fetch(url)

    workers = [asyncio.create_task(work()) for _ in range(min(limit, len(wanted)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return results
