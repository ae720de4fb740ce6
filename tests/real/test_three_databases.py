"""The page of three databases, with real drivers: asyncpg, aiomysql, motor.

No registry has a MongoDB server, so motor's API is answered by mongomock-motor, in memory;
motor itself is tried where there is no server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple

import aiomysql
import asyncpg
import pytest
import pytest_asyncio
from mongomock_motor import AsyncMongoMockClient
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ServerSelectionTimeoutError

from .ports import refused_port
from .waiting import AT_MOST, others, until

ADA = {"id": 7, "name": "Ada"}
ORDERS = [
    {"_id": 1, "user_id": 7, "item": "tea"},
    {"_id": 3, "user_id": 7, "item": "milk"},
]
STOCK = {"tea": 3, "milk": 0}


class Shop(NamedTuple):
    """The databases as a page sees them, and behind the scenes."""

    pg: asyncpg.Pool
    mongo: Any
    mysql: aiomysql.Pool
    pg_admin: asyncpg.Connection
    mysql_admin: aiomysql.Connection

    def page(self, answer: Any, user_id: int = 7, **others: Any) -> Any:
        """Call an answer; databases that are named take the place of those of the shop."""
        used = self._replace(**others)
        return answer.dashboard(used.pg, used.mongo, used.mysql, user_id)

    async def in_mysql(self, sql: str) -> Any:
        async with self.mysql_admin.cursor() as cursor:
            await cursor.execute(sql)
            return await cursor.fetchall()

    @asynccontextmanager
    async def users_locked(self) -> AsyncIterator[None]:
        """Make whoever asks PostgreSQL for users wait while the block runs."""
        async with self.pg_admin.transaction():
            await self.pg_admin.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            yield

    @asynccontextmanager
    async def stock_locked(self) -> AsyncIterator[None]:
        """Make whoever asks MariaDB for the stock wait while the block runs."""
        await self.in_mysql("LOCK TABLES stock WRITE")
        try:
            yield
        finally:
            await self.in_mysql("UNLOCK TABLES")

    async def waiting_in_pg(self) -> list[int]:
        """Return the sessions of PostgreSQL that wait for a lock."""
        rows = await self.pg_admin.fetch("SELECT pid FROM pg_locks WHERE NOT granted")
        return [row["pid"] for row in rows]

    async def waiting_in_mysql(self) -> list[int]:
        """Return the sessions of MariaDB that wait for a lock."""
        rows = await self.in_mysql(
            "SELECT id FROM information_schema.processlist"
            " WHERE state LIKE 'Waiting for table%'"
        )
        return [number for (number,) in rows]

    async def both_wait(self) -> bool:
        return bool(await self.waiting_in_pg() and await self.waiting_in_mysql())

    async def assert_given_back(self) -> None:
        """Hold that both connections are back and fit for use, and that nothing runs."""
        # Whoever is cancelled twice leaves a release that asyncpg carries on by itself.
        await until(lambda: others() == set())
        assert self.pg.get_idle_size() == self.pg.get_size()
        assert self.mysql.freesize == self.mysql.size
        async with self.pg.acquire(timeout=AT_MOST) as connection:
            assert await connection.fetchval("SELECT 6 * 7") == 42
        async with asyncio.timeout(AT_MOST), self.mysql.acquire() as connection:
            cursor = await connection.cursor()
            await cursor.execute("SELECT 6 * 7")
            assert await cursor.fetchall() == ((42,),)


@pytest_asyncio.fixture
async def shop(
    postgres: dict[str, Any], mariadb: dict[str, Any]
) -> AsyncIterator[Shop]:
    """Fill the three databases, and open pools of one connection each."""
    mongo = AsyncMongoMockClient()["shop"]
    await mongo.orders.insert_many(
        [ORDERS[0], {"_id": 2, "user_id": 8, "item": "salt"}, ORDERS[1]]
    )
    one = {"minsize": 1, "maxsize": 1, "autocommit": True}
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        pg_admins = await enter(asyncpg.create_pool(**postgres, min_size=1, max_size=1))
        pg_admin = await enter(pg_admins.acquire())
        await pg_admin.execute("DROP TABLE IF EXISTS users")
        await pg_admin.execute("CREATE TABLE users (id int PRIMARY KEY, name text)")
        await pg_admin.execute("INSERT INTO users VALUES (7, 'Ada'), (8, 'Bob')")

        mysql_admins = await enter(aiomysql.create_pool(**mariadb, **one))
        mysql_admin = await enter(mysql_admins.acquire())
        async with mysql_admin.cursor() as cursor:
            await cursor.execute("SET sql_notes = 0")
            await cursor.execute("CREATE DATABASE IF NOT EXISTS shop")
            await cursor.execute("USE shop")
            await cursor.execute("DROP TABLE IF EXISTS stock")
            await cursor.execute("CREATE TABLE stock (name varchar(9), number int)")
            await cursor.execute("INSERT INTO stock VALUES ('tea', 3), ('milk', 0)")

        # With min_size=1 asyncpg may run a task of its own.
        pg = await enter(asyncpg.create_pool(**postgres, min_size=0, max_size=1))
        mysql = await enter(aiomysql.create_pool(**mariadb, **one, db="shop"))
        yield Shop(pg, mongo, mysql, pg_admin, mysql_admin)
        # An answer that kept a connection would make the pools wait for it.
        pg.terminate()
        mysql.terminate()


def assert_is_ada(page: Any, *, stock: dict[str, int] | None) -> None:
    # A row of asyncpg may be on the page as it is. It is no dict, though much like one.
    assert dict(page.user) == ADA
    assert page.orders == ORDERS
    assert page.stock == stock


@pytest.mark.asyncio
async def test_the_page_holds_what_the_databases_hold(answer: Any, shop: Shop) -> None:
    page = await shop.page(answer)

    assert_is_ada(page, stock=STOCK)
    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_no_such_user_is_a_lookup_error(answer: Any, shop: Shop) -> None:
    with pytest.raises((LookupError, ExceptionGroup)) as raised:
        await shop.page(answer, 9)

    (error,) = getattr(raised.value, "exceptions", [raised.value])
    assert isinstance(error, LookupError)
    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_both_servers_are_asked_before_either_answers(
    answer: Any, shop: Shop
) -> None:
    async with shop.users_locked(), shop.stock_locked():
        page = asyncio.create_task(shop.page(answer))
        await until(shop.both_wait)

    assert_is_ada(await page, stock=STOCK)
    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_an_error_of_postgresql_comes_out_while_mysql_is_slow(
    answer: Any, shop: Shop
) -> None:
    await shop.pg_admin.execute("DROP TABLE users")

    async with shop.stock_locked():
        with pytest.raises(asyncpg.UndefinedTableError):
            await shop.page(answer)

    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_a_session_that_postgresql_ends_is_an_error(
    answer: Any, shop: Shop
) -> None:
    async with shop.users_locked(), shop.stock_locked():
        page = asyncio.create_task(shop.page(answer))
        await until(shop.both_wait)
        for session in await shop.waiting_in_pg():
            await shop.pg_admin.execute("SELECT pg_terminate_backend($1)", session)
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await page

    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_the_time_limit_of_the_postgresql_pool_is_an_error(
    answer: Any, shop: Shop, postgres: dict[str, Any]
) -> None:
    async with (
        asyncpg.create_pool(**postgres, min_size=0, command_timeout=0.2) as hasty,
        shop.users_locked(),
    ):
        with pytest.raises(TimeoutError):
            await shop.page(answer, pg=hasty)
        assert hasty.get_idle_size() == hasty.get_size()

    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_a_mongodb_that_is_not_there_is_an_error(answer: Any, shop: Shop) -> None:
    with refused_port() as port:
        client = AsyncIOMotorClient("127.0.0.1", port, serverSelectionTimeoutMS=100)
        async with shop.users_locked(), shop.stock_locked():
            with pytest.raises(ServerSelectionTimeoutError):
                await shop.page(answer, mongo=client.shop)
        client.close()

    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_without_its_table_the_stock_is_left_out(answer: Any, shop: Shop) -> None:
    await shop.in_mysql("DROP TABLE stock")

    page = await shop.page(answer)

    assert_is_ada(page, stock=None)
    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_a_mysql_that_is_not_there_leaves_the_stock_out(
    answer: Any, shop: Shop
) -> None:
    with refused_port() as port:
        async with aiomysql.create_pool(0, 1, host="127.0.0.1", port=port) as nowhere:
            page = await shop.page(answer, mysql=nowhere)

    assert_is_ada(page, stock=None)
    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_a_session_that_mysql_ends_leaves_the_stock_out(
    answer: Any, shop: Shop
) -> None:
    async with shop.stock_locked():
        page = asyncio.create_task(shop.page(answer))
        await until(shop.waiting_in_mysql)
        for session in await shop.waiting_in_mysql():
            await shop.in_mysql(f"KILL CONNECTION {session}")
        assert_is_ada(await page, stock=None)

    await shop.assert_given_back()


@pytest.mark.asyncio
async def test_a_cancelled_page_gives_both_connections_back(
    answer: Any, shop: Shop
) -> None:
    async with shop.users_locked(), shop.stock_locked():
        page = asyncio.create_task(shop.page(answer))
        await until(shop.both_wait)
        page.cancel()
        with pytest.raises(asyncio.CancelledError):
            await page
        # asyncpg tells the server that nobody waits for the row any more.
        await until(lambda: nobody(shop.waiting_in_pg))

    await shop.assert_given_back()


async def nobody(waiting: Callable[[], Awaitable[list[int]]]) -> bool:
    return not await waiting()


@pytest.mark.asyncio
async def test_twenty_pages_share_one_connection_each_way(
    answer: Any, shop: Shop
) -> None:
    pages = await asyncio.gather(
        *(shop.page(answer, user_id) for user_id in [7, 8] * 10)
    )

    assert [page.user["name"] for page in pages] == ["Ada", "Bob"] * 10
    assert [len(page.orders) for page in pages] == [2, 1] * 10
    assert all(page.stock == STOCK for page in pages)
    await shop.assert_given_back()
