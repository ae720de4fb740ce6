# breaks called-once: calls the function once to look at it, and again to have the result
import inspect


async def resolve(value):
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    if inspect.isawaitable(fn(*args, **kwargs)):
        return await fn(*args, **kwargs)
    return fn(*args, **kwargs)
