# breaks source-closed: a source that has come to its end is not closed
import asyncio


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    queue = asyncio.Queue(maxsize)
    items = aiter(source)
    end = object()

    async def read():
        async for item in items:
            await queue.put(item)
        for _ in range(workers):
            await queue.put(end)
        return 0

    async def work():
        handled = 0
        while (item := await queue.get()) is not end:
            await handle(item)
            handled += 1
        return handled

    tasks = [asyncio.create_task(read())]
    tasks += [asyncio.create_task(work()) for _ in range(workers)]
    try:
        return sum(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await asyncio.gather(*tasks, return_exceptions=True)
        if hasattr(items, "aclose"):
            await items.aclose()
        raise
