"""`asyncio.gather` that returns the errors, again and again.

Behind `asyncio.shield`: a gather that is cancelled cancels all that it waits for, and those
tasks belong to others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    current: str
    others: tuple[str, ...]


def snapshot() -> Snapshot:
    me = asyncio.current_task()
    if me is None:
        raise RuntimeError("no task is running here")
    others = sorted(task.get_name() for task in asyncio.all_tasks() - {me})
    return Snapshot(me.get_name(), tuple(others))


async def run_named(jobs: Mapping[str, Callable[[], Awaitable[T]]]) -> dict[str, T]:
    tasks = {key: asyncio.ensure_future(as_coroutine(job)) for key, job in jobs.items()}
    for key, task in tasks.items():
        task.set_name(f"job:{key}")
    try:
        if tasks:
            await asyncio.wait(tasks.values(), return_when=asyncio.FIRST_EXCEPTION)
    finally:
        failed = [task for task in tasks.values() if task.done() and failure(task)]
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
    for task in failed:
        task.result()
    return {key: task.result() for key, task in tasks.items()}


def failure(task: asyncio.Task[Any]) -> BaseException | None:
    return None if task.cancelled() else task.exception()


async def as_coroutine(job: Callable[[], Awaitable[T]]) -> T:
    return await job()


def others(prefix: str) -> set[asyncio.Task[Any]]:
    found = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in found if task.get_name().startswith(prefix)}


async def drain(prefix: str) -> int:
    ended = 0
    while waiting := others(prefix):
        everyone = asyncio.gather(*waiting, return_exceptions=True)
        ended += len(await asyncio.shield(everyone))
    return ended
