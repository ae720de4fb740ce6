# breaks each-time-anew: keeps the pages in a dict, which has one place for each url
import asyncio


async def fetch_all(fetch, urls):
    pages = {}
    wanted = list(urls)

    async def fill(url):
        pages[url] = await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            for url in wanted:
                group.create_task(fill(url))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [pages[url] for url in wanted]
