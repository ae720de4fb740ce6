"""Coroutines that catch everything, under a TaskGroup that raises a cancellation again."""

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


async def try_all(
    jobs: Mapping[str, Callable[[], Awaitable[T]]],
) -> dict[str, Ok[T] | Err]:
    outcomes: dict[str, Ok[T] | Err] = {}

    async def run(name: str, job: Callable[[], Awaitable[T]]) -> None:
        try:
            outcomes[name] = Ok(await job())
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
            outcomes[name] = Err(error)

    async with asyncio.TaskGroup() as group:
        for name, job in jobs.items():
            group.create_task(run(name, job))
    return {name: outcomes[name] for name in jobs}
