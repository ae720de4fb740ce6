"""Two at once: see README.md."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def fetch_both(
    left: Callable[[], Awaitable[A]], right: Callable[[], Awaitable[B]]
) -> tuple[A, B]:
    """Run both at once; return the answer of ``left``, then that of ``right``.

    If one fails, its error is raised as it is, when it happens. By then the other is
    cancelled and has finished. Cancelling the caller cancels both.
    """
    raise NotImplementedError
