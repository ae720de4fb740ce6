"""A loop made and taken down by hand, step by step."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any


def run_report(
    fetch: Callable[[int], Awaitable[dict[str, Any]]], user_ids: Sequence[int]
) -> list[dict[str, Any]]:
    refuse_running_loop()
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(fetch_all(fetch, user_ids))
    finally:
        try:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()


def refuse_running_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("run_report cannot be called while an event loop is running")


async def fetch_all(
    fetch: Callable[[int], Awaitable[dict[str, Any]]], user_ids: Sequence[int]
) -> list[dict[str, Any]]:
    tasks = [asyncio.ensure_future(fetch(user_id)) for user_id in user_ids]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
