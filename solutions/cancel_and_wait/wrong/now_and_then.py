# breaks waits-for-end: it looks now and then whether the task has ended
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    loop = asyncio.get_running_loop()
    end = loop.time() + grace
    while not task.done() and loop.time() < end:
        await asyncio.sleep(min(0.2, end - loop.time()))
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
