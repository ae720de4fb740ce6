# breaks waits-for-end: it sleeps through the grace and looks then
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    if not task.done():
        task.cancel()
        await asyncio.sleep(grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
