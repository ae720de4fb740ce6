"""A task for each try, whose error is looked at; an event times the wait."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def retry(
    op: Callable[[], Awaitable[T]],
    *,
    attempts: int,
    base: float,
    factor: float = 2.0,
    max_delay: float = 60.0,
    retry_on: tuple[type[Exception], ...] = (Exception,),
    jitter: Callable[[float], float] | None = None,
) -> T:
    if attempts < 1:
        raise ValueError(f"attempts must be at least 1, got {attempts}")
    if base < 0:
        raise ValueError(f"base must not be negative, got {base}")
    if factor < 1:
        raise ValueError(f"factor must be at least 1, got {factor}")
    delay = base
    while True:
        task = asyncio.ensure_future(op())
        try:
            await asyncio.wait({task})
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        attempts -= 1
        if not isinstance(task.exception(), retry_on) or not attempts:
            return task.result()
        wait = min(delay, max_delay)
        with suppress(TimeoutError):
            async with asyncio.timeout(jitter(wait) if jitter else wait):
                await asyncio.Event().wait()
        delay *= factor
