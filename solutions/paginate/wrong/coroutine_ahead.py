# breaks no-complaints: the coroutine for the next page is made too early, and perhaps never awaited
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    page = await get_page(None)
    while True:
        following = get_page(page.next) if page.next is not None else None
        for item in page.items:
            yield item
        if following is None:
            return
        page = await following
