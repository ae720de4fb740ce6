"""Tasks that write into their places of a list, awaited until one has failed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str]
) -> list[str]:
    wanted = list(urls)
    pages = [""] * len(wanted)

    async def fill(place: int, url: str) -> None:
        pages[place] = await fetch(url)

    tasks = [asyncio.create_task(fill(*each)) for each in enumerate(wanted)]
    if not tasks:
        return pages
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return pages
