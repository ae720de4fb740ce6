# breaks plain-as-it-is: a class that defines __await__ has that attribute too
import inspect


async def resolve(value):
    if hasattr(value, "__await__") or inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
