# breaks first-error-out: takes the last error of the group, which may be one of a cleanup
import asyncio


async def fetch_both(left, right):
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(left())
            second = group.create_task(right())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[-1] from None
    return first.result(), second.result()
