import asyncio
import time
from typing import Any

import pytest

from .run_from_sync import run_report


async def fetch(user_id: int) -> dict[str, Any]:
    """Take a moment for each user; user 13 cannot be fetched."""
    await asyncio.sleep(0.05)
    if user_id == 13:
        raise ConnectionError("user 13")
    return {"id": user_id}


def test_reports_come_in_the_order_of_the_ids() -> None:
    assert run_report(fetch, [7, 3, 9]) == [{"id": 7}, {"id": 3}, {"id": 9}]


def test_no_ids_give_an_empty_list() -> None:
    assert run_report(fetch, []) == []


def test_ten_fetches_take_no_longer_than_one() -> None:
    began = time.monotonic()

    run_report(fetch, range(10))

    assert time.monotonic() - began < 0.4


def test_it_can_be_called_twice() -> None:
    assert run_report(fetch, [1]) == run_report(fetch, [1])


def test_the_first_error_comes_out() -> None:
    with pytest.raises(ConnectionError, match="user 13"):
        run_report(fetch, [1, 13, 2])


@pytest.mark.asyncio
async def test_it_refuses_to_run_under_a_running_loop() -> None:
    with pytest.raises(RuntimeError) as refused:
        run_report(fetch, [1])

    assert refused.type is RuntimeError
