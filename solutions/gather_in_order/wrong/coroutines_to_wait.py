# breaks all-at-once: hands coroutines to asyncio.wait, which wants tasks
import asyncio


async def fetch_all(fetch, urls):
    wanted = list(urls)
    if not wanted:
        return []
    done, _ = await asyncio.wait([fetch(url) for url in wanted])
    return [task.result() for task in done]
