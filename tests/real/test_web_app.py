"""The service behind a real server, asked by a real client; its store is PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import pytest
import pytest_asyncio
from aiohttp import web

from .waiting import others, until

# A name is as good as a web.AppKey; aiohttp only recommends the latter.
pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.AppKey")

NO_AMOUNTS = [b"", b"\xff", b"nonsense", b"[]", b"{}", b'"by"', b"7"] + [
    json.dumps({"by": by}).encode() for by in (1.5, "5", None, [5], True)
]


class PgStore:
    """Counters in a table; a call may be made to wait for the test."""

    def __init__(self, postgres: dict[str, Any]) -> None:
        self._postgres = postgres
        self._pool: asyncpg.Pool
        self.calls: Counter[str] = Counter()
        self.running: Counter[str] = Counter()
        self.gates: dict[str, asyncio.Event] = {}

    async def open(self) -> None:
        self.calls["open"] += 1
        self._pool = asyncpg.create_pool(**self._postgres, min_size=0, max_size=5)
        await self._pool

    async def close(self) -> None:
        self.calls["close"] += 1
        await self._pool.close()

    async def get(self, key: str) -> int | None:
        async with self._called(f"get {key}"):
            value: int | None = await self._pool.fetchval(
                "SELECT value FROM counters WHERE key = $1", key
            )
            return value

    async def put(self, key: str, value: int) -> None:
        async with self._called(f"put {key}"):
            await self._pool.execute(
                "INSERT INTO counters VALUES ($1, $2)"
                " ON CONFLICT (key) DO UPDATE SET value = $2",
                key,
                value,
            )

    @asynccontextmanager
    async def _called(self, call: str) -> AsyncIterator[None]:
        self.running[call] += 1
        try:
            if call in self.gates:
                await self.gates[call].wait()
            yield
        finally:
            self.running[call] -= 1


class Table:
    """What the counters are, asked past the service."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def counters(self) -> dict[str, int]:
        rows = await self._connection.fetch("SELECT key, value FROM counters")
        return {row["key"]: row["value"] for row in rows}


@pytest_asyncio.fixture
async def table(postgres: dict[str, Any]) -> AsyncIterator[Table]:
    connection = await asyncpg.connect(**postgres)
    await connection.execute("DROP TABLE IF EXISTS counters")
    await connection.execute("CREATE TABLE counters (key text PRIMARY KEY, value int)")
    await connection.execute("INSERT INTO counters VALUES ('hits', 100)")
    yield Table(connection)
    await connection.close()


@pytest.fixture
def store(postgres: dict[str, Any], table: Table) -> PgStore:
    return PgStore(postgres)


@asynccontextmanager
async def served(
    answer: Any,
    store: PgStore,
    *,
    cancellation: bool = False,
    shutdown_timeout: float = 60.0,
) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve while the block runs; give a session whose urls are paths. Nothing is left."""
    before = others()
    runner = web.AppRunner(
        answer.make_app(store),
        access_log=None,
        handler_cancellation=cancellation,
        shutdown_timeout=shutdown_timeout,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(url) as session:
            yield session
    finally:
        await runner.cleanup()
    await until(lambda: others() == before)


async def decoded(response: aiohttp.ClientResponse) -> Any:
    return await response.json(content_type=None)  # it may be called text


async def post(session: aiohttp.ClientSession, name: str, by: int) -> int:
    async with session.post(f"/counter/{name}", json={"by": by}) as response:
        assert response.status == 200
        body = await decoded(response)
        assert body.keys() == {"value"}
        return int(body["value"])


async def read(session: aiohttp.ClientSession, name: str) -> tuple[int, Any]:
    async with session.get(f"/counter/{name}") as response:
        return response.status, await decoded(response) if response.ok else None


@pytest.mark.asyncio
async def test_counters_are_read_and_added_to(
    answer: Any, store: PgStore, table: Table
) -> None:
    async with served(answer, store) as session:
        assert await read(session, "hits") == (200, {"value": 100})
        assert (await read(session, "misses"))[0] == 404
        assert await post(session, "hits", -30) == 70
        assert await post(session, "misses", 0) == 0
        assert await table.counters() == {"hits": 70, "misses": 0}

    assert store.calls == {"open": 1, "close": 1}


@pytest.mark.asyncio
async def test_fifty_updates_at_once_all_count(
    answer: Any, store: PgStore, table: Table
) -> None:
    async with served(answer, store) as session:
        posts = [post(session, name, 2) for name in ["hits", "new"] * 50]
        values = await asyncio.gather(*posts)

    assert sorted(values[::2]) == [*range(102, 202, 2)]
    assert sorted(values[1::2]) == [*range(2, 102, 2)]
    assert await table.counters() == {"hits": 200, "new": 100}


@pytest.mark.asyncio
async def test_a_body_that_is_no_amount_is_refused(
    answer: Any, store: PgStore, table: Table
) -> None:
    async with served(answer, store) as session:
        for body in NO_AMOUNTS:
            headers = {"Content-Type": "application/json"}
            async with session.post(
                "/counter/hits", data=body, headers=headers
            ) as response:
                assert (body, response.status) == (body, 400)
                assert "error" in await decoded(response)

    assert await table.counters() == {"hits": 100}


@pytest.mark.asyncio
async def test_a_slow_counter_holds_up_no_other(
    answer: Any, store: PgStore, table: Table
) -> None:
    store.gates = {"get hits": asyncio.Event(), "put slow": asyncio.Event()}
    async with served(answer, store) as session:
        held = [
            asyncio.create_task(post(session, "hits", 1)),
            asyncio.create_task(post(session, "slow", 1)),
        ]
        await until(lambda: store.running["get hits"] and store.running["put slow"])
        assert await post(session, "other", 5) == 5
        assert await read(session, "other") == (200, {"value": 5})
        for gate in store.gates.values():
            gate.set()
        assert await asyncio.gather(*held) == [101, 1]


@pytest.mark.parametrize("cancellation", [False, True])
@pytest.mark.parametrize("call", ["get hits", "put hits"])
@pytest.mark.asyncio
async def test_who_leaves_during_an_update_leaves_no_half_of_it(
    answer: Any, store: PgStore, table: Table, call: str, *, cancellation: bool
) -> None:
    store.gates = {call: asyncio.Event()}
    async with served(answer, store, cancellation=cancellation) as session:
        async with aiohttp.ClientSession(session._base_url) as leaving:
            task = asyncio.create_task(post(leaving, "hits", 5))
            await until(lambda: store.running[call] == 1)
            task.cancel()
            await asyncio.wait([task])
        next_one = asyncio.create_task(post(session, "hits", 1000))
        await asyncio.sleep(0.05)  # the server hears of it
        store.gates.pop(call).set()
        value = await next_one

    assert value in {1100, 1105}
    # Whoever was first, the amount of the one who left counts as a whole or not at all.
    assert (await table.counters())["hits"] in {value, 1105}


@pytest.mark.asyncio
async def test_an_error_of_the_store_does_not_spoil_the_counter(
    answer: Any, store: PgStore, table: Table
) -> None:
    async with served(answer, store) as session:
        # An int has 32 bits there: asyncpg refuses the value.
        async with session.post("/counter/hits", json={"by": 1 << 40}) as response:
            assert response.status >= 500
        assert await post(session, "hits", 1) == 101


@pytest.mark.asyncio
async def test_the_store_closes_after_the_updates(
    answer: Any, store: PgStore, table: Table
) -> None:
    store.gates = {"put hits": asyncio.Event()}
    async with served(answer, store, shutdown_timeout=0.1) as session:
        task = asyncio.create_task(post(session, "hits", 7))
        await until(lambda: store.running["put hits"] == 1)
        asyncio.get_running_loop().call_later(0.5, store.gates["put hits"].set)
    await asyncio.wait([task])
    task.exception()  # the server may have hung up before

    assert await table.counters() == {"hits": 107}
    assert store.calls == {"open": 1, "close": 1}
