# ruff: noqa: SLF001 (an event loop's clock, timers and pipe have no public seam)
"""An event loop that has no clock of its own.

A real `SelectorEventLoop` with three differences: `select` parks in the kernel instead
of waiting, `time` is the kernel's, and timers at one instant fire in the order in which
they were made (asyncio's own heap does not keep it).
"""

from __future__ import annotations

import asyncio
import heapq
import math
import sys
from asyncio import events
from sys import _getframe
from typing import TYPE_CHECKING, Any

from grader import wire
from grader.player import network, tasks
from grader.player.selector import VirtualSelector
from grader.player.tasks import Future, Generators, Task, current_kernel

BASE = 1000.0
"""What `loop.time()` reads at the start of a run: not 0, which libraries take for unset."""


def to_nanoseconds(seconds: float) -> int:
    """Return a span in nanoseconds; what is no number is for ever."""
    if not seconds < wire.NEVER / 1e9:
        return wire.NEVER
    return round(max(seconds, -wire.NEVER / 1e9) * 1e9)


def to_instant(when: float) -> int:
    """Return the nanosecond that a loop's float time stands for."""
    return max(0, to_nanoseconds(when - BASE))


def to_time(instant: int) -> float:
    """Return the loop's float time of a nanosecond."""
    return BASE + instant / wire.NANOSECONDS


class _TimerHandle(events.TimerHandle):
    __slots__ = ("instant", "serial")

    instant: int
    serial: int

    def __lt__(self, other: Any) -> bool:
        if self.instant != other.instant:
            return bool(self.instant < other.instant)
        return bool(self.serial < other.serial)


if TYPE_CHECKING:
    # What BaseEventLoop does not tell the type checker of itself.
    class _Base(asyncio.SelectorEventLoop):
        _scheduled: list[_TimerHandle]
        _ssock: Any
        _csock: Any
        _internal_fds: int
        _selector: Any
        _asyncgens: Any
        _default_executor: Any

        def _check_closed(self) -> None: ...
        def _check_thread(self) -> None: ...
        def _check_callback(self, callback: Any, method: str) -> None: ...
        def _make_self_pipe(self) -> None: ...
        def _close_self_pipe(self) -> None: ...

else:
    _Base = asyncio.SelectorEventLoop


class VirtualLoop(_Base):
    """The event loop every submission runs on."""

    def __init__(self, selector: object = None) -> None:  # noqa: ARG002
        kernel = current_kernel()
        self._kernel = kernel
        self._deliveries: list[Any] = []
        self._timers_made = 0
        self.pending_name: str | None = None
        own = VirtualSelector(kernel)
        super().__init__(own)
        own.loop = self
        self._asyncgens = Generators()
        kernel.loops.append(self)

    # --- time -----------------------------------------------------------------

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return to_time(self._kernel.read_clock(_getframe(1)))

    @property
    def _clock_resolution(self) -> float:
        # A timer fires when it is earlier than now + resolution: below one step of the
        # float it would never fire.
        return max(0.5e-9, 2 * math.ulp(to_time(self._kernel.now)))

    @_clock_resolution.setter
    def _clock_resolution(self, _: float) -> None:
        """Ignore what BaseEventLoop measures of the real clock."""

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        """Call back at a virtual time; equal times keep the order of the calls."""
        if when is None:
            raise TypeError("when cannot be None")
        self._check_timer(callback, "call_at")
        return self._add_timer(to_instant(when), callback, args, context)

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        """Call back after a time, to the nanosecond however late in the run."""
        if delay is None:
            raise TypeError("delay must not be None")
        self._check_timer(callback, "call_later")
        instant = max(0, self._kernel.now + to_nanoseconds(delay))
        return self._add_timer(instant, callback, args, context)

    def _check_timer(self, callback: Any, method: str) -> None:
        self._check_closed()
        if self.get_debug():
            self._check_thread()
            self._check_callback(callback, method)

    def _add_timer(self, instant: int, callback: Any, args: Any, context: Any) -> Any:
        instant = min(instant, wire.NEVER)
        timer = _TimerHandle(to_time(instant), callback, args, self, context)
        if timer._source_traceback:  # type: ignore[attr-defined]
            del timer._source_traceback[-1]  # type: ignore[attr-defined]
        self._timers_made += 1
        timer.instant = instant
        timer.serial = self._timers_made
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def next_timer(self) -> int | None:
        """Return the instant of the first timer, or None."""
        if not self._scheduled or self._scheduled[0].instant >= wire.NEVER:
            return None
        return self._scheduled[0].instant

    # --- waking ---------------------------------------------------------------

    def _make_self_pipe(self) -> None:
        # Other threads wake this loop through the kernel; only signals need the pipe.
        self._ssock = None
        self._csock = None
        self._internal_fds += 1

    def _close_self_pipe(self) -> None:
        if self._ssock is None:
            self._internal_fds -= 1
        else:
            super()._close_self_pipe()

    def add_signal_handler(  # type: ignore[override]
        self, sig: int, callback: Any, *args: Any
    ) -> None:
        """Add a handler for a signal, through a real pipe."""
        if self._ssock is None:
            self._internal_fds -= 1
            super()._make_self_pipe()
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
        return bool(self._selector.has_events())

    def real_descriptors(self) -> list[tuple[int, int]]:
        """Return the real files that it waits for, as `poll` takes them."""
        return [] if self.is_closed() else list(self._selector.real_descriptors())

    # --- tasks ----------------------------------------------------------------

    def create_future(self) -> Any:
        """Return a future of this loop."""
        return Future(loop=self)

    def create_task(
        self, coro: Any, *, name: Any = None, context: Any = None, **options: Any
    ) -> Any:
        """Return a task of this loop."""
        self._check_closed()
        if self.get_task_factory() is not None:
            return self._made_by_factory(coro, name, context, options)
        task = Task(coro, loop=self, name=name, context=context, **options)
        if task._source_traceback:  # type: ignore[attr-defined]
            del task._source_traceback[-1]  # type: ignore[attr-defined]
        try:
            return task
        finally:
            # As asyncio does: an exception in the task must not keep this frame alive.
            del task

    def _made_by_factory(self, coro: Any, name: Any, context: Any, options: Any) -> Any:
        # The task may begin to run inside the factory, which is not told the name.
        name = self._kernel.next_name() if name is None else name
        self.pending_name = name
        try:
            return super().create_task(coro, name=name, context=context, **options)
        finally:
            self.pending_name = None

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Note the complaint, then do what the loop was told to."""
        self._kernel.on_complaint(context)
        super().call_exception_handler(context)

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Stay quiet: complaints are reported with the verdict."""

    # --- outside --------------------------------------------------------------

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Return the addresses of a computer; on a simulated network it takes no time."""
        found = network.in_use()
        if found is None:
            return await super().getaddrinfo(host, port, **options)
        return network.look_up(found, host, port, options.get("family", 0))

    async def _make_subprocess_transport(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("no process can be started here")


def check_surface() -> None:
    """Fail loudly when this Python lacks a private name the loop rests on."""
    wanted = ["_run_once", "_check_closed", "_check_thread", "_check_callback"]
    wanted += ["_make_self_pipe", "_write_to_self", "_make_subprocess_transport"]
    missing = [name for name in wanted if not hasattr(_Base, name)]
    if missing:
        raise RuntimeError(f"this Python's event loop has no {', '.join(missing)}")


def install() -> None:
    """Make every way of creating a loop create a virtual one."""
    check_surface()
    tasks.install()
    unix: Any = asyncio.unix_events
    unix._UnixDefaultEventLoopPolicy._loop_factory = VirtualLoop
    unix.SelectorEventLoop = VirtualLoop
    asyncio.SelectorEventLoop = VirtualLoop
    if sys.version_info >= (3, 13):
        asyncio.EventLoop = VirtualLoop
