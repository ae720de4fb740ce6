"""An async generator, which stands still at each yield until the next item is wanted."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    next: str | None


async def fetch_items(
    get_page: Callable[[str | None], Awaitable[Page[T]]],
) -> AsyncIterator[T]:
    page = await get_page(None)
    while True:
        for item in page.items:
            yield item
        if page.next is None:
            return
        page = await get_page(page.next)
