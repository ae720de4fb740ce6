# breaks items-in-order: an item that is None is taken for the end of its page
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    items: tuple
    next: str | None


class Items:
    def __init__(self, get_page):
        self.get_page = get_page
        self.left = iter(())
        self.cursor = None
        self.over = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        while (item := next(self.left, None)) is None:
            if self.over:
                raise StopAsyncIteration
            page = await self.get_page(self.cursor)
            self.left = iter(page.items)
            self.cursor = page.next
            self.over = page.next is None
        return item


def fetch_items(get_page):
    return Items(get_page)
