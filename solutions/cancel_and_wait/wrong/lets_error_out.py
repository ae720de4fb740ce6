# breaks says-how: the error of the task comes out of stop
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    task.result()
    return "finished"
