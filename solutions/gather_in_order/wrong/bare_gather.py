# breaks error-cancels-rest: gather raises the error and lets the others run on
import asyncio


async def fetch_all(fetch, urls):
    return await asyncio.gather(*[fetch(url) for url in urls])
