# breaks native-awaited: looks every 0.3 s whether it is done
import asyncio
import inspect


async def resolve(value):
    if not inspect.isawaitable(value):
        return value
    task = asyncio.ensure_future(value)
    try:
        while not task.done():
            await asyncio.sleep(0.3)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task.result()


async def call(fn, /, *args, **kwargs):
    return await resolve(fn(*args, **kwargs))
