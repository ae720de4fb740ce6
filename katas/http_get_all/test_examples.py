import asyncio

import aiohttp
import pytest
from aioresponses import CallbackResult, aioresponses

from .http_get_all import Failure, get_all, main

HOME = "http://pages.example/home"
NEWS = "http://pages.example/news"


@pytest.mark.asyncio
async def test_every_page_stands_under_its_url() -> None:
    with aioresponses() as web:
        web.get(HOME, body="home page")
        web.get(NEWS, body="news page")
        async with aiohttp.ClientSession() as session:
            pages = await get_all(session, [HOME, NEWS, HOME], limit=2)

    assert list(pages.items()) == [(HOME, "home page"), (NEWS, "news page")]
    assert sum(map(len, web.requests.values())) == 2


@pytest.mark.asyncio
async def test_a_bad_status_is_a_failure_and_the_others_go_on() -> None:
    with aioresponses() as web:
        web.get(HOME, status=404)
        web.get(NEWS, body="news page")
        async with aiohttp.ClientSession() as session:
            pages = await get_all(session, [HOME, NEWS], limit=2)

    failure = pages[HOME]
    assert isinstance(failure, Failure)
    assert (failure.url, failure.status) == (HOME, 404)
    assert pages[NEWS] == "news page"


@pytest.mark.asyncio
async def test_a_lost_connection_is_a_failure_without_a_status() -> None:
    with aioresponses() as web:
        web.get(HOME, exception=aiohttp.ServerDisconnectedError())
        async with aiohttp.ClientSession() as session:
            pages = await get_all(session, [HOME], limit=1)

    failure = pages[HOME]
    assert isinstance(failure, Failure)
    assert failure.status is None


@pytest.mark.asyncio
async def test_never_more_than_the_limit() -> None:
    running = most = 0

    async def think(_: object, **__: object) -> CallbackResult:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return CallbackResult(body="page")

    urls = [f"http://pages.example/{number}" for number in range(9)]
    with aioresponses() as web:
        for url in urls:
            web.get(url, callback=think)
        async with aiohttp.ClientSession() as session:
            await get_all(session, urls, limit=3)

    assert most == 3


@pytest.mark.asyncio
async def test_main_makes_one_session_and_closes_it() -> None:
    made: list[aiohttp.ClientSession] = []

    def make_session() -> aiohttp.ClientSession:
        made.append(aiohttp.ClientSession())
        return made[-1]

    with aioresponses() as web:
        web.get(HOME, body="home page")
        web.get(NEWS, body="news page")
        pages = await main(make_session, [HOME, NEWS], limit=2)

    assert pages == {HOME: "home page", NEWS: "news page"}
    assert [session.closed for session in made] == [True]


@pytest.mark.asyncio
async def test_a_limit_below_one_is_refused() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ValueError, match="limit"):
            await get_all(session, [HOME], limit=0)
