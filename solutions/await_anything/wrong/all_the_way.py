# breaks one-level: awaits on until nothing is left to await
import inspect


async def resolve(value):
    while inspect.isawaitable(value):
        value = await value
    return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
