# breaks stuck-goes-on: a task that was asked before is not asked again
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    if not task.cancelling():
        task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
