# breaks never-blocks: time.sleep stops every task of the loop
import time
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
        time.sleep(0.1)
        page = await get_page(page.next)
