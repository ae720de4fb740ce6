"""Tasks, a wait for all of them, and a look at how each has ended."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Ok(Generic[T]):
    value: T


@dataclass(frozen=True)
class Err:
    error: BaseException


async def run(job: Callable[[], Awaitable[T]]) -> T:
    return await job()


def outcome_of(task: asyncio.Task[T]) -> Ok[T] | Err:
    if task.cancelled():
        return Err(asyncio.CancelledError())
    error = task.exception()
    return Ok(task.result()) if error is None else Err(error)


async def try_all(
    jobs: Mapping[str, Callable[[], Awaitable[T]]],
) -> dict[str, Ok[T] | Err]:
    tasks = {name: asyncio.create_task(run(job)) for name, job in jobs.items()}
    if not tasks:
        return {}
    try:
        await asyncio.wait(tasks.values())
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
    return {name: outcome_of(task) for name, task in tasks.items()}
