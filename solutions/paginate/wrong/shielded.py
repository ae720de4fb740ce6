# breaks cancel-clean: the page goes on when the step that waits for it is cancelled
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    cursor = None
    while True:
        page = await asyncio.shield(get_page(cursor))
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
