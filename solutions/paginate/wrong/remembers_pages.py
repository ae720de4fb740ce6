# breaks own-walk: a second walk gets the pages of the first
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


PAGES = {}


async def fetch_items(get_page):
    cursor = None
    while True:
        key = get_page, cursor
        if key not in PAGES:
            PAGES[key] = await get_page(cursor)
        page = PAGES[key]
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
