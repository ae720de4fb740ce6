"""A semaphore held by each task, under a TaskGroup that stops the rest on an error."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_limited(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str], limit: int
) -> list[str]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url: str) -> str:
        async with slots:
            return await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_in_slot(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
