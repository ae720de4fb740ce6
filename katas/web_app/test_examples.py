import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from .web_app import make_app

Client = TestClient[web.Request, web.Application]


class MemoryStore:
    """Keeps counters in memory; getting and putting take a moment."""

    def __init__(self) -> None:
        self.counters = {"hits": 100}
        self.said: list[str] = []

    async def open(self) -> None:
        self.said.append("opened")

    async def get(self, key: str) -> int | None:
        await asyncio.sleep(0.02)
        return self.counters.get(key)

    async def put(self, key: str, value: int) -> None:
        try:
            await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            self.counters[key] = -1
            raise
        self.counters[key] = value

    async def close(self) -> None:
        self.said.append("closed")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest_asyncio.fixture
async def client(store: MemoryStore) -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_app(store))) as started:
        yield started


@pytest.mark.asyncio
async def test_a_get_gives_the_value_or_404(client: Client) -> None:
    found = await client.get("/counter/hits")
    missing = await client.get("/counter/misses")

    assert (found.status, await found.json()) == (200, {"value": 100})
    assert missing.status == 404


@pytest.mark.asyncio
async def test_posts_at_once_do_not_mix(client: Client) -> None:
    posts = [client.post("/counter/hits", json={"by": by}) for by in (1, 2, 3, 4)]

    answers = await asyncio.gather(*posts)

    assert {each.status for each in answers} == {200}
    assert max([(await each.json())["value"] for each in answers]) == 110


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [b"", b"nonsense", b"[5]", b'{"by": "5"}'])
async def test_another_body_is_a_bad_request(client: Client, body: bytes) -> None:
    answer = await client.post("/counter/hits", data=body)

    assert answer.status == 400
    assert "error" in await answer.json()


@pytest.mark.asyncio
async def test_the_store_is_opened_and_closed(store: MemoryStore) -> None:
    async with TestClient(TestServer(make_app(store))):
        assert store.said == ["opened"]

    assert store.said == ["opened", "closed"]


@pytest.mark.asyncio
async def test_an_update_is_whole_though_its_client_leaves(client: Client) -> None:
    # TestServer cancels the handler of a client that leaves.
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.03):
            await client.post("/counter/hits", json={"by": 5})

    answer = await client.post("/counter/hits", json={"by": 7})

    assert (await answer.json())["value"] in {107, 112}
