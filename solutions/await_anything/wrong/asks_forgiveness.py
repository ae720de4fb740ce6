# breaks error-out: takes every TypeError for a sign that it cannot be awaited
async def resolve(value):
    try:
        return await value
    except TypeError:
        return value


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
