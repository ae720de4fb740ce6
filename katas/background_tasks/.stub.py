"""Fire, but do not forget: see README.md."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Holds tasks for which nobody waits, and tells their errors."""

    def __init__(
        self, on_error: Callable[[asyncio.Task[Any], BaseException], None]
    ) -> None:
        """Have `on_error` called with each task that fails, and its error."""
        raise NotImplementedError

    def spawn(
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None
    ) -> asyncio.Task[T]:
        """Start a coroutine in a task, hold the task until it has ended, and return it.

        Once aclose has been called, the coroutine is closed instead, and RuntimeError
        raised.
        """
        raise NotImplementedError

    def __len__(self) -> int:
        """Return how many tasks have not ended."""
        raise NotImplementedError

    async def drain(self) -> None:
        """Wait until no task is left, tasks spawned meanwhile included."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Cancel every task and wait until all have ended."""
        raise NotImplementedError
