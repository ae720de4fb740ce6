# breaks nothing-before: the first page is asked for when fetch_items is called
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


def fetch_items(get_page):
    return items_from(asyncio.ensure_future(get_page(None)), get_page)


async def items_from(asking, get_page):
    page = await asking
    while True:
        for item in page.items:
            yield item
        if page.next is None:
            return
        page = await get_page(page.next)
