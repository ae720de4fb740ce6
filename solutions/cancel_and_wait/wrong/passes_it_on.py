# breaks asks-once: gather passes the cancellation of stop on to the task
import asyncio


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    task.cancel()
    timer = asyncio.ensure_future(asyncio.sleep(grace))
    both = asyncio.gather(task, return_exceptions=True)
    try:
        await asyncio.wait([both, timer], return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        both.cancel()
        raise
    finally:
        timer.cancel()
        await asyncio.sleep(0)
    if not both.done():
        return "stuck"
    [outcome] = both.result()
    if isinstance(outcome, asyncio.CancelledError):
        return "cancelled"
    return "failed" if isinstance(outcome, BaseException) else "finished"
