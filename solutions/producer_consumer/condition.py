"""A deque and a condition in place of a queue."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def process_all(  # noqa: C901
    source: AsyncIterable[T],
    handle: Callable[[T], Awaitable[None]],
    *,
    workers: int,
    maxsize: int,
) -> int:
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    waiting: deque[T] = deque()
    changed = asyncio.Condition()
    items = aiter(source)
    over = False
    handled = 0

    async def read() -> None:
        nonlocal over
        async for item in items:
            async with changed:
                await changed.wait_for(lambda: len(waiting) < maxsize)
                waiting.append(item)
                changed.notify_all()
        async with changed:
            over = True
            changed.notify_all()

    async def work() -> None:
        nonlocal handled
        while True:
            async with changed:
                await changed.wait_for(lambda: waiting or over)
                if not waiting:
                    return
                item = waiting.popleft()
                changed.notify_all()
            await handle(item)
            handled += 1

    tasks = [asyncio.create_task(read())]
    tasks += [asyncio.create_task(work()) for _ in range(workers)]
    try:
        running = set(tasks)
        while running:
            done, running = await asyncio.wait(
                running, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
