"""gather behind a shield: what is raised comes back as a value."""

import asyncio
from typing import Any, Literal


async def stop(
    task: asyncio.Task[Any], *, grace: float
) -> Literal["cancelled", "finished", "failed", "stuck"]:
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    ending = asyncio.gather(task, return_exceptions=True)
    try:
        async with asyncio.timeout(grace):
            [outcome] = await asyncio.shield(ending)
    except TimeoutError:
        if not task.done():
            return "stuck"
        [outcome] = await ending
    if isinstance(outcome, asyncio.CancelledError):
        return "cancelled"
    return "failed" if isinstance(outcome, BaseException) else "finished"
