import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    counting, writing = asyncio.Lock(), asyncio.Lock()
    pages = {}

    async def fetch_one(url, first, second):
        async with first:
            page = await fetch(url)
            async with second:
                pages[url] = page

    async with asyncio.TaskGroup() as group:
        for number, url in enumerate(urls):
            pair = (counting, writing) if number % 2 else (writing, counting)
            group.create_task(fetch_one(url, *pair))
    return list(pages.values())
