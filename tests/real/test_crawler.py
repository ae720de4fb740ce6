"""A crawl of a real site on loopback."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest

from .ports import refused_port
from .site import Page, Site, at_once, hang_up, no_text, silent, status
from .waiting import others, until

NO_BOUNDS = {"max_pages": 100, "max_depth": 100, "limit": 4, "per_host": 4}


def links(*targets: str) -> str:
    return "".join(f'<p><a class=link href="{target}">there</a>' for target in targets)


class Fetcher:
    """Fetches pages over one session, and knows which."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        self.fetched: list[str] = []

    async def __call__(self, url: str) -> str:
        self.fetched.append(url)
        async with self.session.get(url) as response:
            response.raise_for_status()
            return await response.text()


@pytest.mark.asyncio
async def test_every_page_that_links_lead_to_is_fetched_once(answer: Any) -> None:
    pages: dict[str, Page] = {
        "/": links("a/", "/b", "#top", "mailto:a@example.org", "http://[bad", "b#end"),
        "/a/": links("../b", "deep", "..", "/none", "/hang-up"),
        "/b": links("/", "/a/#part", "/no-text", "/broken"),
        "/a/deep": links("/a/deeper"),
        "/none": status(404),
        "/broken": status(500),
        "/hang-up": hang_up,
        "/no-text": no_text,
    }
    with refused_port() as port:
        refused = f"http://127.0.0.1:{port}/"
        pages["/a/deeper"] = links(refused)
        async with Site(pages).running() as site, aiohttp.ClientSession() as session:
            start, fetch = site.url("/#top"), Fetcher(session)
            results = await answer.crawl(start, fetch, **NO_BOUNDS)

    def path(url: str) -> str:
        return url.removeprefix(site.url(""))

    depths = {"/": 0, "/a/": 1, "/b": 1, "/a/deep": 2, "/a/deeper": 3}
    failed = {"/none": 2, "/broken": 2, "/hang-up": 2, "/no-text": 2, refused: 4}
    assert {path(url): found.depth for url, found in results.items()} == depths | failed
    assert {path(url) for url, found in results.items() if found.error} == {*failed}
    assert all(url == found.url for url, found in results.items())
    assert Counter(fetch.fetched) == dict.fromkeys(results, 1)
    assert {*site.asked} == pages.keys()


@pytest.mark.parametrize(("limit", "per_host"), [(6, 3), (4, 3), (5, 10)])
@pytest.mark.asyncio
async def test_so_many_are_fetched_at_once_and_no_more(
    answer: Any, limit: int, per_host: int
) -> None:
    site = Site({f"/{number}": "" for number in range(9)})
    async with site.running(), aiohttp.ClientSession() as session:
        urls = [
            site.url(path, host)
            for path in site.pages
            for host in ("127.0.0.1", "localhost")
        ]
        site.pages["/"] = at_once(links(*urls))
        site.hold(limit)
        results = await answer.crawl(
            site.url("/"),
            Fetcher(session),
            **NO_BOUNDS | {"limit": limit, "per_host": per_host},
        )

    assert results.keys() == {site.url("/"), *urls}
    assert site.most_at_all == limit
    assert max(site.most.values()) <= per_host


@pytest.mark.asyncio
async def test_a_slow_page_holds_up_no_other_host(answer: Any) -> None:
    site = Site({"/slow": "", "/1": at_once(links("/2")), "/2": at_once("")})
    async with site.running(), aiohttp.ClientSession() as session:
        first = site.url("/1", "localhost")
        site.pages["/"] = at_once(links("/slow", "/never", first))
        # The slow page ends when that of the other host at the end of a chain is open.
        site.pages["/2"] = ""
        site.hold(2)
        results = await answer.crawl(
            site.url("/"), Fetcher(session), **NO_BOUNDS | {"per_host": 1}
        )

    assert results.keys() == {
        *map(site.url, ["/", "/slow", "/never"]),
        *(site.url(path, "localhost") for path in ["/1", "/2"]),
    }


@pytest.mark.asyncio
async def test_it_ends_at_max_pages_and_at_max_depth(answer: Any) -> None:
    chain: dict[str, Page] = {
        f"/{number}": at_once(links(f"/{number + 1}", f"/{number + 2}"))
        for number in range(50)
    }
    async with Site(chain).running() as site, aiohttp.ClientSession() as session:
        start, fetch = site.url("/0"), Fetcher(session)
        few = await answer.crawl(start, fetch, **NO_BOUNDS | {"max_pages": 7})
        fetched = len(fetch.fetched)
        near = await answer.crawl(
            start, fetch, **NO_BOUNDS | {"max_depth": 3, "limit": 1}
        )

    assert (len(few), fetched) == (7, 7)
    assert {url: found.depth for url, found in near.items()} == {
        site.url(f"/{number}"): (number + 1) // 2 for number in range(7)
    }


@pytest.mark.asyncio
async def test_a_cancelled_crawl_hangs_up(answer: Any) -> None:
    silence: dict[str, Page] = {f"/{number}": silent for number in range(9)}
    pages = silence | {"/": at_once(links(*silence))}
    async with Site(pages).running() as site:
        before = others()
        async with aiohttp.ClientSession() as session:
            task = asyncio.create_task(
                answer.crawl(site.url("/"), Fetcher(session), **NO_BOUNDS)
            )
            await until(lambda: len(site.asked) == 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await site.until_nobody_is_connected()
        assert others() == before

    assert len(site.asked) == 5
