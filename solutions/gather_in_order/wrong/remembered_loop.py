# breaks second-loop: keeps the first event loop and makes its tasks there
import asyncio

loop = None


async def fetch_all(fetch, urls):
    global loop
    loop = loop or asyncio.get_running_loop()
    tasks = [loop.create_task(fetch(url)) for url in urls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
