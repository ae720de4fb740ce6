"""Runs beside the submission; decides nothing."""

import asyncio
from asyncio import CancelledError  # noqa: F401 - what a job may raise
from functools import partial


class JobError(Exception):
    """What a failing job raises."""


async def return_error(world, name):
    await world.job(name)
    return world.register(JobError(name), f"an error that {name} returned")


def jobs_of(world, names, returning=(), refusing=()):
    jobs = {name: partial(world.job, name) for name in names}
    jobs |= {name: partial(return_error, world, name) for name in returning}
    return jobs | {name: partial(world.refuse, name) for name in refusing}


async def run_jobs(kata, world, names, returning=(), refusing=()):
    return await kata.try_all(jobs_of(world, names, returning, refusing))


async def run_side_by_side(kata, world, names):
    jobs = {
        side: {name: partial(world.job, f"{side} {name}") for name in names}
        for side in ("left", "right")
    }
    found = await asyncio.gather(*map(kata.try_all, jobs.values()))
    return {
        f"{side} {name}": outcome
        for side, outcomes in zip(jobs, found, strict=True)
        for name, outcome in outcomes.items()
    }


def run_in_two_loops(kata, world, names):
    asyncio.run(run_jobs(kata, world, names))
    return asyncio.run(run_jobs(kata, world, names))
