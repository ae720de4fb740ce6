# breaks nothing-left: a task that watches the time is never stopped
import asyncio
import inspect


async def watch(value):
    await asyncio.sleep(60)
    print("slow:", value)


async def resolve(value):
    if inspect.isawaitable(value):
        resolve.watcher = asyncio.create_task(watch(value))
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
