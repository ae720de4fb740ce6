"""A task for each item; the reader goes on when one of a few places is free."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
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
    places = asyncio.Semaphore(workers)
    tasks: list[asyncio.Task[None]] = []
    first: list[BaseException] = []
    over = asyncio.Event()

    async def handle_one(item: T) -> None:
        try:
            await handle(item)
        finally:
            places.release()

    async def read(items: AsyncIterator[T]) -> None:
        async for item in items:
            await places.acquire()
            tasks.append(asyncio.create_task(handle_one(item)))
            tasks[-1].add_done_callback(ended)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            first.append(error)
        if first or all(each.done() for each in [reader, *tasks]):
            over.set()

    async with AsyncExitStack() as stack:
        items = aiter(source)
        if hasattr(items, "aclose"):
            stack.push_async_callback(items.aclose)
        reader = asyncio.create_task(read(items))
        reader.add_done_callback(ended)
        try:
            await over.wait()
        finally:
            for task in [reader, *tasks]:
                task.cancel()
            await asyncio.wait([reader, *tasks])
    if first:
        raise first[0]
    return len(tasks)
