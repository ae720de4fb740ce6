"""A Runner, with a TaskGroup inside it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any


def run_report(
    fetch: Callable[[int], Awaitable[dict[str, Any]]], user_ids: Sequence[int]
) -> list[dict[str, Any]]:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise RuntimeError("run_report cannot be called while an event loop is running")
    with asyncio.Runner() as runner:
        return runner.run(fetch_all(fetch, user_ids))


async def fetch_all(
    fetch: Callable[[int], Awaitable[dict[str, Any]]], user_ids: Sequence[int]
) -> list[dict[str, Any]]:
    async def fetch_one(user_id: int) -> dict[str, Any]:
        return await fetch(user_id)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_one(user_id)) for user_id in user_ids]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
