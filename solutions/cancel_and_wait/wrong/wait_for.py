# breaks asks-once: wait_for cancels the task again when the time is over
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    try:
        await asyncio.wait_for(task, grace)
    except TimeoutError:
        return "stuck"
    except asyncio.CancelledError:
        if not task.cancelled() or asyncio.current_task().cancelling():
            raise
        return "cancelled"
    except Exception:
        return "failed"
    return "finished"
