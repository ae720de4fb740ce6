# ruff: noqa: SLF001 (threading has no public seam for what is done here)
"""Threads that run only while they hold the baton."""

from __future__ import annotations

import _thread
import contextlib
import itertools
import queue
import signal
import sys
import threading
from typing import Any

from grader.player import locks
from grader.player.actor import Actor, RunOver
from grader.player.kernel import Kernel

STACK = 1 << 22
"""Bytes of stack for a thread: half of what is usual, so that 200 threads fit.

Less would end the process where there should be a `RecursionError`.
"""

_ACTOR = "_actor"
"""Under which name a thread keeps its actor."""

_kernel: Kernel | None = None
_real_start_new_thread = _thread.start_new_thread
_real_start_joinable = getattr(_thread, "start_joinable_thread", None)
_real_start = threading.Thread.start
_real_join = threading.Thread.join
_real_is_alive = threading.Thread.is_alive


def use_kernel(kernel: Kernel | None) -> None:
    """Let threads from now on take part in this kernel's run."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel
    locks.use_kernel(kernel)
    first = threading.main_thread()
    if kernel is None:
        vars(first).pop(_ACTOR, None)
        return
    vars(first)[_ACTOR] = kernel.main
    kernel.main.thread = first
    _thread_numbers.restart()
    _pool_numbers.restart()


class _Count:
    """Numbers the threads that were given no name, from the beginning in each run."""

    def __init__(self, first: int) -> None:
        self._first = first
        self.restart()

    def restart(self) -> None:
        self._numbers = itertools.count(self._first)

    def __call__(self) -> int:
        return next(self._numbers)


_thread_numbers = _Count(1)
_pool_numbers = _Count(0)


# --- starting -----------------------------------------------------------------


def _as_actor(kernel: Kernel, function: Any) -> tuple[Actor, Any]:
    """Return `function` as the body of a thread that runs only with the baton."""
    owner = getattr(function, "__self__", None)
    thread = owner if isinstance(owner, threading.Thread) else None
    actor = kernel.admit(thread)
    if thread is not None:
        vars(thread)[_ACTOR] = actor

    def body(*args: Any, **keywords: Any) -> None:
        # So that the profiling timer interrupts the main thread, which alone may act.
        _mask_signals(signal.SIG_BLOCK, _OF_THE_MAIN_THREAD)
        kernel.enter(actor)
        try:
            function(*args, **keywords)
        except (RunOver, SystemExit):
            pass
        except BaseException as error:  # noqa: BLE001
            _complain(function, error)
        finally:
            kernel.leave()

    return actor, body


_mask_signals = signal.pthread_sigmask
_OF_THE_MAIN_THREAD = {signal.SIGPROF}


def _complain(function: Any, error: BaseException) -> None:
    import traceback

    with contextlib.suppress(BaseException):
        sys.stderr.write(f"Exception ignored in thread started by: {function!r}\n")
        traceback.print_exception(error, file=sys.stderr)


def _start_new_thread(function: Any, args: Any, kwargs: Any = None, /) -> int:
    kernel = _kernel
    if kernel is None:
        return _real_start_new_thread(function, args, kwargs or {})
    if not callable(function):
        raise TypeError("first arg must be callable")
    actor, body = _as_actor(kernel, function)
    try:
        return _real_start_new_thread(body, args, {} if kwargs is None else kwargs)
    except BaseException:
        kernel.dismiss(actor)
        raise


def _start_joinable_thread(
    function: Any,
    handle: Any = None,
    daemon: bool = True,  # noqa: FBT001, FBT002
) -> Any:
    kernel = _kernel
    if _real_start_joinable is None:
        raise NotImplementedError
    if kernel is None:
        return _real_start_joinable(function, handle=handle, daemon=daemon)
    actor, body = _as_actor(kernel, function)
    try:
        return _real_start_joinable(body, handle=handle, daemon=daemon)
    except BaseException:
        kernel.dismiss(actor)
        raise


def _start(self: threading.Thread) -> None:
    if _kernel is None:
        _real_start(self)
        return
    with _kernel.excuse():
        # Its handshake with the new thread waits too.
        _real_start(self)


# --- ending -------------------------------------------------------------------


def _join(self: threading.Thread, timeout: float | None = None) -> None:
    actor = vars(self).get(_ACTOR)
    kernel = _kernel
    if actor is None or kernel is None or actor is kernel.running:
        _real_join(self, timeout)
        return
    if not actor.ended:
        _wait_for(kernel, actor, timeout)
    if actor.ended:
        _real_join(self)


def _wait_for(kernel: Kernel, actor: Actor, timeout: float | None) -> None:
    if timeout is not None and timeout <= 0:
        kernel.look()
        return
    deadline = None if timeout is None else kernel.instant_after(timeout)
    kernel.wait("Thread.join", deadline, actor)


def _is_alive(self: threading.Thread) -> bool:
    actor = vars(self).get(_ACTOR)
    if actor is None:
        return _real_is_alive(self)
    if actor.ended:
        _real_join(self)  # it is at its very end, and `repr` asks the real one
    return not actor.ended


# --- order and names ----------------------------------------------------------


def _hash(self: Any) -> int:
    """Hash by serial number, so that sets have one order everywhere."""
    own = vars(self)
    if "_serial" not in own:
        own["_serial"] = id(self) if _kernel is None else _kernel.next_serial()
    serial: int = own["_serial"]
    return serial


def _install_pools() -> None:
    """Excuse the waits of `submit`: the threads that it starts are the pool's affair."""
    from concurrent import futures
    from concurrent.futures import thread

    pools: Any = thread.ThreadPoolExecutor
    real_submit = pools.submit

    def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        if _kernel is None:
            return real_submit(self, fn, *args, **kwargs)
        with _kernel.excuse():
            # Another thread may hold its lock while the thread it starts wakes up.
            return real_submit(self, fn, *args, **kwargs)

    submit.__qualname__ = "ThreadPoolExecutor.submit"
    pools.submit = submit
    pools._counter = _pool_numbers
    futures.Future.__hash__ = _hash  # type: ignore[method-assign]


def install() -> None:
    """Put the virtual primitives in place, before asyncio is imported."""
    if "asyncio" in sys.modules:
        # Its locks, and those of concurrent.futures, would be real ones.
        raise RuntimeError("threads.install must come before asyncio is imported")
    threads: Any = threading
    raw: Any = _thread
    locks.install(threads)
    raw.start_new_thread = raw.start_new = _start_new_thread
    threads._start_new_thread = _start_new_thread
    if _real_start_joinable is not None:
        raw.start_joinable_thread = _start_joinable_thread
        threads._start_joinable_thread = _start_joinable_thread
    threads.Thread.start = _start
    threads.Thread.join = _join
    threads.Thread.is_alive = _is_alive
    threads.Thread.__hash__ = _hash
    threads._counter = _thread_numbers
    queues: Any = queue
    queues.SimpleQueue = queues._PySimpleQueue
    queues.SimpleQueue.__name__ = queues.SimpleQueue.__qualname__ = "SimpleQueue"
    threading.stack_size(STACK)
    _install_pools()
