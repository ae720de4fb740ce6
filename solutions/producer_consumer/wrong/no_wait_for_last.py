# breaks each-item-once: the workers are cancelled when the queue is empty, not when all is done
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

    try:
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(read())
            hands = [group.create_task(work()) for _ in range(workers)]
            await asyncio.wait([reader])
            while not queue.empty():
                await asyncio.sleep(0.01)
            for hand in hands:
                hand.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
