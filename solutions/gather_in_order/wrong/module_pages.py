# breaks own-pages: the pages wait in a dictionary of the module
import asyncio

pages = {}


async def fetch_all(fetch, urls):
    async def fill(place, url):
        pages[place] = await fetch(url)

    wanted = list(urls)
    try:
        async with asyncio.TaskGroup() as group:
            for place, url in enumerate(wanted):
                group.create_task(fill(place, url))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [pages[place] for place in range(len(wanted))]
