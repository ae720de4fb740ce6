# breaks own-walk: a lock of the module lets only one walk ask for pages
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


ASKING = asyncio.Lock()


async def fetch_items(get_page):
    cursor = None
    while True:
        async with ASKING:
            page = await get_page(cursor)
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
