"""asyncio.run, once it is sure that no loop is running here."""

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
    return asyncio.run(fetch_all(fetch, user_ids))


async def fetch_all(
    fetch: Callable[[int], Awaitable[dict[str, Any]]], user_ids: Sequence[int]
) -> list[dict[str, Any]]:
    # asyncio.run cancels what is left after an error, and waits for it.
    return await asyncio.gather(*[fetch(user_id) for user_id in user_ids])
