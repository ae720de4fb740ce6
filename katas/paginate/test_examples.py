import pytest

from .paginate import Page, fetch_items

PAGES = {
    None: Page(("a", "b"), "second"),
    "second": Page((), "third"),
    "third": Page(("c",), None),
}


class Server:
    """Gives pages, and remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def get_page(self, cursor: str | None) -> Page[str]:
        self.asked.append(cursor)
        return PAGES[cursor]


@pytest.mark.asyncio
async def test_the_items_of_all_pages_come_in_order() -> None:
    items = [item async for item in fetch_items(Server().get_page)]

    assert items == ["a", "b", "c"]


@pytest.mark.asyncio
async def test_each_page_is_asked_for_once() -> None:
    server = Server()

    async for _ in fetch_items(server.get_page):
        pass

    assert server.asked == [None, "second", "third"]


@pytest.mark.asyncio
async def test_a_page_is_asked_for_only_when_it_is_needed() -> None:
    server = Server()

    items = aiter(fetch_items(server.get_page))
    assert server.asked == []
    assert [await anext(items), await anext(items)] == ["a", "b"]
    assert server.asked == [None]

    assert await anext(items) == "c"
    assert server.asked == [None, "second", "third"]


@pytest.mark.asyncio
async def test_an_error_comes_out_after_the_items_before_it() -> None:
    async def get_page(cursor: str | None) -> Page[str]:
        if cursor is None:
            return Page(("a", "b"), "broken")
        raise ConnectionError(cursor)

    items = aiter(fetch_items(get_page))

    assert [await anext(items), await anext(items)] == ["a", "b"]
    with pytest.raises(ConnectionError, match="broken"):
        await anext(items)
