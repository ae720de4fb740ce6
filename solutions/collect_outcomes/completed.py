"""One after the other as they complete, each with its name; put in order at the end."""

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


async def named(name: str, job: Callable[[], Awaitable[T]]) -> tuple[str, Ok[T] | Err]:
    try:
        return name, Ok(await job())
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
        return name, Err(error)


async def try_all(
    jobs: Mapping[str, Callable[[], Awaitable[T]]],
) -> dict[str, Ok[T] | Err]:
    outcomes: dict[str, Ok[T] | Err] = dict.fromkeys(jobs, Err(LookupError()))
    tasks = [asyncio.create_task(named(*each)) for each in jobs.items()]
    try:
        for ended in asyncio.as_completed(tasks):
            name, outcomes[name] = await ended
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return outcomes
