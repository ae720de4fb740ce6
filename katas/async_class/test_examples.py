import asyncio

import pytest

from .async_class import DataFetcher


class Line:
    """A transport that takes a moment and writes down what happens."""

    def __init__(self) -> None:
        self.happened: list[str] = []

    async def open(self, base_url: str) -> None:
        self.happened.append(f"open {base_url}")

    async def get(self, endpoint: str) -> str:
        await asyncio.sleep(0.01)
        self.happened.append(f"got {endpoint}")
        return f"data of {endpoint}"

    async def close(self) -> None:
        self.happened.append("close")


async def connected(line: Line) -> DataFetcher:
    return await DataFetcher.connect("https://api.test", line)


@pytest.mark.asyncio
async def test_it_opens_fetches_and_closes() -> None:
    line = Line()

    async with await connected(line) as fetcher:
        assert await fetcher.fetch("/a") == "data of /a"

    assert line.happened == ["open https://api.test", "got /a", "close"]


@pytest.mark.asyncio
async def test_answers_stand_in_the_order_of_the_endpoints() -> None:
    fetcher = await connected(Line())

    answers = await fetcher.fetch_multiple(["/b", "/a"])

    assert answers == ["data of /b", "data of /a"]


@pytest.mark.asyncio
async def test_aclose_lets_a_call_in_flight_finish() -> None:
    line = Line()
    fetcher = await connected(line)
    asking = asyncio.create_task(fetcher.fetch("/a"))
    await asyncio.sleep(0)

    await fetcher.aclose()

    assert await asking == "data of /a"
    assert line.happened == ["open https://api.test", "got /a", "close"]


@pytest.mark.asyncio
async def test_after_aclose_a_fetch_is_refused() -> None:
    fetcher = await connected(Line())
    await fetcher.aclose()

    with pytest.raises(RuntimeError):
        await fetcher.fetch("/a")


@pytest.mark.asyncio
async def test_the_error_of_the_body_comes_out() -> None:
    line = Line()

    with pytest.raises(KeyError):
        async with await connected(line):
            raise KeyError

    assert line.happened == ["open https://api.test", "close"]
