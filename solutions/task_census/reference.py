"""A TaskGroup, and a loop around `asyncio.wait`."""

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
    async with asyncio.TaskGroup() as group:
        tasks = {
            key: group.create_task(as_coroutine(job), name=f"job:{key}")
            for key, job in jobs.items()
        }
    return {key: task.result() for key, task in tasks.items()}


async def as_coroutine(job: Callable[[], Awaitable[T]]) -> T:
    return await job()


def others(prefix: str) -> set[asyncio.Task[Any]]:
    found = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in found if task.get_name().startswith(prefix)}


async def drain(prefix: str) -> int:
    count = 0
    while waiting := others(prefix):
        await asyncio.wait(waiting)
        count += len(waiting)
    return count
