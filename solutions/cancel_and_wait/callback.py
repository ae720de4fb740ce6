"""A future that the end of the task sets, under a time limit."""

import asyncio
from typing import Any, Literal


async def stop(
    task: asyncio.Task[Any], *, grace: float
) -> Literal["cancelled", "finished", "failed", "stuck"]:
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    if not task.done():
        await _asked_to_end(task, grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "failed" if task.exception() else "finished"


async def _asked_to_end(task: asyncio.Task[Any], grace: float) -> None:
    ended = asyncio.get_running_loop().create_future()

    def on_end(_: object) -> None:
        if not ended.done():
            ended.set_result(None)

    task.add_done_callback(on_end)
    task.cancel()
    try:
        async with asyncio.timeout(grace):
            await ended
    except TimeoutError:
        pass
    finally:
        task.remove_done_callback(on_end)
