# breaks each-item-once: None marks the end, although None may be an item
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
        for _ in range(workers):
            await queue.put(None)

    async def work():
        nonlocal handled
        while (item := await queue.get()) is not None:
            await handle(item)
            handled += 1

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read())
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
