# breaks nothing-left: the timer of the grace is left running
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    if not task.done():
        timer = asyncio.ensure_future(asyncio.sleep(grace))
        await asyncio.wait([task, timer], return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
