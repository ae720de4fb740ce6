# breaks own-answers: the answers wait in a dictionary of the module
import asyncio

answers = {}


async def fetch_both(left, right):
    async def fetch(side, name):
        answers[name] = await side()

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch(left, "left"))
            group.create_task(fetch(right, "right"))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return answers["left"], answers["right"]
