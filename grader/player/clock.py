"""The clocks and the sleep of `time`, as a submission sees them."""

from __future__ import annotations

import queue
import threading
import time
from typing import Any

from grader import wire
from grader.player.kernel import Kernel

EPOCH = 1_767_225_600
"""What `time.time()` reads when a run begins: 2026-01-01, everywhere."""

_kernel: Kernel | None = None
_real_monotonic_ns = time.monotonic_ns
_real_time_ns = time.time_ns
_real_sleep = time.sleep


def use_kernel(kernel: Kernel | None) -> None:
    """Let clocks follow this kernel; None gives the real ones back."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel


def _monotonic_ns() -> int:
    if _kernel is None:
        return _real_monotonic_ns()
    return 1000 * wire.NANOSECONDS + _kernel.read_clock()


def _time_ns() -> int:
    if _kernel is None:
        return _real_time_ns()
    return EPOCH * wire.NANOSECONDS + _kernel.read_clock()


def _monotonic() -> float:
    return _monotonic_ns() / wire.NANOSECONDS


def _time() -> float:
    return _time_ns() / wire.NANOSECONDS


def _sleep(seconds: float, /) -> None:
    if _kernel is None:
        _real_sleep(seconds)
        return
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds == 0:
        _kernel.give_way()
        return
    _kernel.wait(f"time.sleep({seconds:g})", seconds)


def _internal_monotonic() -> float:
    # What the interpreter's own waits read is no busy wait.
    if _kernel is None:
        return _real_monotonic_ns() / wire.NANOSECONDS
    return 1000.0 + _kernel.now / wire.NANOSECONDS


def install() -> None:
    """Put the virtual clocks in place."""
    module: Any = time
    module.monotonic = module.perf_counter = _monotonic
    module.monotonic_ns = module.perf_counter_ns = _monotonic_ns
    module.time = _time
    module.time_ns = _time_ns
    module.sleep = _sleep
    threads: Any = threading
    threads._time = _internal_monotonic
    queues: Any = queue
    queues.time = _internal_monotonic
