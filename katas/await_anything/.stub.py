"""Coroutine, task, future or plain value: see README.md."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def resolve(value: T | Awaitable[T]) -> T:
    """Return a plain value as it is; await anything else, once, and return its result."""
    raise NotImplementedError


async def call(fn: Callable[..., T | Awaitable[T]], /, *args: Any, **kwargs: Any) -> T:
    """Call ``fn`` once with all the arguments; resolve what the call gives."""
    raise NotImplementedError
