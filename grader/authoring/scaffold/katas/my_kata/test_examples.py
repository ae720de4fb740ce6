import asyncio

import pytest

from .my_kata import fetch_all


@pytest.mark.asyncio
async def test_answers_stand_in_the_order_of_the_names() -> None:
    ended = []

    async def fetch(name: str) -> str:
        await asyncio.sleep({"a": 0.02, "b": 0.01}[name])
        ended.append(name)
        return f"answer {name}"

    assert await fetch_all(fetch, ["a", "b"]) == ["answer a", "answer b"]
    assert ended == ["b", "a"]
