# breaks empty-page: a page without items is taken for the end
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    while page.items:
        for item in page.items:
            yield item
        if page.next is None:
            return
        page = await get_page(page.next)
