import asyncio

import pytest

from .gather_in_order import fetch_all


class Site:
    """Pages that take a moment, and what became of the fetches."""

    def __init__(self, **seconds: float) -> None:
        self.seconds = seconds
        self.ended: list[str] = []
        self.running = 0
        self.most = 0

    async def fetch(self, url: str) -> str:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self.seconds.get(url, 0.01))
            if url == "broken":
                raise ConnectionError(url)
        finally:
            self.running -= 1
            self.ended.append(url)
        return f"page {url}"


@pytest.mark.asyncio
async def test_pages_come_in_the_order_of_the_urls() -> None:
    site = Site(a=0.03, b=0.01, c=0.02)

    assert await fetch_all(site.fetch, ["a", "b", "c"]) == [
        "page a",
        "page b",
        "page c",
    ]
    assert site.ended == ["b", "c", "a"]


@pytest.mark.asyncio
async def test_all_are_fetched_at_once() -> None:
    site = Site()

    await fetch_all(site.fetch, (str(number) for number in range(10)))

    assert site.most == 10


@pytest.mark.asyncio
async def test_a_url_that_occurs_twice_is_fetched_twice() -> None:
    site = Site()

    assert await fetch_all(site.fetch, ["a", "a"]) == ["page a", "page a"]
    assert site.ended == ["a", "a"]


@pytest.mark.asyncio
async def test_no_urls_give_an_empty_list() -> None:
    assert await fetch_all(Site().fetch, []) == []


@pytest.mark.asyncio
async def test_an_error_comes_out_and_the_others_have_ended() -> None:
    site = Site(slow=60)

    with pytest.raises(ConnectionError, match="broken"):
        await fetch_all(site.fetch, ["slow", "broken"])

    assert site.running == 0


@pytest.mark.asyncio
async def test_cancelling_the_caller_cancels_every_fetch() -> None:
    site = Site(a=60, b=60)
    caller = asyncio.create_task(fetch_all(site.fetch, ["a", "b"]))
    await asyncio.sleep(0.01)
    assert site.running == 2

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert site.running == 0
