# breaks error-stops-rest: gather leaves the others running after an error
import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dashboard:
    user: dict[str, Any]
    orders: list[dict[str, Any]]
    stock: dict[str, int] | None


async def dashboard(pg, mongo, mysql, user_id):
    return Dashboard(
        *await asyncio.gather(
            fetch_user(pg, user_id), fetch_orders(mongo, user_id), fetch_stock(mysql)
        )
    )


async def fetch_user(pg, user_id):
    async with pg.acquire() as connection:
        row = await connection.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    if row is None:
        raise LookupError(user_id)
    return row


async def fetch_orders(mongo, user_id):
    return await mongo.orders.find({"user_id": user_id}).to_list()


async def fetch_stock(mysql):
    try:
        async with mysql.acquire() as connection, connection.cursor() as cursor:
            await cursor.execute("SELECT name, number FROM stock")
            return dict(await cursor.fetchall())
    except Exception:
        return None
