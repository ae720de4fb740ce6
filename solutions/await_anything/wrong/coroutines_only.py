# breaks native-awaited: knows only coroutines
import inspect


async def resolve(value):
    if inspect.iscoroutine(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
