# breaks called-once: forgets the keyword arguments
import inspect


async def resolve(value):
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args))
