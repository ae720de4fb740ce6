"""Blocking code, kept off the loop: see README.md."""

from collections.abc import Callable, Sequence


async def hash_all(
    blobs: Sequence[bytes], hash_fn: Callable[[bytes], str], *, threads: int
) -> list[str]:
    """Hash every blob in at most ``threads`` threads at once; return them in order.

    ``hash_fn`` blocks: the event loop never waits for it. The first error is raised as
    it is, and calls that wait for a thread never start. A cancellation comes out at
    once; calls that run are left to end by themselves.
    Raises ValueError if ``threads`` is below 1, before anything is hashed.
    """
    raise NotImplementedError
