import asyncio

import pytest

from .hello_await import greet


@pytest.mark.asyncio
async def test_says_hello_and_goodbye_and_returns_the_name() -> None:
    said: list[str] = []

    name = await greet("Ada", 0.01, said.append)

    assert said == ["Hello, Ada", "Goodbye, Ada"]
    assert name == "Ada"


@pytest.mark.asyncio
async def test_three_greetings_do_not_wait_for_each_other() -> None:
    said: list[str] = []

    await asyncio.gather(
        greet("Alice", 0.02, said.append),
        greet("Bob", 0.04, said.append),
        greet("Charlie", 0.01, said.append),
    )

    assert said[:3] == ["Hello, Alice", "Hello, Bob", "Hello, Charlie"]
    assert said[3:] == ["Goodbye, Charlie", "Goodbye, Alice", "Goodbye, Bob"]


@pytest.mark.asyncio
async def test_nothing_is_said_before_it_is_awaited() -> None:
    said: list[str] = []

    greeting = greet("Ada", 0, said.append)
    assert said == []
    await greeting

    assert said == ["Hello, Ada", "Goodbye, Ada"]


@pytest.mark.asyncio
async def test_a_cancelled_greeting_says_no_goodbye() -> None:
    said: list[str] = []
    greeting = asyncio.create_task(greet("Ada", 60, said.append))
    await asyncio.sleep(0.01)

    greeting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await greeting

    assert said == ["Hello, Ada"]


@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "delay"), [("", 1), ("Ada", -1)])
async def test_bad_arguments_are_refused(name: str, delay: float) -> None:
    said: list[str] = []

    with pytest.raises(ValueError):
        await greet(name, delay, said.append)

    assert said == []
