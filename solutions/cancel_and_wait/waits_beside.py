"""A task of its own that waits for the end, and is put away in every case."""

import asyncio
from typing import Any, Literal


async def stop(
    task: asyncio.Task[Any], *, grace: float
) -> Literal["cancelled", "finished", "failed", "stuck"]:
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    ended = asyncio.Event()

    async def wait_for_end() -> None:
        await asyncio.wait({task})
        ended.set()

    task.cancel()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(wait_for_end())
        try:
            await asyncio.wait_for(ended.wait(), grace)
        except TimeoutError:
            waiting.cancel()
    if not task.done():
        return "stuck"
    try:
        task.result()
    except asyncio.CancelledError:
        return "cancelled"
    except Exception:  # noqa: BLE001 (whatever it is, it is the task's)
        return "failed"
    return "finished"
