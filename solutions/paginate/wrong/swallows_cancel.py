# breaks cancel-clean: a bare except takes the cancellation for the end of the pages
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
        except BaseException as error:
            if isinstance(error, Exception):
                raise
            return
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
