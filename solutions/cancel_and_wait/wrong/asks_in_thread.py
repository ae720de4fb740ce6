# breaks never-blocks: it asks the task in a thread, and waits for the answer without await
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    await asyncio.wait([task], timeout=grace)
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    with ThreadPoolExecutor() as pool:
        error = pool.submit(task.exception).result()
    return "finished" if error is None else "failed"
