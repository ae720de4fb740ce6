# breaks asks-once: it asks again and again until the task is dead
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")

    async def ask():
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=0.1)

    try:
        await asyncio.wait_for(ask(), grace)
    except TimeoutError:
        pass
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
