"""Many pages over one session, from a real site on loopback."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import aiohttp
import pytest

from .ports import refused_port
from .site import Page, Site, cut_short, hang_up, no_text, silent, status
from .waiting import others, until

TEN: dict[str, Page] = {f"/{number}": f"page {number}" for number in range(10)}


@pytest.mark.asyncio
async def test_pages_come_in_the_order_of_their_urls(answer: Any) -> None:
    async with Site(TEN).running() as site, aiohttp.ClientSession() as session:
        urls = [site.url(path) for path in ["/3", "/1", "/3", "/2", "/1"]]
        pages = await answer.get_all(session, urls, limit=2)

    assert list(pages.items()) == [
        (urls[0], "<html>page 3"),
        (urls[1], "<html>page 1"),
        (urls[3], "<html>page 2"),
    ]
    assert Counter(site.asked) == {"/1": 1, "/2": 1, "/3": 1}


@pytest.mark.asyncio
async def test_as_many_responses_are_open_as_the_limit_says(answer: Any) -> None:
    async with Site(TEN).running() as site, aiohttp.ClientSession() as session:
        site.hold(4)
        pages = await answer.get_all(session, [*map(site.url, TEN)], limit=4)

    assert list(pages.values()) == [f"<html>page {number}" for number in range(10)]
    assert site.most_at_all == 4


@pytest.mark.asyncio
async def test_what_goes_wrong_is_a_failure_and_the_rest_comes(answer: Any) -> None:
    site = Site(
        TEN
        | {"/none": status(404), "/broken": status(500), "/hang-up": hang_up}
        | {"/cut": cut_short, "/no-text": no_text}
    )
    with refused_port() as port:
        async with site.running(), aiohttp.ClientSession() as session:
            refused = f"http://127.0.0.1:{port}/"
            urls = [refused, *map(site.url, site.pages)]
            pages = await answer.get_all(session, urls, limit=3)

    assert list(pages) == urls
    for path in TEN:
        assert pages[site.url(path)] == f"<html>page {path[1:]}"
    for url in [refused, *map(site.url, site.pages.keys() - TEN)]:
        assert isinstance(pages[url], answer.Failure)
        assert pages[url].url == url
    assert pages[site.url("/none")].status == 404
    assert pages[site.url("/broken")].status == 500


@pytest.mark.asyncio
async def test_a_page_that_never_comes_is_a_failure_when_its_time_is_up(
    answer: Any,
) -> None:
    limited = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.2))
    async with Site({"/": silent}).running() as site, limited as session:
        pages = await answer.get_all(session, [site.url("/")], limit=1)
        await site.until_nobody_is_connected()

    assert isinstance(pages[site.url("/")], answer.Failure)


@pytest.mark.asyncio
async def test_every_response_is_released(answer: Any) -> None:
    pages = TEN | {"/none": status(404), "/cut": cut_short, "/no-text": no_text}
    one = aiohttp.TCPConnector(limit=1)
    async with (
        Site(pages).running() as site,
        aiohttp.ClientSession(connector=one) as session,
    ):
        # A response that is kept would keep the only connection.
        for _ in range(2):
            got = await answer.get_all(session, [*map(site.url, pages)], limit=5)
            assert list(got) == [*map(site.url, pages)]


@pytest.mark.asyncio
async def test_main_closes_its_session(answer: Any) -> None:
    made = []

    def make_session() -> aiohttp.ClientSession:
        made.append(aiohttp.ClientSession())
        return made[-1]

    async with Site(TEN | {"/none": status(404)}).running() as site:
        urls = [site.url("/none"), *map(site.url, TEN)]
        pages = await answer.main(make_session, urls, limit=3)
        await site.until_nobody_is_connected()

    assert list(pages) == urls
    (session,) = made
    assert session.closed


@pytest.mark.asyncio
async def test_a_cancelled_main_hangs_up_and_closes_its_session(answer: Any) -> None:
    made = []

    def make_session() -> aiohttp.ClientSession:
        made.append(aiohttp.ClientSession())
        return made[-1]

    silence = {f"/{number}": silent for number in range(5)}
    async with Site({**silence}).running() as site:
        before = others()
        urls = [*map(site.url, silence)]
        task = asyncio.create_task(answer.main(make_session, urls, limit=3))
        await until(lambda: len(site.asked) == 3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await site.until_nobody_is_connected()
        assert others() == before

    assert len(site.asked) == 3
    (session,) = made
    assert session.closed
