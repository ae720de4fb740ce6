"""wait until both are done or one has failed, then cancel and wait again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def fetch_both(
    left: Callable[[], Awaitable[A]], right: Callable[[], Awaitable[B]]
) -> tuple[A, B]:
    first, second = asyncio.ensure_future(left()), asyncio.ensure_future(right())
    try:
        done, _ = await asyncio.wait(
            [first, second], return_when=asyncio.FIRST_EXCEPTION
        )
        errors = [task.exception() for task in done]
        if failed := [error for error in errors if error is not None]:
            raise failed[0]
        return first.result(), second.result()
    finally:
        first.cancel()
        second.cancel()
        await asyncio.wait([first, second])
