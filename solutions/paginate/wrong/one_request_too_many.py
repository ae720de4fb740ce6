# breaks pages-asked-once: after the last page it asks once more, with None
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
        following = await get_page(page.next)
        if page.next is None:
            return
        page = following
