import asyncio
import threading


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    loop = asyncio.get_running_loop()
    pages = []

    def work():
        for url in urls:
            pages.append(asyncio.run_coroutine_threadsafe(fetch(url), loop).result())

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    worker.join()
    return pages
