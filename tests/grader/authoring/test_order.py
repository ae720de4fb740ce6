"""Which two neighbours can be swapped without anybody noticing."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from grader.authoring.order import matters


def told(source: str) -> bool:
    """Say whether the order of the first two statements of a function matters."""
    block = ast.parse(dedent(source)).body[0]
    assert isinstance(block, ast.FunctionDef | ast.AsyncFunctionDef)
    return matters(block, *block.body[:2])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("found = []", "limit = 3"),
        ("found = []", "if limit < 1: raise ValueError(f'limit is {limit}')"),
        ("delay = min(most, base)", "if factor < 1: raise ValueError"),
        ("self.users = 0", "self.lock = asyncio.Lock()"),
        ("self.users = 0", "self.busy = Counter()"),
        ("self.idle = asyncio.Event()", "self.lock = asyncio.Lock()"),
        ("self.left -= 1", "self.busy = busy"),
        ("found[key] = 1", "other = 2"),
    ],
)
def test_what_only_stores_may_stand_before_or_after(first: str, second: str) -> None:
    assert not told(f"def f():\n    {first}\n    {second}")
    assert not told(f"def f():\n    {second}\n    {first}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("found = []", "found += names"),
        ("count = len(waiting)", "waiting = others"),
        ("count += 1", "await wait()"),
        ("count += 1", "queue.task_done()"),
        ("self.closed = True", "if self.busy: raise RuntimeError"),
        ("self.closed = True", "self.event.set()"),
        ("found = fetch()", "other = 2 if fetch() else 3"),
        ("pool = Pool(threads)", "task = asyncio.create_task(work())"),
    ],
)
def test_in_doubt_the_order_matters(first: str, second: str) -> None:
    assert told(f"async def f():\n    {first}\n    {second}")
    assert told(f"async def f():\n    {second}\n    {first}")


def test_a_constant_of_a_function_is_seen_by_nobody_else() -> None:
    body = "count = 0\n    items = aiter(source)"

    assert not told(f"async def f():\n    {body}")
    assert told(f"async def f():\n    {body.replace('count', 'self.count')}")
    assert told(f"async def f():\n    {body.replace('0', 'place')}")
    assert told(f"async def f():\n    {body}\n    global count")


def test_an_object_that_is_not_made_is_not_seen_half_made() -> None:
    body = "    self.start = start\n    if start < 0: raise ValueError"

    assert not told(f"def __init__(self, start):\n{body}")
    assert told(f"def restart(self, start):\n{body}")


def test_names_of_a_module_may_stand_in_any_order() -> None:
    module = ast.parse("A = TypeVar('A')\nB = TypeVar('B')")

    assert not matters(module, *module.body)
