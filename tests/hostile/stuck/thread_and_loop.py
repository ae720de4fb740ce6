import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    loop = asyncio.get_running_loop()
    pages = []
    for url in urls:
        future = asyncio.run_coroutine_threadsafe(fetch(url), loop)
        pages.append(future.result())
    return pages
