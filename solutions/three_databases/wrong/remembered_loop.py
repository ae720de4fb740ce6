# breaks second-loop: remembers the loop of its first call
import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dashboard:
    user: dict[str, Any]
    orders: list[dict[str, Any]]
    stock: dict[str, int] | None


loops = []


async def dashboard(pg, mongo, mysql, user_id):
    loops.append(asyncio.get_running_loop())
    tasks = [
        loops[0].create_task(fetch_user(pg, user_id)),
        loops[0].create_task(fetch_orders(mongo, user_id)),
        loops[0].create_task(fetch_stock(mysql)),
    ]
    try:
        return Dashboard(*await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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
