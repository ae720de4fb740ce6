"""A generator of the waits; None, at its end, says that there is none."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from typing import TypeVar

T = TypeVar("T")


def delays(
    attempts: int, base: float, factor: float, max_delay: float
) -> Iterator[float | None]:
    for failed in count(1):
        if failed == attempts:
            yield None
            return
        yield min(max_delay, base * factor ** (failed - 1))


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
    for delay in delays(attempts, base, factor, max_delay):
        try:
            return await op()
        except retry_on:
            if delay is None:
                raise
        await asyncio.sleep(delay if jitter is None else jitter(delay))
    raise AssertionError("the last delay is None")
