"""Three helpers in a TaskGroup, and its group of errors unwrapped."""

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
    try:
        async with asyncio.TaskGroup() as group:
            user = group.create_task(fetch_user(pg, user_id))
            orders = group.create_task(fetch_orders(mongo, user_id))
            stock = group.create_task(fetch_stock(mysql))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return Dashboard(user.result(), orders.result(), stock.result())


async def fetch_user(pg: PgPool, user_id: int) -> dict[str, Any]:
    async with pg.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT id, name FROM users WHERE id = $1", user_id
        )
    if row is None:
        raise LookupError(f"there is no user {user_id}")
    return dict(row)


async def fetch_orders(mongo: MongoDb, user_id: int) -> list[dict[str, Any]]:
    return [order async for order in mongo.orders.find({"user_id": user_id})]


async def fetch_stock(mysql: MySqlPool) -> dict[str, int] | None:
    try:
        async with mysql.acquire() as connection, connection.cursor() as cursor:
            await cursor.execute("SELECT name, number FROM stock")
            return dict(await cursor.fetchall())
    except Exception:  # noqa: BLE001
        return None
