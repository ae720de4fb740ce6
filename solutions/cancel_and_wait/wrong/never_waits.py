# breaks waits-for-end: it asks, does not wait, and takes the task for cancelled
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    if task.cancel():
        return "cancelled"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
