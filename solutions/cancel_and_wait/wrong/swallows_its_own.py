# breaks own-cancel-out: every CancelledError is taken for that of the task
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    try:
        async with asyncio.timeout(grace):
            await asyncio.shield(task)
    except asyncio.CancelledError:
        return "cancelled"
    except BaseException:
        return "failed" if task.done() else "stuck"
    return "finished"
