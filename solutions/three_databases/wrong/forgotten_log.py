# breaks no-complaints: an async function is called and nobody awaits it
import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dashboard:
    user: dict[str, Any]
    orders: list[dict[str, Any]]
    stock: dict[str, int] | None


async def log(text):
    print(text)


async def dashboard(pg, mongo, mysql, user_id):
    log(f"page of {user_id}")
    try:
        async with asyncio.TaskGroup() as group:
            user = group.create_task(fetch_user(pg, user_id))
            orders = group.create_task(fetch_orders(mongo, user_id))
            stock = group.create_task(fetch_stock(mysql))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return Dashboard(user.result(), orders.result(), stock.result())


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
