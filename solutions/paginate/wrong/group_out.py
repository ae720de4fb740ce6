# breaks error-in-place: a TaskGroup wraps the error in a group
import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


async def fetch_items(get_page):
    cursor = None
    while True:
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(get_page(cursor))
        page = asking.result()
        for item in page.items:
            yield item
        cursor = page.next
        if cursor is None:
            return
