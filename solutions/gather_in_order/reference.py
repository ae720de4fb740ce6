"""A TaskGroup and a list of its tasks, its group of errors unwrapped."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str]
) -> list[str]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
