"""A window of running tasks, filled up whenever one of them ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_limited(  # noqa: C901
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str], limit: int
) -> list[str]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    tasks: list[asyncio.Task[str]] = []
    running: set[asyncio.Task[str]] = set()

    async def fetch_one(url: str) -> str:
        return await fetch(url)

    try:
        for url in urls:
            if len(running) == limit:
                done, running = await asyncio.wait(
                    running, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    task.result()
            tasks.append(asyncio.create_task(fetch_one(url)))
            running.add(tasks[-1])
        while running:
            done, running = await asyncio.wait(
                running, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
    return [task.result() for task in tasks]
