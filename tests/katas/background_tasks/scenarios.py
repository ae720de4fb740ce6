"""Runs beside the submission; decides nothing."""

import asyncio
import gc
import types
import weakref


class JobError(Exception):
    """What a job that fails raises."""


class ReportError(Exception):
    """What an `on_error` that fails raises."""


class User:
    """Spawns jobs by their keys. It holds none of the tasks."""

    def __init__(self, kata, world, follows=(), job=None):
        self._world = world
        self._job = job or world.job
        self._follows = dict(follows)
        self._spawned = weakref.WeakValueDictionary()
        self._offered = []
        self.tasks = kata.BackgroundTasks(self._on_error)

    def _on_error(self, task, error):
        # Which task it is, the very object; its name is the submission's business.
        keys = [key for key, each in self._spawned.items() if each is task]
        self._world.on_error(*(keys or ["some other task"]), error)

    def spawn(self, key):
        followed = key in self._follows
        coro = self._work(key) if followed else self._job(key)
        task = self.tasks.spawn(coro)
        if isinstance(task, asyncio.Task):
            self._spawned[key] = task
        # The task itself would be held by what is told of this call.
        return None if task is None else f"a {type(task).__name__}"

    async def _work(self, key):
        try:
            return await self._job(key)
        finally:
            self.spawn(self._follows[key])

    def offer(self, key):
        """Spawn a coroutine that has begun already, and cleans up when it is closed."""
        coro = self._begun(key)
        coro.send(None)
        self._offered.append(coro)
        self.tasks.spawn(coro)

    async def _begun(self, key):
        try:
            await nothing()
        finally:
            self._world.clean_up(key)

    def cancel(self, key):
        task = self._spawned.get(key)
        return task is not None and task.cancel()


@types.coroutine
def nothing():
    yield


async def follow(kata, world, steps, follows=()):
    user = User(kata, world, follows)
    await world.follow(
        steps, spawn=user.spawn, offer=user.offer, cancel=user.cancel, tasks=user.tasks
    )


async def follow_with_handler(kata, world, steps):
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: world.handler(context.get("exception"))
    )
    await follow(kata, world, steps)


async def follow_two(kata, world, steps):
    left = User(kata, world, job=world.left)
    right = User(kata, world, job=world.right)
    await world.follow(
        steps,
        spawn_left=left.spawn,
        spawn_right=right.spawn,
        left_tasks=left.tasks,
        right_tasks=right.tasks,
    )


async def results(kata, world, keys):
    user = User(kata, world)
    tasks = [user.tasks.spawn(world.job(key)) for key in keys]
    return [await task for task in tasks]


async def names(kata, world, keys):
    user = User(kata, world)
    tasks = [user.tasks.spawn(world.job(key), name=f"the {key}") for key in keys]
    found = [task.get_name() for task in tasks]
    await world.pause()
    return found


async def spawn_many(kata, world, count):
    user = User(kata, world)
    begun = []

    async def at_once():
        begun.append(weakref.ref(asyncio.current_task()))

    for number in range(count):
        user.tasks.spawn(at_once())
        if number % 500 == 0:
            await asyncio.sleep(0)
    await world.pause()
    left = len(user.tasks)
    gc.collect()
    ended = sum(each() is None for each in begun)
    world.note("tasks still kept", count - ended)
    return left


async def live(kata, world, keys):
    """A whole life: jobs that end, fail and are cancelled, and one never begins."""
    user = User(kata, world)
    for key in keys:
        user.spawn(key)
    await world.pause()
    user.cancel("cancelled")
    await world.pause()
    user.spawn("never begun")
    await user.tasks.aclose()


def live_in_two_loops(kata, world, keys):
    return [
        asyncio.run(drained(kata, world, keys)),
        asyncio.run(drained(kata, world, keys)),
    ]


async def drained(kata, world, keys):
    user = User(kata, world)
    for key in keys:
        user.spawn(key)
    await user.tasks.drain()
    user.spawn(keys[0])
    await world.pause()
    await user.tasks.aclose()
