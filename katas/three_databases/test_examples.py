import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from .three_databases import Dashboard, dashboard

USERS = {7: {"id": 7, "name": "Ann"}}
ORDERS = [{"user_id": 7, "item": "tea"}, {"user_id": 8, "item": "jam"}]
STOCK = [("tea", 3), ("jam", 0)]


class Database:
    """Counts the connections that are lent; may be down."""

    def __init__(self, *, down: bool = False) -> None:
        self.lent = 0
        self._down = down

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["Database"]:
        self.lent += 1
        try:
            yield self
        finally:
            self.lent -= 1

    @asynccontextmanager
    async def cursor(self) -> AsyncIterator["Database"]:
        yield self

    async def think(self) -> None:
        await asyncio.sleep(0.02)
        if self._down:
            raise ConnectionError("the database is down")


class Postgres(Database):
    async def fetchrow(self, sql: str, user_id: int) -> dict[str, Any] | None:
        assert "$1" in sql
        await self.think()
        return USERS.get(user_id)


class MySql(Database):
    async def execute(self, sql: str, args: Any = None) -> None:
        await self.think()

    async def fetchall(self) -> list[tuple[str, int]]:
        return STOCK


class Found:
    def __init__(self, database: "Mongo", user_id: int) -> None:
        self._database = database
        self._user_id = user_id

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        for order in await self.to_list():
            yield order

    async def to_list(self, length: int | None = None) -> list[dict[str, Any]]:
        await self._database.think()
        return [each for each in ORDERS if each["user_id"] == self._user_id]


class Mongo(Database):
    @property
    def orders(self) -> "Mongo":
        return self

    def find(self, wanted: dict[str, Any]) -> Found:
        return Found(self, wanted["user_id"])


@pytest.mark.asyncio
async def test_the_page_holds_all_three() -> None:
    page = await dashboard(Postgres(), Mongo(), MySql(), 7)

    assert page == Dashboard(USERS[7], ORDERS[:1], {"tea": 3, "jam": 0})


@pytest.mark.asyncio
async def test_no_such_user() -> None:
    with pytest.raises(LookupError):
        await dashboard(Postgres(), Mongo(), MySql(), 99)


@pytest.mark.asyncio
async def test_without_mysql_the_stock_is_left_out() -> None:
    page = await dashboard(Postgres(), Mongo(), MySql(down=True), 7)

    assert page.stock is None


@pytest.mark.asyncio
async def test_without_mongo_there_is_no_page_and_nothing_is_kept() -> None:
    pg, mysql = Postgres(), MySql()

    with pytest.raises(ConnectionError, match="the database is down"):
        await dashboard(pg, Mongo(down=True), mysql, 7)

    assert pg.lent == mysql.lent == 0
