"""Runs beside the submission; decides nothing."""

import asyncio


class JobError(Exception):
    """What a job that fails raises."""


def tasks_of(world, follows=()):
    """Return a function that starts named tasks, and the list of those it started.

    `follows` names the task that another one starts when it has done its own job.
    """
    after = dict(follows)
    started = []

    async def work(name):
        result = await world.job(name)
        if name in after:
            start(after[name])
        return result

    def start(name):
        started.append(asyncio.create_task(work(name), name=name))

    return start, started


# --- snapshot -----------------------------------------------------------------


async def look(kata, world, name, others):
    asyncio.current_task().set_name("main")
    tasks = [asyncio.create_task(world.pause(each), name=each) for each in others]
    seen = await asyncio.create_task(looking(kata), name=name)
    await asyncio.gather(*tasks)
    return seen


async def looking(kata):
    return kata.snapshot()


async def look_twice(kata, world, name, others, ending):
    asyncio.current_task().set_name("main")
    tasks = [asyncio.create_task(world.pause(each), name=each) for each in others]
    ended = [asyncio.create_task(asyncio.sleep(0), name=each) for each in ending]
    await asyncio.create_task(looking(kata), name=name)
    await asyncio.gather(*ended)
    seen = await asyncio.create_task(looking(kata), name=name)
    await asyncio.gather(*tasks)
    return seen


def look_without_a_loop(kata, world):
    return kata.snapshot()


async def look_in_a_callback(kata, world):
    loop = asyncio.get_running_loop()
    seen = loop.create_future()

    def callback():
        try:
            seen.set_result(kata.snapshot())
        except Exception as error:  # noqa: BLE001 - it comes out where it is awaited
            seen.set_exception(error)

    loop.call_soon(callback)
    return await seen


# --- run_named ----------------------------------------------------------------


def jobs_of(world, keys):
    def job_of(key):
        async def job():
            world.note("the task's name", key, asyncio.current_task().get_name())
            return await world.job(key)

        return job

    return {key: job_of(key) for key in keys}


async def run_jobs(kata, world, keys):
    return await kata.run_named(jobs_of(world, keys))


# --- drain --------------------------------------------------------------------


async def drain_beside(kata, world, names, prefix, follows=()):
    start, _ = tasks_of(world, follows)
    for name in names:
        start(name)
    return await kata.drain(prefix)


async def drain_in_task(kata, world, names, prefix, caller):
    start, _ = tasks_of(world)
    for name in names:
        start(name)
    return await asyncio.create_task(kata.drain(prefix), name=caller)


async def drain_and_ask(kata, world, names, prefix):
    start, started = tasks_of(world)
    for name in names:
        start(name)
    await kata.drain(prefix)
    world.note("drained")
    return [await outcome(task) for task in started]


async def cancel_and_ask(kata, world, names, prefix, at):
    start, started = tasks_of(world)
    for name in names:
        start(name)
    draining = asyncio.create_task(kata.drain(prefix), name="drainer")
    await asyncio.sleep(at)
    if draining.cancel():
        world.note("cancelled")
    return [await outcome(task) for task in started]


async def outcome(task):
    try:
        return await task
    except asyncio.CancelledError:
        return "cancelled"
    except JobError:
        return "failed"


# --- all of it ----------------------------------------------------------------


async def live(kata, world, keys, names, prefix):
    start, started = tasks_of(world)
    for name in names:
        start(name)
    results = await kata.run_named(jobs_of(world, keys))
    await kata.drain(prefix)
    kata.snapshot()
    await asyncio.gather(*started)
    return results


def live_in_two_loops(kata, world, keys, names, prefix):
    first = asyncio.run(live(kata, world, keys, names, prefix))
    world.note("second loop")
    return [first, asyncio.run(live(kata, world, keys, names, prefix))]
