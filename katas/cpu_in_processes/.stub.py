"""Real parallel work: see README.md."""

from collections.abc import Callable, Sequence
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def parallel_map(
    fn: Callable[[A], B], items: Sequence[A], *, processes: int, chunk: int = 1
) -> list[B]:
    """Apply ``fn`` to every item in worker processes; return the results in order.

    At most ``processes`` workers, ``chunk`` items at a time. The event loop is never
    blocked. The error of a call is raised as it is, and chunks that wait are dropped, as
    they are after a cancellation; no worker outlives its work. A worker that dies raises
    BrokenProcessPool, a function that cannot be pickled what pickle raises.
    Raises ValueError if a number is below 1, before anything is started.
    """
    raise NotImplementedError
