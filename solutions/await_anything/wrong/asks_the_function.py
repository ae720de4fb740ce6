# breaks call-any: asks the function whether it is async
import inspect


async def resolve(value):
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    if inspect.iscoroutinefunction(fn):
        return await fn(*args, **kwargs)
    return fn(*args, **kwargs)
