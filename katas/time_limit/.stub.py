"""Answer in time or the default: see README.md."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def fetch_or_default(
    op: Callable[[], Awaitable[T]], limit: float | None, default: T
) -> T:
    """Return what ``op`` answers, or ``default`` if it takes longer than ``limit``.

    At the limit ``op`` is cancelled, and its cleanup is waited for. None is no limit.
    Raises ValueError if ``limit`` is not positive, before ``op`` is called.
    """
    raise NotImplementedError
