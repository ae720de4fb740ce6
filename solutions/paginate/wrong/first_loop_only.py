# breaks second-loop: pages are fetched in the loop that was the first
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


LOOPS = []


async def fetch_items(get_page):
    if not LOOPS:
        LOOPS.append(asyncio.get_running_loop())
    cursor = None
    while True:
        page = await LOOPS[0].create_task(get_page(cursor))
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
