"""A plain loop, which leaves the last try outside."""

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
    delay = min(max_delay, base)
    for _ in range(attempts - 1):
        try:
            return await op()
        except retry_on:
            await asyncio.sleep(jitter(delay) if jitter else delay)
            delay = min(max_delay, delay * factor)
    return await op()
