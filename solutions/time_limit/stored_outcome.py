"""`wait_for` around a wrapper that keeps what came of `op`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def fetch_or_default(
    op: Callable[[], Awaitable[T]], limit: float | None, default: T
) -> T:
    if limit is not None and limit <= 0:
        raise ValueError(f"limit must be positive, got {limit}")
    answers: list[T] = []
    errors: list[Exception] = []

    async def keep_outcome() -> None:
        try:
            answers.append(await op())
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    try:
        await asyncio.wait_for(keep_outcome(), limit)
    except TimeoutError:
        return default
    if errors:
        raise errors[0]
    return answers[0]
