"""A task, `asyncio.wait` with a timeout, and a cancellation that is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def fetch_or_default(
    op: Callable[[], Awaitable[T]], limit: float | None, default: T
) -> T:
    if limit is not None and limit <= 0:
        raise ValueError(f"limit must be positive, got {limit}")
    task = asyncio.ensure_future(op())
    try:
        done, _ = await asyncio.wait({task}, timeout=limit)
        if not done:
            task.cancel()
            await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    if done:
        return task.result()
    return default if task.cancelled() else task.result()
