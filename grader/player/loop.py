"""An event loop that has no clock of its own.

A real `SelectorEventLoop` with three differences: `select` parks in the kernel instead
of waiting, `time` is the kernel's, and timers at one instant fire in the order in which
they were made (asyncio's own heap does not keep it).
"""

from __future__ import annotations

import asyncio
import heapq
import math
import selectors
import sys
from asyncio import events
from typing import Any

from grader import wire
from grader.player.kernel import Kernel, RunOver

BASE = 1000.0
"""What `loop.time()` reads at the start of a run: not 0, which libraries take for unset."""

_kernel: Kernel | None = None


def use_kernel(kernel: Kernel | None) -> None:
    """Make loops created from now on belong to this kernel."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel


def current_kernel() -> Kernel:
    """Return the kernel of the run that is on."""
    if _kernel is None:
        raise RuntimeError("no run is on")
    return _kernel


def to_instant(when: float) -> int:
    """Return the nanosecond that a loop's float time stands for."""
    if not math.isfinite(when):
        return wire.NEVER
    return min(wire.NEVER, round((when - BASE) * wire.NANOSECONDS))


def to_time(instant: int) -> float:
    """Return the loop's float time of a nanosecond."""
    return BASE + instant / wire.NANOSECONDS


class Task(asyncio.Task[Any]):
    """A task hashed by serial number, so that sets of tasks have one order everywhere."""

    __slots__ = ("_line", "_serial")

    def __init__(self, coro: Any, **options: Any) -> None:
        kernel = current_kernel()
        self._serial = kernel.next_serial()
        self._line = kernel.calling_line()
        super().__init__(coro, **options)

    def __hash__(self) -> int:
        return self._serial


class Future(asyncio.Future[Any]):
    """A future hashed by serial number."""

    __slots__ = ("_serial",)

    def __init__(self, **options: Any) -> None:
        self._serial = current_kernel().next_serial()
        super().__init__(**options)

    def __hash__(self) -> int:
        return self._serial


Task.__module__ = Future.__module__ = "_asyncio"


class _TimerHandle(events.TimerHandle):
    __slots__ = ("instant", "serial")

    def __init__(
        self,
        instant: int,
        serial: int,
        callback: Any,
        args: Any,
        loop: Any,
        context: Any,
    ) -> None:
        super().__init__(
            to_time(min(instant, wire.NEVER)), callback, args, loop, context
        )
        self.instant = instant
        self.serial = serial

    def __lt__(self, other: Any) -> bool:
        if self.instant != other.instant:
            return bool(self.instant < other.instant)
        return bool(self.serial < other.serial)


class _VirtualSelector(selectors.BaseSelector):
    """Polls real files, if there are any, and otherwise parks in the kernel."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.loop: VirtualLoop | None = None
        self._real: selectors.BaseSelector | None = None
        self._seen: list[tuple[selectors.SelectorKey, int]] = []

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        kernel = self.kernel
        loop = self.loop
        if loop is None:
            return []
        if timeout is not None and timeout <= 0:
            kernel.count_turn()
            kernel.give_way()
            loop.take_deliveries()
            return self._poll()
        if found := self._poll():
            return found
        if not loop.take_deliveries():
            kernel.rest(loop)
            loop.take_deliveries()
        return self._poll()

    def has_events(self) -> bool:
        """Say whether a real file became ready while the loop rested."""
        if self._real is not None and not self._seen:
            self._seen = self._real.select(0)
        return bool(self._seen)

    def _poll(self) -> list[tuple[selectors.SelectorKey, int]]:
        if self._real is None:
            return []
        seen, self._seen = self._seen, []
        return seen or self._real.select(0)

    def _opened(self) -> selectors.BaseSelector:
        if self._real is None:
            self._real = selectors.DefaultSelector()
        return self._real

    def register(self, fileobj: Any, events: int, data: Any = None) -> Any:
        return self._opened().register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> Any:
        return self._opened().unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> Any:
        return self._opened().modify(fileobj, events, data)

    def get_key(self, fileobj: Any) -> Any:
        return self._opened().get_key(fileobj)

    def get_map(self) -> Any:
        return self._opened().get_map() if self._real is not None else {}

    def close(self) -> None:
        if self._real is not None:
            self._real.close()
            self._real = None
        self.loop = None


class VirtualLoop(asyncio.SelectorEventLoop):
    """The event loop every submission runs on."""

    def __init__(self, selector: object = None) -> None:  # noqa: ARG002
        kernel = current_kernel()
        self._kernel = kernel
        self._deliveries: list[Any] = []
        self._complaints: list[dict[str, Any]] = []
        self._timers_made = 0
        own = _VirtualSelector(kernel)
        super().__init__(own)
        own.loop = self
        kernel.loops.append(self)

    # --- time -----------------------------------------------------------------

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return to_time(self._kernel.read_clock())

    @property
    def _clock_resolution(self) -> float:
        # A timer fires when it is earlier than now + resolution: below one step of the
        # float it would never fire.
        return max(0.5e-9, 2 * math.ulp(to_time(self._kernel.now)))

    @_clock_resolution.setter
    def _clock_resolution(self, _: float) -> None:
        """Ignore what BaseEventLoop measures of the real clock."""

    def call_at(
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        """Call back at a virtual time; equal times keep the order of the calls."""
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()  # type: ignore[attr-defined]
        if self.get_debug():
            self._check_thread()  # type: ignore[attr-defined]
            self._check_callback(callback, "call_at")  # type: ignore[attr-defined]
        self._timers_made += 1
        timer = _TimerHandle(
            to_instant(when), self._timers_made, callback, args, self, context
        )
        heapq.heappush(self._scheduled, timer)  # type: ignore[attr-defined]
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def next_timer(self) -> int | None:
        """Return the instant of the first timer, or None."""
        scheduled = self._scheduled  # type: ignore[attr-defined]
        if not scheduled or scheduled[0].instant >= wire.NEVER:
            return None
        return int(scheduled[0].instant)

    # --- waking ---------------------------------------------------------------

    def _make_self_pipe(self) -> None:
        # Other threads wake this loop through the kernel; only signals need the pipe.
        self._ssock = None
        self._csock = None
        self._internal_fds += 1  # type: ignore[has-type]

    def _close_self_pipe(self) -> None:
        if self._ssock is None:
            self._internal_fds -= 1
        else:
            super()._close_self_pipe()  # type: ignore[misc]

    def add_signal_handler(self, sig: int, callback: Any, *args: Any) -> None:
        """Add a handler for a signal, through a real pipe."""
        if self._ssock is None:
            self._internal_fds -= 1
            super()._make_self_pipe()  # type: ignore[misc]
        super().add_signal_handler(sig, callback, *args)

    def _write_to_self(self) -> None:
        self._kernel.wake_loop(self)

    def deliver(self, action: Any) -> None:
        """Have `action()` called on this loop's thread at its next turn."""
        self._deliveries.append(action)
        self._kernel.wake_loop(self)

    def take_deliveries(self) -> bool:
        """Carry out what was delivered; say whether there was anything."""
        if not self._deliveries:
            return False
        actions, self._deliveries = self._deliveries, []
        for action in actions:
            action()
        return True

    def has_events(self) -> bool:
        """Say whether a real file is ready."""
        return bool(self._selector.has_events())  # type: ignore[attr-defined]

    # --- tasks ----------------------------------------------------------------

    def create_future(self) -> Any:
        """Return a future of this loop."""
        return Future(loop=self)

    def create_task(
        self, coro: Any, *, name: str | None = None, context: Any = None, **options: Any
    ) -> Any:
        """Return a task of this loop."""
        self._check_closed()  # type: ignore[attr-defined]
        if name is None:
            name = self._kernel.next_name()
        if self.get_task_factory() is not None:
            return super().create_task(coro, name=name, context=context, **options)
        task = Task(coro, loop=self, name=name, context=context, **options)
        if task._source_traceback:  # type: ignore[attr-defined]
            del task._source_traceback[-1]  # type: ignore[attr-defined]
        try:
            return task
        finally:
            # As asyncio does: an exception in the task must not keep this frame alive.
            del task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Note the complaint, then do what the loop was told to."""
        self._complaints.append(
            {
                "message": str(context.get("message", "")),
                "error": context.get("exception"),
            }
        )
        super().call_exception_handler(context)

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Stay quiet: complaints are reported with the verdict."""


def check_surface() -> None:
    """Fail loudly when this Python lacks a private name the loop rests on."""
    probe = asyncio.BaseEventLoop
    wanted = ["_run_once", "_check_closed", "_check_thread", "_check_callback"]
    missing = [name for name in wanted if not hasattr(probe, name)]
    if missing:
        raise RuntimeError(f"this Python's event loop has no {', '.join(missing)}")


def install() -> None:
    """Make every way of creating a loop create a virtual one."""
    check_surface()
    asyncio.unix_events._UnixDefaultEventLoopPolicy._loop_factory = VirtualLoop  # type: ignore[attr-defined,misc]
    asyncio.SelectorEventLoop = VirtualLoop  # type: ignore[misc]
    asyncio.unix_events.SelectorEventLoop = VirtualLoop  # type: ignore[misc]
    if sys.version_info >= (3, 13):
        asyncio.EventLoop = VirtualLoop
    if sys.version_info >= (3, 12):
        eager = asyncio.create_eager_task_factory(Task)
        asyncio.eager_task_factory = eager
        asyncio.tasks.eager_task_factory = eager


__all__ = ["RunOver", "VirtualLoop", "current_kernel", "install", "use_kernel"]
