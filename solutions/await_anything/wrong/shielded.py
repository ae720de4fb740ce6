# breaks cancel-clean: shields what it awaits
import asyncio
import inspect


async def resolve(value):
    if inspect.isawaitable(value):
        return await asyncio.shield(value)
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
