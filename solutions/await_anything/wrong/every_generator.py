# breaks plain-as-it-is: awaits every generator
import inspect


async def resolve(value):
    if inspect.isawaitable(value) or inspect.isgenerator(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
