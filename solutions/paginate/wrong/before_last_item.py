# breaks only-when-needed: the next page is fetched before the last item of this one is given
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    last = None
    while True:
        items = [*last, *page.items] if last else list(page.items)
        last = None
        if page.next is not None and items:
            last = [items.pop()]
        for item in items:
            yield item
        if page.next is None:
            return
        page = await get_page(page.next)
