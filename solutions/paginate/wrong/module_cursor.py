# breaks own-walk: all walks share one cursor
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


CURSOR = None


async def fetch_items(get_page):
    global CURSOR
    CURSOR = None
    while True:
        page = await get_page(CURSOR)
        CURSOR = page.next
        for item in page.items:
            yield item
        if CURSOR is None:
            return
