"""The workers take turns at the source; nothing waits between."""

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
    items = aiter(source)
    turn = asyncio.Lock()
    over = False
    handled = 0

    async def work() -> None:
        nonlocal over, handled
        while True:
            async with turn:
                if over:
                    return
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    over = True
                    return
            await handle(item)
            handled += 1

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        aclose = getattr(items, "aclose", None)
        if aclose is not None:
            await aclose()
    return handled
