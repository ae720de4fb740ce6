"""`ensure_future`, guarded by the question whether it can be awaited."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def resolve(value: T | Awaitable[T]) -> T:
    if not inspect.isawaitable(value):
        return value
    return await asyncio.ensure_future(value)


async def call(fn: Callable[..., T | Awaitable[T]], /, *args: Any, **kwargs: Any) -> T:
    found = fn(*args, **kwargs)
    if inspect.isawaitable(found):
        return await asyncio.ensure_future(found)
    return found
