# breaks own-workers: all calls share the places of the module
import asyncio

PLACES = {}


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    queue = asyncio.Queue(maxsize)
    places = PLACES.setdefault(
        (asyncio.get_running_loop(), workers), asyncio.Semaphore(workers)
    )
    items = aiter(source)
    handled = 0

    async def read():
        async for item in items:
            await queue.put(item)

    async def work():
        nonlocal handled
        while True:
            item = await queue.get()
            async with places:
                await handle(item)
            handled += 1
            queue.task_done()

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
