# breaks nothing-left: a task that reports how far the walk is goes on for ever
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    given = 0

    async def report():
        while True:
            await asyncio.sleep(60)
            print(given, "items so far")

    watcher = asyncio.create_task(report())
    page = await get_page(None)
    while True:
        for item in page.items:
            given += 1
            yield item
        if page.next is None:
            return
        page = await get_page(page.next)
