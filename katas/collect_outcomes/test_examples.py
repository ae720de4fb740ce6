import asyncio

import pytest

from .collect_outcomes import Err, Ok, try_all


async def disk() -> int:
    await asyncio.sleep(0.02)
    return 70


async def dns() -> str:
    await asyncio.sleep(0.01)
    return "up"


async def mail() -> str:
    await asyncio.sleep(0)
    raise ConnectionError("no answer")


def unknown() -> asyncio.Future[str]:
    raise LookupError("no such check")


async def last_error() -> Exception:
    return TimeoutError("yesterday")


@pytest.mark.asyncio
async def test_every_job_is_reported_in_the_order_of_the_mapping() -> None:
    outcomes = await try_all({"disk": disk, "dns": dns})

    assert list(outcomes.items()) == [("disk", Ok(70)), ("dns", Ok("up"))]


@pytest.mark.asyncio
async def test_an_error_is_reported_and_stops_nobody() -> None:
    outcomes = await try_all({"mail": mail, "disk": disk})

    failed = outcomes["mail"]
    assert isinstance(failed, Err)
    assert isinstance(failed.error, ConnectionError)
    assert outcomes["disk"] == Ok(70)


@pytest.mark.asyncio
async def test_an_error_that_is_only_returned_is_a_value() -> None:
    outcomes = await try_all({"last error": last_error})

    assert isinstance(outcomes["last error"], Ok)


@pytest.mark.asyncio
async def test_a_job_may_raise_as_soon_as_it_is_called() -> None:
    outcomes = await try_all({"unknown": unknown, "dns": dns})

    assert isinstance(outcomes["unknown"], Err)
    assert outcomes["dns"] == Ok("up")


@pytest.mark.asyncio
async def test_no_jobs_give_an_empty_dict() -> None:
    assert await try_all({}) == {}


@pytest.mark.asyncio
async def test_a_caller_that_is_cancelled_gets_no_outcomes() -> None:
    said: list[str] = []

    async def patient() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            said.append("cancelled")

    caller = asyncio.create_task(try_all({"a": patient, "b": patient}))
    await asyncio.sleep(0.01)

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert said == ["cancelled", "cancelled"]
