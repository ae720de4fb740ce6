"""Tasks in a group."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], names: Sequence[str]
) -> list[str]:
    async def ask(name: str) -> str:
        return await fetch(name)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(name)) for name in names]
    return [task.result() for task in tasks]
