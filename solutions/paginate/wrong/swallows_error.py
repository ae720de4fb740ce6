# breaks error-in-place: a page that fails ends the walk as if it were over
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    cursor = None
    while True:
        try:
            page = await get_page(cursor)
        except Exception:
            return
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
