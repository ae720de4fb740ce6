"""A timer that cancels the task of `op`, and is put away in any case."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def fetch_or_default(
    op: Callable[[], Awaitable[T]], limit: float | None, default: T
) -> T:
    if limit is not None and limit <= 0:
        raise ValueError(f"limit must be positive, got {limit}")
    caller = asyncio.current_task()
    assert caller is not None
    before = caller.cancelling()
    task = asyncio.ensure_future(op())
    rang = False

    def ring() -> None:
        nonlocal rang
        rang = True
        task.cancel()

    alarm = None
    if limit is not None:
        alarm = asyncio.get_running_loop().call_later(limit, ring)
    try:
        return await task
    except asyncio.CancelledError:
        if rang and caller.cancelling() == before:
            return default
        raise
    finally:
        if alarm is not None:
            alarm.cancel()
