"""Nobody spoils the party: see README.md."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Ok(Generic[T]):
    """What a job that ended well has returned. It is given to you: do not change it."""

    value: T


@dataclass(frozen=True)
class Err:
    """What a job that failed has raised. It is given to you: do not change it."""

    error: BaseException


async def try_all(
    jobs: Mapping[str, Callable[[], Awaitable[T]]],
) -> dict[str, Ok[T] | Err]:
    """Run all jobs at once; return what became of each, in the order of the mapping.

    An error of a job is reported and stops no other job. Cancelling the caller cancels
    every job.
    """
    raise NotImplementedError
