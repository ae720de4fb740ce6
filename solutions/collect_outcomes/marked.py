"""gather with return_exceptions; what ended well is marked where it ended."""

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


async def succeed(job: Callable[[], Awaitable[T]]) -> Ok[T]:
    return Ok(await job())


async def try_all(
    jobs: Mapping[str, Callable[[], Awaitable[T]]],
) -> dict[str, Ok[T] | Err]:
    outcomes = await asyncio.gather(
        *(succeed(job) for job in jobs.values()), return_exceptions=True
    )
    return {
        name: Err(outcome) if isinstance(outcome, BaseException) else outcome
        for name, outcome in zip(jobs, outcomes, strict=True)
    }
