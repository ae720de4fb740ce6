# breaks stuck-goes-on: a stuck task is cancelled again a little later
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        asyncio.get_running_loop().call_later(0.2, task.cancel)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
