# breaks object-awaited: knows coroutines and futures, and no other objects
import asyncio
import inspect


async def resolve(value):
    if asyncio.isfuture(value) or inspect.iscoroutine(value):
        return await value
    if inspect.isgenerator(value) and inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
