"""Try again, later and later: see README.md."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def retry(
    op: Callable[[], Awaitable[T]],
    *,
    attempts: int,
    base: float,
    factor: float = 2.0,
    max_delay: float = 60.0,
    retry_on: tuple[type[Exception], ...] = (Exception,),
    jitter: Callable[[float], float] | None = None,
) -> T:
    """Return what ``op`` answers; if it fails, try again, ``attempts`` times in all.

    The wait after failed try k (the first is 1) is ``base * factor ** (k - 1)``, at most
    ``max_delay``, and passed through ``jitter`` if there is one. Errors that are not
    listed in ``retry_on``, and that of the last try, come out as they are, at once.
    Raises ValueError for bad numbers, before ``op`` is called.
    """
    raise NotImplementedError
