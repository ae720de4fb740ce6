# breaks error-out: gives the error back as if it were a result
import asyncio
import inspect


async def resolve(value):
    if not inspect.isawaitable(value):
        return value
    return (await asyncio.gather(value, return_exceptions=True))[0]


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
