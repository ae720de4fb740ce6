# breaks items-in-order: the loop ends before the last page's items are given
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    while page.next is not None:
        for item in page.items:
            yield item
        page = await get_page(page.next)
