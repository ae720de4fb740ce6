"""`asyncio.timeout`, which is asked whether it was the one that fired."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def fetch_or_default(
    op: Callable[[], Awaitable[T]], limit: float | None, default: T
) -> T:
    if limit is not None and limit <= 0:
        raise ValueError(f"limit must be positive, got {limit}")
    try:
        async with asyncio.timeout(limit) as scope:
            return await op()
    except TimeoutError:
        if scope.expired():
            return default
        raise
