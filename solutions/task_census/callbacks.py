"""Done callbacks that count, and an event when there are none left."""

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
    async def run(job: Callable[[], Awaitable[T]]) -> T:
        return await job()

    tasks = [
        asyncio.create_task(run(job), name=f"job:{key}") for key, job in jobs.items()
    ]
    try:
        results = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return dict(zip(jobs, results, strict=True))


async def drain(prefix: str) -> int:
    me = asyncio.current_task()
    seen: set[asyncio.Task[Any]] = set()
    unfinished: set[asyncio.Task[Any]] = set()
    none_left = asyncio.Event()

    def look() -> None:
        for task in asyncio.all_tasks():
            if task.get_name().startswith(prefix) and task not in seen | {me}:
                seen.add(task)
                unfinished.add(task)
                task.add_done_callback(ended)
        if not unfinished:
            none_left.set()

    def ended(task: asyncio.Task[Any]) -> None:
        unfinished.discard(task)
        look()

    look()
    try:
        await none_left.wait()
    finally:
        for task in unfinished:
            task.remove_done_callback(ended)
    return len(seen)
