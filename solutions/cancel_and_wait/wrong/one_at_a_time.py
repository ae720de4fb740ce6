# breaks side-by-side: a lock of the module lets one stop at a time wait
import asyncio

_lock = asyncio.Lock()


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    async with _lock:
        task.cancel()
        await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
