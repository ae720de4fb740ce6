# breaks says-how: what was asked to cancel is called cancelled
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    if not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=grace)
        if task.done():
            task.cancelled() or task.exception()
            return "cancelled"
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
