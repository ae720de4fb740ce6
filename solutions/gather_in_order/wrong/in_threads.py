# breaks never-blocks: a thread and an event loop for each, and a wait that stops ours
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def fetch_all(fetch, urls):
    wanted = list(urls)
    with ThreadPoolExecutor(len(wanted) or 1) as pool:
        pages = [pool.submit(asyncio.run, fetch(url)) for url in wanted]
        return [page.result() for page in pages]
