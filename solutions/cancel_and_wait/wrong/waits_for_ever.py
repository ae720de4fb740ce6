# breaks grace-over: it waits as long as it takes
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    await asyncio.wait([task])
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
