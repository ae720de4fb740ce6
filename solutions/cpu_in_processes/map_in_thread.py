"""The pool's own map, which waits for the results, in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def parallel_map(
    fn: Callable[[A], B], items: Sequence[A], *, processes: int, chunk: int = 1
) -> list[B]:
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    pool = ProcessPoolExecutor(processes)

    def map_all() -> list[B]:
        return list(pool.map(fn, items, chunksize=chunk))

    try:
        return await asyncio.to_thread(map_all)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
