"""A loop of its own for sync code: see README.md."""

import concurrent.futures
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class LoopThread:
    """An event loop that runs in a thread of its own, for code that is not async."""

    def start(self) -> None:
        """Start the thread; return when its loop takes calls."""
        raise NotImplementedError

    def submit(self, coro: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run a coroutine on the loop, from any thread, without waiting for it.

        Raises RuntimeError before start and once stop was called; the coroutine is
        closed then.
        """
        raise NotImplementedError

    def run(self, coro: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine on the loop; return its result, or raise its error.

        After ``timeout`` seconds it is cancelled, and TimeoutError is raised.
        Raises RuntimeError where ``submit`` does, and on the loop's own thread.
        """
        raise NotImplementedError

    def stop(self) -> None:
        """Cancel all that runs, wait for its cleanup, close the loop, end the thread."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Start it."""
        raise NotImplementedError

    def __exit__(self, *exc: object) -> None:
        """Stop it."""
        raise NotImplementedError
