"""multiprocessing.Pool: callbacks bring the results, sentinels tell of a worker's death."""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


def work_on(fn: Callable[[A], B], chunk: Sequence[A]) -> list[B]:
    return [fn(item) for item in chunk]


def settle(
    future: asyncio.Future[Any], result: object, error: BaseException | None
) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def send(
    pool: Any, loop: asyncio.AbstractEventLoop, *work: object
) -> asyncio.Future[Any]:
    """Give work to the pool; return a future that its callbacks settle."""
    future = loop.create_future()
    on_loop = partial(loop.call_soon_threadsafe, settle, future)
    pool.apply_async(
        work_on,
        work,
        callback=lambda result: on_loop(result, None),
        error_callback=lambda error: on_loop(None, error),
    )
    return future


async def parallel_map(
    fn: Callable[[A], B], items: Sequence[A], *, processes: int, chunk: int = 1
) -> list[B]:
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    futures: list[asyncio.Future[Any]] = []

    def broken() -> None:
        for future in futures:
            settle(future, None, BrokenProcessPool("a worker died"))

    before = multiprocessing.active_children()
    pool = multiprocessing.Pool(processes)
    workers = [each for each in multiprocessing.active_children() if each not in before]
    for worker in workers:
        loop.add_reader(worker.sentinel, broken)
    try:
        futures.extend(
            send(pool, loop, fn, items[at : at + chunk])
            for at in range(0, len(items), chunk)
        )
        return [result for part in await asyncio.gather(*futures) for result in part]
    finally:
        for worker in workers:
            loop.remove_reader(worker.sentinel)
        await asyncio.to_thread(pool.terminate)
        await asyncio.to_thread(pool.join)
