# breaks second-loop: it keeps the loop of the first call
import asyncio

_loop = None


async def stop(task, *, grace):
    if task is asyncio.current_task():
        raise ValueError("a task cannot wait for its own end")
    global _loop
    _loop = _loop or asyncio.get_running_loop()
    ended = _loop.create_future()
    timer = _loop.call_later(grace, lambda: ended.done() or ended.set_result(None))
    task.add_done_callback(lambda _: ended.done() or ended.set_result(None))
    task.cancel()
    try:
        await ended
    finally:
        timer.cancel()
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "cancelled"
    return "finished" if task.exception() is None else "failed"
