"""asyncio.wait until the first error; MySQL in a task whose error is looked at."""

import asyncio
from dataclasses import dataclass
from typing import Any

PgPool = Any
MongoDb = Any
MySqlPool = Any


@dataclass(frozen=True)
class Dashboard:
    user: dict[str, Any]
    orders: list[dict[str, Any]]
    stock: dict[str, int] | None


async def dashboard(
    pg: PgPool, mongo: MongoDb, mysql: MySqlPool, user_id: int
) -> Dashboard:
    stock = asyncio.create_task(fetch_stock(mysql))
    user = asyncio.create_task(fetch_user(pg, user_id))
    orders = asyncio.create_task(fetch_orders(mongo, user_id))
    try:
        done, _ = await asyncio.wait(
            [user, orders], return_when=asyncio.FIRST_EXCEPTION
        )
        for task in done:
            task.result()
        await asyncio.wait([stock])
        left_out = stock.cancelled() or stock.exception() is not None
        return Dashboard(
            user.result(), orders.result(), None if left_out else stock.result()
        )
    finally:
        for task in (user, orders, stock):
            task.cancel()
        await asyncio.gather(user, orders, stock, return_exceptions=True)


async def fetch_user(pg: PgPool, user_id: int) -> dict[str, Any]:
    async with pg.acquire() as connection:
        row: dict[str, Any] | None = await connection.fetchrow(
            "SELECT id, name FROM users WHERE id = $1", user_id
        )
        if row is None:
            raise LookupError(user_id)
        return row


async def fetch_orders(mongo: MongoDb, user_id: int) -> list[dict[str, Any]]:
    return await mongo.orders.find({"user_id": user_id}).to_list()  # type: ignore[no-any-return]


async def fetch_stock(mysql: MySqlPool) -> dict[str, int]:
    async with mysql.acquire() as connection, connection.cursor() as cursor:
        await cursor.execute("SELECT name, number FROM stock")
        return dict(await cursor.fetchall())
