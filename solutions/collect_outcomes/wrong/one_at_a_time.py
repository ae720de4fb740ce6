# breaks all-at-once: waits for each job before it starts the next one
from dataclasses import dataclass


@dataclass(frozen=True)
class Ok:
    value: object


@dataclass(frozen=True)
class Err:
    error: BaseException


async def try_all(jobs):
    outcomes = {}
    for name, job in jobs.items():
        try:
            outcomes[name] = Ok(await job())
        except Exception as error:
            outcomes[name] = Err(error)
    return outcomes
