import asyncio
from collections import Counter

import pytest

from .crawler import PageResult, crawl

HOME = "http://a.test/"
SITE = {
    HOME: '<a href="/news">News</a> <a href="http://b.test/">Friends</a>',
    "http://a.test/news": '<a href="../#top">Home</a> <a href="/gone">Gone</a>',
    "http://b.test/": '<a href="mailto:me@b.test">Mail</a> <a href="deep">Deep</a>',
    "http://b.test/deep": "Nothing here.",
}


class Web:
    """Pages that take a moment, and how often and how many at once were fetched."""

    def __init__(self, site: dict[str, str]) -> None:
        self.site = site
        self.fetched: Counter[str] = Counter()
        self.running = 0
        self.most = 0

    async def fetch(self, url: str) -> str:
        self.fetched[url] += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(0.01)
        finally:
            self.running -= 1
        if url not in self.site:
            raise ConnectionError("404")
        return self.site[url]


async def crawl_all(
    web: Web, max_pages: int = 99, max_depth: int = 9, limit: int = 9
) -> dict[str, PageResult]:
    return await crawl(
        HOME,
        web.fetch,
        max_pages=max_pages,
        max_depth=max_depth,
        limit=limit,
        per_host=limit,
    )


@pytest.mark.asyncio
async def test_links_are_followed_and_each_url_is_fetched_once() -> None:
    web = Web(SITE)

    results = await crawl_all(web)

    assert {url: page.depth for url, page in results.items()} == {
        HOME: 0,
        "http://a.test/news": 1,
        "http://b.test/": 1,
        "http://a.test/gone": 2,
        "http://b.test/deep": 2,
    }
    assert set(web.fetched.values()) == {1}


@pytest.mark.asyncio
async def test_a_failing_page_is_a_result_with_an_error() -> None:
    results = await crawl_all(Web(SITE))

    assert results["http://a.test/gone"].error is not None
    assert results[HOME] == PageResult(HOME, 0, None)


@pytest.mark.asyncio
async def test_the_crawl_stays_within_its_bounds() -> None:
    links = "".join(f'<a href="/{number}">' for number in range(20))
    web = Web({HOME: links} | {f"{HOME}{number}": "" for number in range(20)})

    results = await crawl_all(web, max_pages=10, limit=3)

    assert len(results) == sum(web.fetched.values()) == 10
    assert web.most == 3


@pytest.mark.asyncio
async def test_no_page_is_too_deep() -> None:
    results = await crawl_all(Web(SITE), max_depth=1)

    assert set(results) == {HOME, "http://a.test/news", "http://b.test/"}


@pytest.mark.asyncio
async def test_a_limit_below_one_is_refused() -> None:
    web = Web(SITE)

    with pytest.raises(ValueError):
        await crawl_all(web, limit=0)

    assert not web.fetched
