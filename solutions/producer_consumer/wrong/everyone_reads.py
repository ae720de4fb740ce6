# breaks one-reader: all workers ask the source for items, with nothing between them
import asyncio


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    items = aiter(source)
    handled = 0

    async def work():
        nonlocal handled
        async for item in items:
            await handle(item)
            handled += 1

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
