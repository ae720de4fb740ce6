# breaks worker-used: the next items begin when the whole batch is done
import asyncio


async def process_all(source, handle, *, workers, maxsize):
    if workers < 1 or maxsize < 1:
        raise ValueError("workers and maxsize must be at least 1")
    items = aiter(source)
    handled = 0
    batch = []

    async def finish():
        nonlocal handled
        async with asyncio.TaskGroup() as group:
            for item in batch:
                group.create_task(handle(item))
        handled += len(batch)
        batch.clear()

    try:
        async for item in items:
            batch.append(item)
            if len(batch) == workers:
                await finish()
        await finish()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
    return handled
