"""Each job in a coroutine that catches what it raises, all of them gathered.

A cancellation of the caller is caught there too, and gather raises it all the same.
"""

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


async def outcome(job: Callable[[], Awaitable[T]]) -> Ok[T] | Err:
    try:
        return Ok(await job())
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
        return Err(error)


async def try_all(
    jobs: Mapping[str, Callable[[], Awaitable[T]]],
) -> dict[str, Ok[T] | Err]:
    outcomes = await asyncio.gather(*map(outcome, jobs.values()))
    return dict(zip(jobs, outcomes, strict=True))
