# breaks at-most-workers: each item gets a task of its own at once
import asyncio


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    items = aiter(source)
    tasks = []
    try:
        async with asyncio.TaskGroup() as group:
            async for item in items:
                tasks.append(group.create_task(handle(item)))
                await asyncio.sleep(0)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return len(tasks)
