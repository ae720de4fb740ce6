"""asyncio.wait leaves the task alone, whoever is cancelled."""

import asyncio
from typing import Any, Literal


async def stop(
    task: asyncio.Task[Any], *, grace: float
) -> Literal["cancelled", "finished", "failed", "stuck"]:
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
