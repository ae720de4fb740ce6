"""`inspect.isawaitable` knows all that `await` accepts."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def resolve(value: T | Awaitable[T]) -> T:
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn: Callable[..., T | Awaitable[T]], /, *args: Any, **kwargs: Any) -> T:
    return await resolve(fn(*args, **kwargs))
