"""The reader sends one private end mark for each worker; gather waits for all."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


_END = object()


async def process_all(  # noqa: C901
    source: AsyncIterable[T],
    handle: Callable[[T], Awaitable[None]],
    *,
    workers: int,
    maxsize: int,
) -> int:
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    queue: asyncio.Queue[object] = asyncio.Queue(maxsize)
    items = aiter(source)

    async def read() -> int:
        async for item in items:
            await queue.put(item)
        for _ in range(workers):
            await queue.put(_END)
        return 0

    async def work() -> int:
        handled = 0
        while (item := await queue.get()) is not _END:
            await handle(item)  # type: ignore[arg-type]
            handled += 1
        return handled

    tasks = [asyncio.create_task(read())]
    tasks += [asyncio.create_task(work()) for _ in range(workers)]
    try:
        return sum(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.gather(*tasks, return_exceptions=True)
        if hasattr(items, "aclose"):
            await items.aclose()
