"""Runs beside the submission; decides nothing."""

import asyncio


class WorkError(Exception):
    """What work raises that fails."""


class Watched(asyncio.Task):
    """A task whose requests to cancel are operations: `task.cancel()`."""

    def __init__(self, work, ask):
        super().__init__(work, loop=asyncio.get_running_loop())
        self._ask = ask

    def cancel(self, msg=None):
        if not self.done():
            self._ask()
        return super().cancel(msg)


def start(world, work="work"):
    return Watched(getattr(world, work)(), world.task.cancel)


async def begun(world, work="work"):
    task = start(world, work)
    await asyncio.sleep(0)
    return task


async def stop_one(kata, world, grace):
    return await kata.stop(await begun(world), grace=grace)


async def stop_unstarted(kata, world, grace):
    return await kata.stop(start(world), grace=grace)


async def stop_and_see_it_end(kata, world, grace):
    task = await begun(world)
    how = await kata.stop(task, grace=grace)
    await asyncio.wait([task])
    if how == "stuck" and not task.cancelled():
        task.exception()
    return how


async def stop_twice(kata, world, grace):
    task = await begun(world)
    first = await kata.stop(task, grace=grace)
    await world.pause()
    return [first, await kata.stop(task, grace=grace)]


async def stop_ended(kata, world, grace, *, cancelled):
    task = await begun(world)
    if cancelled:
        await asyncio.sleep(1)
        super(Watched, task).cancel()
    await asyncio.wait([task])
    world.note("ended")
    return await kata.stop(task, grace=grace)


async def stop_itself(kata, world, grace):
    async def work():
        return await kata.stop(asyncio.current_task(), grace=grace)

    return await Watched(work(), world.task.cancel)


async def cancel_the_stop(kata, world, grace):
    task = await begun(world)
    stopping = asyncio.ensure_future(kata.stop(task, grace=grace))
    await world.boss()
    if stopping.cancel():
        world.note("cancelled")
    return await stopping


async def stop_side_by_side(kata, world, grace):
    tasks = [await begun(world, work) for work in ("left", "right")]
    return await asyncio.gather(*(kata.stop(task, grace=grace) for task in tasks))


def stop_in_two_loops(kata, world, grace):
    return [
        asyncio.run(stop_one(kata, world, grace)),
        asyncio.run(stop_one(kata, world, grace)),
    ]
