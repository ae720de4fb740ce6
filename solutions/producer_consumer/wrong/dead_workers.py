# breaks first-error-out: an error ends its worker, and join waits for ever
import asyncio


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    queue = asyncio.Queue(maxsize)
    items = aiter(source)
    handled = 0

    async def work():
        nonlocal handled
        while True:
            item = await queue.get()
            await handle(item)
            handled += 1
            queue.task_done()

    hands = [asyncio.create_task(work()) for _ in range(workers)]
    try:
        async for item in items:
            await queue.put(item)
        await queue.join()
    finally:
        for hand in hands:
            hand.cancel()
        await asyncio.gather(*hands, return_exceptions=True)
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
