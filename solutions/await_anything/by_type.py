"""Futures, coroutines of both kinds, and a look at what the type defines."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from types import GeneratorType
from typing import Any, TypeVar

T = TypeVar("T")


async def resolve(value: Any) -> Any:
    is_old = (
        isinstance(value, GeneratorType)
        and value.gi_code.co_flags & inspect.CO_ITERABLE_COROUTINE
    )
    if asyncio.isfuture(value) or inspect.iscoroutine(value) or is_old:
        return await value
    if hasattr(type(value), "__await__"):
        return await value
    return value


async def call(fn: Callable[..., T | Awaitable[T]], /, *args: Any, **kwargs: Any) -> T:
    return await resolve(fn(*args, **kwargs))
