"""A TaskGroup, and its group of errors unwrapped."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def fetch_both(
    left: Callable[[], Awaitable[A]], right: Callable[[], Awaitable[B]]
) -> tuple[A, B]:
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(left())
            second = group.create_task(right())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return first.result(), second.result()
