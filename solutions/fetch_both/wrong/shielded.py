# breaks cancel-both: shields the two from the caller's cancellation
import asyncio


async def fetch_both(left, right):
    return await asyncio.shield(asyncio.create_task(fetch(left, right)))


async def fetch(left, right):
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(left())
            second = group.create_task(right())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return first.result(), second.result()
