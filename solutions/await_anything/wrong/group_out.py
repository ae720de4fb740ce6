# breaks error-out: a TaskGroup wraps the error in a group
import asyncio
import inspect


async def wait_for_it(value):
    return await value


async def resolve(value):
    if not inspect.isawaitable(value):
        return value
    async with asyncio.TaskGroup() as group:
        task = group.create_task(wait_for_it(value))
    return task.result()


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
