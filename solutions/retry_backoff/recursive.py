"""A helper that calls itself for the tries that are left."""

import asyncio
from collections.abc import Awaitable, Callable
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

    async def attempt(failed: int) -> T:
        try:
            return await op()
        except retry_on:
            if failed + 1 == attempts:
                raise
        delay = min(max_delay, base * factor**failed)
        if jitter is not None:
            delay = jitter(delay)
        await asyncio.sleep(delay)
        return await attempt(failed + 1)

    return await attempt(0)
