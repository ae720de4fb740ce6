"""Fresh interpreters; a task for each of them takes the next chunk when it is free."""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def work_on(fn: Callable[[A], B], chunk: Sequence[A]) -> list[B]:
    return [fn(item) for item in chunk]


async def parallel_map(
    fn: Callable[[A], B], items: Sequence[A], *, processes: int, chunk: int = 1
) -> list[B]:
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    if not items:
        return []
    loop = asyncio.get_running_loop()
    firsts = iter(range(0, len(items), chunk))
    done: dict[int, list[B]] = {}
    pool = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn")
    )

    async def take_chunks() -> None:
        for first in firsts:
            part = items[first : first + chunk]
            done[first] = await loop.run_in_executor(pool, work_on, fn, part)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(processes):
                group.create_task(take_chunks())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)
    return [result for first in sorted(done) for result in done[first]]
