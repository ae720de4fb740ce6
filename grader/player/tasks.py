"""Tasks and futures that have one order, and one name, in every run."""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import Iterator
from typing import Any

from grader.player.kernel import Kernel

_kernel: Kernel | None = None


def use_kernel(kernel: Kernel | None) -> None:
    """Make loops and tasks from now on belong to this kernel's run."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel


def current_kernel() -> Kernel:
    """Return the kernel of the run that is on."""
    if _kernel is None:
        raise RuntimeError("no run is on")
    return _kernel


class Task(asyncio.Task[Any]):
    """A task hashed by serial number, so that sets of tasks have one order everywhere."""

    __slots__ = ("_line", "_serial")

    def __init__(self, coro: Any, **options: Any) -> None:
        kernel = current_kernel()
        self._serial = kernel.next_serial()
        self._line = kernel.calling_line()
        if options.get("name") is None:
            # asyncio's own counter goes on from one run to the next.
            options["name"] = _pending_name(options) or kernel.next_name()
        super().__init__(coro, **options)

    def __hash__(self) -> int:
        return self._serial


_registers = [
    vars(asyncio.tasks)[name]
    for name in ("_all_tasks", "_scheduled_tasks")
    if name in vars(asyncio.tasks)
]
_clear = weakref.WeakSet.clear


def forget() -> bool:
    """Make asyncio forget the tasks of a run that is over; say whether it does.

    It looks through all that it knows whenever it is asked who is there, and those of
    earlier runs are there until Python looks for garbage.
    """
    try:
        for register in _registers:
            _clear(register)
    except BaseException:  # noqa: BLE001
        # A submission has tampered with it.
        return False
    return True


def _pending_name(options: dict[str, Any]) -> str | None:
    """Return the name that a loop keeps for the task its factory is making."""
    loop = options.get("loop")
    name: str | None = getattr(loop, "pending_name", None)
    if name is not None:
        loop.pending_name = None  # type: ignore[union-attr]
    return name


class Future(asyncio.Future[Any]):
    """A future hashed by serial number."""

    __slots__ = ("_serial",)

    def __init__(self, **options: Any) -> None:
        self._serial = current_kernel().next_serial()
        super().__init__(**options)

    def __hash__(self) -> int:
        return self._serial


Task.__module__ = Future.__module__ = "_asyncio"


class Generators:
    """A loop's async generators, held weakly, in the order in which they began."""

    def __init__(self) -> None:
        self._held: dict[int, weakref.ref[Any]] = {}

    def add(self, generator: Any) -> None:
        """Hold a generator until it is gone."""
        key = id(generator)
        self._held[key] = weakref.ref(generator, lambda _: self._held.pop(key, None))

    def discard(self, generator: Any) -> None:
        """Let go of a generator."""
        self._held.pop(id(generator), None)

    def clear(self) -> None:
        """Let go of all."""
        self._held.clear()

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Any]:
        held = [reference() for reference in self._held.values()]
        return iter([each for each in held if each is not None])


def _in_order(awaitables: Any) -> Any:
    """Return awaitables as tasks, made in the order given and not in that of a set."""
    if asyncio.isfuture(awaitables) or asyncio.iscoroutine(awaitables):
        return awaitables  # `as_completed` says what is wrong with that
    return [asyncio.ensure_future(each) for each in dict.fromkeys(awaitables)]


def _install_as_completed() -> None:
    real = asyncio.as_completed

    def at_once(fs: Any, *, timeout: float | None = None) -> Any:
        return real(_in_order(fs), timeout=timeout)

    def when_asked(fs: Any, *, timeout: float | None = None) -> Any:
        yield from real(_in_order(fs), timeout=timeout)

    function: Any = at_once if sys.version_info >= (3, 13) else when_asked
    function.__name__ = function.__qualname__ = "as_completed"
    asyncio.as_completed = asyncio.tasks.as_completed = function


def install() -> None:
    """Make every way of creating a task create one of ours, in one order."""
    _install_as_completed()
    asyncio.Task = asyncio.tasks.Task = Task  # type: ignore[misc]
    if sys.version_info >= (3, 12):
        eager = asyncio.create_eager_task_factory(Task)
        asyncio.eager_task_factory = asyncio.tasks.eager_task_factory = eager
