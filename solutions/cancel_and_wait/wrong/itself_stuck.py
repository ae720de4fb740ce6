# breaks not-itself: the current task is called stuck at once
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        return "stuck"
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
