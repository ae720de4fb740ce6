# breaks only-when-needed: the next page is fetched while the items of this one are given
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    while True:
        following = None
        if page.next is not None:
            following = asyncio.create_task(get_page(page.next))
        for item in page.items:
            yield item
        if following is None:
            return
        page = await following
