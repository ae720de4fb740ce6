# breaks no-complaints: a shield is left waiting, and takes an error that nobody looks at
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    if not task.done():
        await asyncio.wait([asyncio.shield(task)], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
