# breaks ends-with-slower: sleeps a little, to let everything settle
import asyncio


async def fetch_both(left, right):
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(left())
            second = group.create_task(right())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    await asyncio.sleep(0.1)
    return first.result(), second.result()
