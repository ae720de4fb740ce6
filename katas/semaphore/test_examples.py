import asyncio

import pytest

from .semaphore import fetch_limited


class Site:
    """Pages that take a moment, and a count of how many are being fetched."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0

    async def fetch(self, url: str) -> str:
        if url == "broken":
            raise ConnectionError(url)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0.01)
        finally:
            self.running -= 1
        return f"page {url}"


@pytest.mark.asyncio
async def test_pages_come_in_the_order_of_the_urls() -> None:
    pages = await fetch_limited(Site().fetch, ["a", "b", "c"], 2)

    assert pages == ["page a", "page b", "page c"]


@pytest.mark.asyncio
async def test_never_more_than_the_limit() -> None:
    site = Site()

    await fetch_limited(site.fetch, [str(number) for number in range(10)], 3)

    assert site.most == 3


@pytest.mark.asyncio
async def test_the_first_error_comes_out() -> None:
    with pytest.raises(ConnectionError, match="broken"):
        await fetch_limited(Site().fetch, ["a", "broken", "c"], 2)


@pytest.mark.asyncio
async def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        await fetch_limited(Site().fetch, ["a"], 0)
