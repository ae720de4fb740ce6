"""One source, many hands: see README.md."""

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def process_all(
    source: AsyncIterable[T],
    handle: Callable[[T], Awaitable[None]],
    *,
    workers: int,
    maxsize: int,
) -> int:
    """Handle every item of ``source`` with ``workers`` workers; return how many.

    At most ``maxsize`` items wait between source and workers. The first error stops
    everything and comes out as it is. The source is closed however the call ends.
    Raises ValueError if ``workers`` or ``maxsize`` is below 1, before anything is read.
    """
    raise NotImplementedError
