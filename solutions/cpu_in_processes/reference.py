"""A pool of its own, a call for each chunk; the pool is taken down in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def work_on(fn: Callable[[A], B], chunk: Sequence[A]) -> list[B]:
    # It runs in a worker, and stands in the module so that it can be pickled.
    return [fn(item) for item in chunk]


async def parallel_map(
    fn: Callable[[A], B], items: Sequence[A], *, processes: int, chunk: int = 1
) -> list[B]:
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(processes)
    try:
        calls = [
            loop.run_in_executor(pool, work_on, fn, items[first : first + chunk])
            for first in range(0, len(items), chunk)
        ]
        done = await asyncio.gather(*calls)
    finally:
        # To wait for the workers here, as `with pool` does, would stop the whole loop.
        pool.shutdown(wait=False, cancel_futures=True)
    return [result for results in done for result in results]
