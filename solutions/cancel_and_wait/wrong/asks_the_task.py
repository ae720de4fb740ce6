# breaks own-cancel-out: whoever cancelled, a task that is cancelled has answered
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    try:
        async with asyncio.timeout(grace):
            await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.cancelled():
            raise
        return "cancelled"
    except BaseException:
        return "failed" if task.done() else "stuck"
    return "finished"
