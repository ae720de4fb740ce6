# breaks left-then-right: the answers stand in the order in which they arrived
import asyncio


async def fetch_both(left, right):
    answers = []

    async def fetch(side):
        answers.append(await side())

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch(left))
            group.create_task(fetch(right))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return tuple(answers)
