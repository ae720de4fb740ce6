# breaks already-ended: it awaits a task that has failed already
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    if task.done():
        if task.cancelled():
            return "cancelled"
        await task
        return "finished"
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
