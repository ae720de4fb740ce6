"""gather, with a finally that cancels what is left; acquired and released by hand."""

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
    async def fetch_user() -> dict[str, Any] | None:
        connection = await pg.acquire()
        try:
            sql = "SELECT id, name FROM users WHERE id = $1"
            row: dict[str, Any] | None = await connection.fetchrow(sql, user_id)
            return row
        finally:
            await pg.release(connection)

    async def fetch_stock() -> dict[str, int] | None:
        try:
            connection = await mysql.acquire()
            try:
                cursor = await connection.cursor()
                try:
                    await cursor.execute("SELECT name, number FROM stock")
                    return dict(await cursor.fetchall())
                finally:
                    await cursor.close()
            finally:
                await mysql.release(connection)
        except Exception:  # noqa: BLE001
            return None

    tasks = [
        asyncio.ensure_future(fetch_user()),
        asyncio.ensure_future(mongo.orders.find({"user_id": user_id}).to_list(None)),
        asyncio.ensure_future(fetch_stock()),
    ]
    try:
        user, orders, stock = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if user is None:
        raise LookupError(f"there is no user {user_id}")
    return Dashboard(user, orders, stock)
