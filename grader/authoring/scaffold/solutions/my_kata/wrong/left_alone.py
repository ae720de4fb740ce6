# breaks cancels-all: asyncio.wait leaves its tasks running when it is cancelled
import asyncio
from collections.abc import Awaitable, Callable, Sequence


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], names: Sequence[str]
) -> list[str]:
    async def ask(name: str) -> str:
        return await fetch(name)

    tasks = [asyncio.create_task(ask(name)) for name in names]
    if tasks:
        await asyncio.wait(tasks)
    return [task.result() for task in tasks]
