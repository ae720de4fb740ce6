# breaks without-delay: it rests a while after each page
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    while True:
        for item in page.items:
            yield item
        if page.next is None:
            return
        await asyncio.sleep(0.1)
        page = await get_page(page.next)
