# breaks pages-asked-once: a next that is an empty string is taken for the end
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
        if not page.next:
            return
        page = await get_page(page.next)
