# breaks nothing-left: the task that reports how far it is goes on for ever
import asyncio


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    queue = asyncio.Queue(maxsize)
    items = aiter(source)
    handled = 0

    async def read():
        async for item in items:
            await queue.put(item)

    async def work():
        nonlocal handled
        while True:
            item = await queue.get()
            await handle(item)
            handled += 1
            queue.task_done()

    async def report():
        while True:
            await asyncio.sleep(60)
            print(handled, "so far")

    watcher = asyncio.create_task(report())
    try:
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(read())
            hands = [group.create_task(work()) for _ in range(workers)]
            await asyncio.wait([reader])
            await queue.join()
            for hand in hands:
                hand.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
