"""Runs beside the submission; decides nothing.

Three drivers in the shape of asyncpg, motor and aiomysql. What they hold stands in the
world, which also sees what is asked of each connection, and when.
"""

import asyncio


class PostgresError(Exception):
    """What asyncpg raises."""


class MongoError(Exception):
    """What motor raises."""


class MySQLError(Exception):
    """What aiomysql raises."""


class Lent:
    """What is both awaited and entered, as acquire and cursor of these drivers are."""

    def __init__(self, take, give_back):
        self._take = take
        self._give_back = give_back
        self._taken = None

    def __await__(self):
        return self._take().__await__()

    async def __aenter__(self):
        self._taken = await self._take()
        return self._taken

    async def __aexit__(self, *_):
        await self._give_back(self._taken)


class Pool:
    def __init__(self, world, connection):
        self._world = world
        self._connection = connection

    def acquire(self):
        return Lent(self._take, self.release)

    async def _take(self):
        return self._connection(self._world, await self._world.acquire())

    async def release(self, connection):
        self._world.release(connection.number)


class PgConnection:
    def __init__(self, world, number):
        self._world = world
        self.number = number

    async def fetchrow(self, sql, *args):
        return await self._world.fetchrow(self.number, sql, *args)


class MySqlConnection:
    def __init__(self, world, number):
        self._world = world
        self.number = number

    def cursor(self):
        return Lent(self._open, lambda cursor: cursor.close())

    async def _open(self):
        return MySqlCursor(self._world, await self._world.cursor(self.number))


class MySqlCursor:
    def __init__(self, world, number):
        self._world = world
        self._number = number

    async def execute(self, sql, args=None):
        await self._world.execute(self._number, sql, args)

    async def fetchall(self):
        return await self._world.fetchall(self._number)

    async def close(self):
        self._world.close(self._number)


class MongoCursor:
    """Asks for nothing until it is read; the first reading brings all there is."""

    def __init__(self, world, wanted):
        self._world = world
        self._wanted = wanted
        self._found = None

    async def _fetch(self):
        if self._found is None:
            self._found = iter(await self._world.find(self._wanted))
        return self._found

    def __aiter__(self):
        return self

    async def __anext__(self):
        for each in await self._fetch():
            return each
        raise StopAsyncIteration

    async def to_list(self, length=None):
        found = await self._fetch()
        return [
            each
            for number, each in enumerate(found)
            if length is None or number < length
        ]

    async def close(self):
        self._found = iter(())


class Collection:
    def __init__(self, world):
        self._world = world

    def find(self, wanted):
        return MongoCursor(self._world, wanted)


class Mongo:
    def __init__(self, world):
        self.orders = Collection(world)


def drivers(place):
    return (
        Pool(place.pg, PgConnection),
        Mongo(place.mongo.orders),
        Pool(place.mysql, MySqlConnection),
    )


async def make_page(kata, world, user_id):
    return await kata.dashboard(*drivers(world), user_id)


async def make_pages(kata, world, user_ids):
    pools = drivers(world)
    return await asyncio.gather(*[kata.dashboard(*pools, each) for each in user_ids])


def make_pages_in_two_loops(kata, world, user_id):
    async def page():
        return await kata.dashboard(*drivers(world), user_id)

    return [asyncio.run(page()), asyncio.run(page())]
