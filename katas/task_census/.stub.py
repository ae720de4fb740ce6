"""Who is running here? See README.md."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """The names of the task that looks, and of all others that are unfinished."""

    current: str
    others: tuple[str, ...]


def snapshot() -> Snapshot:
    """Name the current task and, sorted, every other unfinished one.

    Raises RuntimeError where no task is running.
    """
    raise NotImplementedError


async def run_named(jobs: Mapping[str, Callable[[], Awaitable[T]]]) -> dict[str, T]:
    """Run all jobs at once, each in a task named ``job:<key>``; return results by key."""
    raise NotImplementedError


async def drain(prefix: str) -> int:
    """Wait until every other task whose name starts with ``prefix`` has ended.

    Returns how many those were.
    """
    raise NotImplementedError
