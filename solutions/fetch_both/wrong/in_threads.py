# breaks never-blocks: a thread and an event loop for each, and a wait that stops ours
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def fetch_both(left, right):
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(asyncio.run, left())
        second = pool.submit(asyncio.run, right())
        return first.result(), second.result()
