# breaks items-in-order: a coroutine function that returns a list is no iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    items = list(page.items)
    while page.next is not None:
        page = await get_page(page.next)
        items.extend(page.items)
    return items
