# breaks no-complaints: a sleep that nobody awaits
import asyncio
import inspect


async def resolve(value):
    asyncio.sleep(0)
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
