"""A shield around the task; the count of requests tells whose cancellation came out."""

import asyncio
from typing import Any, Literal


async def stop(
    task: asyncio.Task[Any], *, grace: float
) -> Literal["cancelled", "finished", "failed", "stuck"]:
    current = asyncio.current_task()
    if task is current:
        raise ValueError("a task cannot wait for its own end")
    before = current.cancelling()
    task.cancel()
    try:
        async with asyncio.timeout(grace):
            await asyncio.shield(task)
    except asyncio.CancelledError:
        if current.cancelling() > before:
            raise
        return "cancelled"
    except BaseException:  # noqa: BLE001 (whatever it is, it is the task's)
        return "failed" if task.done() else "stuck"
    return "finished"
