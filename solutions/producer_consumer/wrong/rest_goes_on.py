# breaks error-stops-rest: gather raises the first error and leaves the others running
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
        if hasattr(items, "aclose"):
            await items.aclose()
        return 0

    async def work():
        handled = 0
        while (item := await queue.get()) is not end:
            await handle(item)
            handled += 1
        return handled

    return sum(await asyncio.gather(read(), *(work() for _ in range(workers))))
