"""Connections first, on one AsyncExitStack, then three tasks that use them."""

import asyncio
from contextlib import AsyncExitStack
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
    async with AsyncExitStack() as lent:
        postgres = await lent.enter_async_context(pg.acquire())
        try:
            stocked = await lent.enter_async_context(mysql.acquire())
        except Exception:  # noqa: BLE001
            stocked = None
        try:
            async with asyncio.TaskGroup() as group:
                row = group.create_task(
                    postgres.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
                )
                orders = group.create_task(fetch_orders(mongo, user_id))
                stock = group.create_task(fetch_stock(stocked))
        except* Exception as errors:  # noqa: BLE001
            first = errors.exceptions[0]
        else:
            if row.result() is None:
                raise LookupError(f"there is no user {user_id}")
            return Dashboard(dict(row.result()), orders.result(), stock.result())
        raise first


async def fetch_orders(mongo: MongoDb, user_id: int) -> list[dict[str, Any]]:
    cursor = mongo.orders.find({"user_id": user_id})
    return [order async for order in cursor]


async def fetch_stock(connection: Any) -> dict[str, int] | None:
    if connection is None:
        return None
    try:
        async with connection.cursor() as cursor:
            await cursor.execute("SELECT name, number FROM stock")
            return dict(await cursor.fetchall())
    except Exception:  # noqa: BLE001
        return None
