# breaks generator-awaited: isinstance(..., Awaitable) does not know generator-based coroutines
from collections.abc import Awaitable


async def resolve(value):
    if isinstance(value, Awaitable):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
