"""A bounded queue between one reader and the workers, all in a TaskGroup."""

import asyncio
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
    queue: asyncio.Queue[T] = asyncio.Queue(maxsize)
    items = aiter(source)
    handled = 0

    async def read() -> None:
        async for item in items:
            await queue.put(item)

    async def work() -> None:
        nonlocal handled
        while True:
            item = await queue.get()
            await handle(item)
            handled += 1
            queue.task_done()

    try:
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(read())
            hands = [group.create_task(work()) for _ in range(workers)]
            await asyncio.wait([reader])
            await queue.join()
            for hand in hands:
                hand.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
