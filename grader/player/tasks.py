"""Tasks and futures that have one order, and one name, in every run."""

from __future__ import annotations

import asyncio
import sys
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


def install() -> None:
    """Make every way of creating a task create one of ours."""
    asyncio.Task = asyncio.tasks.Task = Task  # type: ignore[misc]
    if sys.version_info >= (3, 12):
        eager = asyncio.create_eager_task_factory(Task)
        asyncio.eager_task_factory = asyncio.tasks.eager_task_factory = eager
