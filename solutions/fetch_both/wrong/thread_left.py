# breaks nothing-left: a thread that watches for a timeout is never stopped
import asyncio
import threading


async def fetch_both(left, right):
    never = threading.Event()
    threading.Thread(target=never.wait, daemon=True).start()
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(left())
            second = group.create_task(right())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return first.result(), second.result()
