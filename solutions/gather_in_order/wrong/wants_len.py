# breaks any-urls: asks a generator for its length
import asyncio


async def fetch_all(fetch, urls):
    pages = [None] * len(urls)

    async def fill(place, url):
        pages[place] = await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            for place, url in enumerate(urls):
                group.create_task(fill(place, url))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return pages
