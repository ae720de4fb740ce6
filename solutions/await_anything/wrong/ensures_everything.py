# breaks plain-as-it-is: makes a future of everything
import asyncio


async def resolve(value):
    return await asyncio.ensure_future(value)


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
