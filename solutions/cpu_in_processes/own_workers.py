"""Processes and pipes of its own, which the event loop watches."""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


def serve(pipe: Any) -> None:
    """Work on what comes through the pipe, in a process of its own."""
    while True:
        fn, chunk = pipe.recv()
        try:
            pipe.send(([fn(item) for item in chunk], None))
        except Exception as error:  # noqa: BLE001
            pipe.send((None, error))


class Worker:
    def __init__(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve, args=(theirs,))
        self._process.start()
        theirs.close()

    async def work_on(self, *work: object) -> Any:
        self._pipe.send(work)
        await self._answered()
        try:
            result, error = self._pipe.recv()
        except EOFError:
            raise BrokenProcessPool("a worker died") from None
        if error is not None:
            raise error
        return result

    async def _answered(self) -> None:
        loop = asyncio.get_running_loop()
        there = asyncio.Event()
        loop.add_reader(self._pipe, there.set)
        try:
            await there.wait()
        finally:
            loop.remove_reader(self._pipe)

    def end(self) -> None:
        self._process.terminate()
        self._process.join()


async def parallel_map(
    fn: Callable[[A], B], items: Sequence[A], *, processes: int, chunk: int = 1
) -> list[B]:
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    firsts = iter(range(0, len(items), chunk))
    done: dict[int, list[B]] = {}
    workers: list[Worker] = []

    async def take_chunks() -> None:
        worker = Worker()
        workers.append(worker)
        for first in firsts:
            done[first] = await worker.work_on(fn, items[first : first + chunk])

    needed = min(processes, -(-len(items) // chunk))
    tasks = [asyncio.create_task(take_chunks()) for _ in range(needed)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for worker in workers:
            await asyncio.to_thread(worker.end)
    return [result for first in sorted(done) for result in done[first]]
