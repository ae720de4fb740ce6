# breaks not-itself: it cancels whatever it is given, the current task too
import asyncio


async def stop(task, *, grace):
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
