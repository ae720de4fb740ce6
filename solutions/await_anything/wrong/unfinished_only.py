# breaks done-again: takes a finished task for a plain value
import asyncio
import inspect


async def resolve(value):
    if asyncio.isfuture(value) and value.done():
        return value
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
