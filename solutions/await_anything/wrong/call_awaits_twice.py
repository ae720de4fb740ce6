# breaks one-level: resolves the result of an async function once more
import inspect


async def resolve(value):
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    found = fn(*args, **kwargs)
    if inspect.iscoroutine(found):
        found = await found
    return await resolve(found)
