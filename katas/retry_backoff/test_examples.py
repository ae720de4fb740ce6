import asyncio

import pytest

from .retry_backoff import retry


class Service:
    """A service that fails a few times before it answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def ask(self) -> str:
        self.calls += 1
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


@pytest.mark.asyncio
async def test_it_tries_again_until_there_is_an_answer() -> None:
    service = Service(ConnectionError("one"), ConnectionError("two"))

    assert await retry(service.ask, attempts=5, base=0.001) == "answer"

    assert service.calls == 3


@pytest.mark.asyncio
async def test_the_last_error_comes_out() -> None:
    service = Service(ConnectionError("one"), ConnectionError("two"))

    with pytest.raises(ConnectionError, match="two"):
        await retry(service.ask, attempts=2, base=0.001)


@pytest.mark.asyncio
async def test_other_errors_come_out_at_once() -> None:
    service = Service(KeyError("name"))

    with pytest.raises(KeyError):
        await retry(service.ask, attempts=5, base=60, retry_on=(ConnectionError,))

    assert service.calls == 1


@pytest.mark.asyncio
async def test_the_waits_grow_up_to_the_longest() -> None:
    service = Service(*[ConnectionError(str(number)) for number in range(4)])
    waits: list[float] = []

    def note(wait: float) -> float:
        waits.append(wait)
        return 0

    await retry(service.ask, attempts=5, base=1, factor=3, max_delay=10, jitter=note)

    assert waits == [1, 3, 9, 10]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("attempts", "base", "factor"), [(0, 1, 2), (3, -1, 2), (3, 1, 0.5)]
)
async def test_bad_numbers_are_refused(
    attempts: int, base: float, factor: float
) -> None:
    service = Service()

    with pytest.raises(ValueError):
        await retry(service.ask, attempts=attempts, base=base, factor=factor)

    assert service.calls == 0
