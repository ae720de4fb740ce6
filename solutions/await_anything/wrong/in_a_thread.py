# breaks never-blocks: calls in a thread, and stops the loop until it is done
import inspect
from concurrent.futures import ThreadPoolExecutor


async def resolve(value):
    if inspect.isawaitable(value):
        return await value
    return value


async def call(fn, /, *args, **kwargs):
    if inspect.iscoroutinefunction(fn):
        return await fn(*args, **kwargs)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(fn, *args, **kwargs).result()
    return await resolve(found)
