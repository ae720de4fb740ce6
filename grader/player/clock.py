"""The clocks and the sleep of `time`, as a submission sees them."""

from __future__ import annotations

import math
import queue
import threading
import time
from operator import index
from sys import _getframe
from types import FrameType
from typing import Any

from grader import wire
from grader.player.kernel import Kernel

EPOCH = 1_767_225_600
"""What `time.time()` reads when a run begins: 2026-01-01, everywhere."""

LONGEST = 2**63 / wire.NANOSECONDS
"""Seconds that `time.sleep` cannot sleep, here as elsewhere."""

_kernel: Kernel | None = None
_real_monotonic_ns = time.monotonic_ns
_real_time_ns = time.time_ns
_real_sleep = time.sleep
_real_strftime = time.strftime
_real_clock_gettime_ns = time.clock_gettime_ns
_PROCESSOR_CLOCKS = {time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID}


def use_kernel(kernel: Kernel | None) -> None:
    """Let clocks follow this kernel; None gives the real ones back."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel


def _monotonic_ns() -> int:
    if _kernel is None:
        return _real_monotonic_ns()
    return 1000 * wire.NANOSECONDS + _kernel.read_clock(_getframe(1))


def _time_ns() -> int:
    return read_epoch(_getframe(1))


def read_epoch(reader: FrameType) -> int:
    """Return the nanoseconds since 1970 for whoever reads them in this frame."""
    if _kernel is None:
        return _real_time_ns()
    return EPOCH * wire.NANOSECONDS + _kernel.read_clock(reader)


def _monotonic() -> float:
    if _kernel is None:
        return _real_monotonic_ns() / wire.NANOSECONDS
    return 1000.0 + _kernel.read_clock(_getframe(1)) / wire.NANOSECONDS


def _time() -> float:
    if _kernel is None:
        return _real_time_ns() / wire.NANOSECONDS
    return EPOCH + _kernel.read_clock(_getframe(1)) / wire.NANOSECONDS


def _sleep(seconds: float, /) -> None:
    kernel = _kernel
    if kernel is None:
        _real_sleep(seconds)
        return
    length = _checked(seconds)
    if length == 0:
        kernel.count_turn()
        kernel.give_way()
        return
    kernel.wait(f"time.sleep({length:g})", kernel.instant_after(length))


def _checked(seconds: Any) -> float:
    length = float(seconds if isinstance(seconds, int | float) else index(seconds))
    if math.isnan(length):
        raise ValueError("Invalid value NaN (not a number)")
    if length < 0:
        raise ValueError("sleep length must be non-negative")
    if length >= LONGEST:
        raise OverflowError("timestamp out of range for platform time_t")
    return length


def _clock_gettime_ns(clock: int, /) -> int:
    return _read(clock, _getframe(1))


def _clock_gettime(clock: int, /) -> float:
    return _read(clock, _getframe(1)) / wire.NANOSECONDS


def _read(clock: int, reader: FrameType) -> int:
    if _kernel is None or clock in _PROCESSOR_CLOCKS:
        return _real_clock_gettime_ns(clock)
    base = EPOCH if clock == time.CLOCK_REALTIME else 1000
    return base * wire.NANOSECONDS + _kernel.read_clock(reader)


def _of_now(function: Any) -> Any:
    def at(seconds: float | None = None, /) -> Any:
        return function(_internal_time() if seconds is None else seconds)

    return at


def _strftime(style: str, moment: Any = None, /) -> str:
    return _real_strftime(style, time.localtime() if moment is None else moment)


def _internal_time() -> float:
    if _kernel is None:
        return _real_time_ns() / wire.NANOSECONDS
    return EPOCH + _kernel.now / wire.NANOSECONDS


def _internal_monotonic() -> float:
    # What the interpreter's own waits read is no busy wait.
    if _kernel is None:
        return _real_monotonic_ns() / wire.NANOSECONDS
    return 1000.0 + _kernel.now / wire.NANOSECONDS


_VIRTUAL = {
    "monotonic": _monotonic,
    "monotonic_ns": _monotonic_ns,
    "perf_counter": _monotonic,
    "perf_counter_ns": _monotonic_ns,
    "time": _time,
    "time_ns": _time_ns,
    "clock_gettime": _clock_gettime,
    "clock_gettime_ns": _clock_gettime_ns,
    "sleep": _sleep,
    "localtime": _of_now(time.localtime),
    "gmtime": _of_now(time.gmtime),
    "ctime": _of_now(time.ctime),
    "strftime": _strftime,
}


class _BuiltIn(staticmethod):  # type: ignore[type-arg]
    """A function that is like a built-in one.

    It does not become a method as an attribute of a class, and pickle knows its name.
    """

    def __reduce__(self) -> str:
        return str(self.__name__)


def install() -> None:
    """Put the virtual clocks in place."""
    for name, function in _VIRTUAL.items():
        function.__module__, function.__qualname__, function.__name__ = (
            "time",
            name,
            name,
        )
        setattr(time, name, _BuiltIn(function))
    threads: Any = threading
    threads._time = _internal_monotonic  # noqa: SLF001
    queues: Any = queue
    queues.time = _internal_monotonic
