"""Threads and locks that wait in the kernel instead of in the operating system.

Everything in `threading`, `queue` and `concurrent.futures` that waits does so through
`_thread.allocate_lock`. With that one primitive replaced, conditions, events, queues,
pools and `Future.result` are virtual too, and a deadlock across threads is exact.
"""

from __future__ import annotations

import _thread
import queue
import sys
import threading
import weakref
from typing import Any

from grader.player.kernel import A_LOCK, Actor, Kernel, RunOver

_kernel: Kernel | None = None
_actor_of: weakref.WeakKeyDictionary[threading.Thread, Actor] = (
    weakref.WeakKeyDictionary()
)


def use_kernel(kernel: Kernel | None) -> None:
    """Let waits from now on happen in this kernel."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel


class Lock:
    """What `threading.Lock` is inside the player."""

    __slots__ = ("__weakref__", "_held", "_owner", "_waiters")

    def __init__(self) -> None:
        self._held = False
        self._owner: Actor | None = None
        self._waiters: list[Actor] = []

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002
        """Take the lock; wait for it as long as allowed."""
        _check_timeout(blocking, timeout)
        if not self._held:
            return self._take()
        if not blocking or timeout == 0:
            if _kernel is not None:
                _kernel.read_clock()  # asking again and again is a busy wait
            return False
        return self._wait(None if timeout < 0 else timeout)

    def _take(self) -> bool:
        self._held = True
        self._owner = _kernel.running if _kernel is not None else None
        return True

    def _wait(self, timeout: float | None) -> bool:
        kernel = _kernel
        if kernel is None:
            raise RuntimeError("a lock would wait for ever: no run is on")
        actor = kernel.running
        deadline = None if timeout is None else kernel.instant_after(timeout)
        while self._held:
            left = None if deadline is None else (deadline - kernel.now) / 1e9
            self._waiters.append(actor)
            woken = kernel.wait(A_LOCK, left, self)
            if actor in self._waiters:
                self._waiters.remove(actor)
            if not woken and self._held:
                return False
        return self._take()

    def release(self) -> None:
        """Give the lock back and wake the one that has waited longest."""
        if not self._held:
            raise RuntimeError("release unlocked lock")
        self._held = False
        self._owner = None
        if self._waiters and _kernel is not None:
            _kernel.wake(self._waiters.pop(0))

    def locked(self) -> bool:
        """Say whether somebody holds the lock."""
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self._held = False
        self._owner = None
        self._waiters = []

    def __repr__(self) -> str:
        state = "locked" if self._held else "unlocked"
        return f"<{state} _thread.lock object at {id(self):#x}>"

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked


class RLock:
    """What `threading.RLock` is inside the player."""

    __slots__ = ("__weakref__", "_block", "_count", "_owner_ident")

    def __init__(self) -> None:
        self._block = Lock()
        self._owner_ident: int | None = None
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002
        """Take the lock, again if it is already ours."""
        me = _thread.get_ident()
        if self._owner_ident == me:
            self._count += 1
            return True
        if self._block.acquire(blocking, timeout):
            self._owner_ident = me
            self._count = 1
            return True
        return False

    def release(self) -> None:
        """Give the lock back once."""
        if self._owner_ident != _thread.get_ident():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner_ident = None
            self._block.release()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def locked(self) -> bool:
        """Say whether somebody holds the lock."""
        return self._count > 0

    def _is_owned(self) -> bool:
        return self._owner_ident == _thread.get_ident()

    def _recursion_count(self) -> int:
        return self._count if self._is_owned() else 0

    def _release_save(self) -> tuple[int, int | None]:
        state = self._count, self._owner_ident
        self._count = 0
        self._owner_ident = None
        self._block.release()
        return state

    def _acquire_restore(self, state: tuple[int, int | None]) -> None:
        self._block.acquire()
        self._count, self._owner_ident = state

    def _at_fork_reinit(self) -> None:
        self._block._at_fork_reinit()
        self._owner_ident = None
        self._count = 0


Lock.__module__ = RLock.__module__ = "_thread"


def _check_timeout(blocking: bool, timeout: float) -> None:  # noqa: FBT001
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be a non-negative number")


_real_start_new_thread = _thread.start_new_thread
_real_start_joinable = getattr(_thread, "start_joinable_thread", None)
_real_start = threading.Thread.start
_real_join = threading.Thread.join
_admitted: Actor | None = None


def _as_actor(kernel: Kernel, function: Any) -> Any:
    """Return `function` as the body of a thread that runs only with the baton."""
    global _admitted  # noqa: PLW0603
    actor = kernel.admit()
    _admitted = actor

    def body(*args: Any, **keywords: Any) -> None:
        actor.gate.acquire()
        actor.ident = _thread.get_ident()
        try:
            function(*args, **keywords)
        except RunOver:
            pass
        finally:
            kernel.leave()

    return body


def _start_new_thread(function: Any, args: Any, kwargs: Any = None) -> int:
    kernel = _kernel
    if kernel is None:
        return _real_start_new_thread(function, args, kwargs or {})
    return _real_start_new_thread(_as_actor(kernel, function), args, kwargs or {})


def _start_joinable_thread(
    function: Any, handle: Any = None, daemon: bool = True
) -> Any:  # noqa: FBT001, FBT002
    kernel = _kernel
    assert _real_start_joinable is not None  # noqa: S101
    if kernel is not None:
        function = _as_actor(kernel, function)
    return _real_start_joinable(function, handle=handle, daemon=daemon)


def _start(self: threading.Thread) -> None:
    if _kernel is None:
        _real_start(self)
        return
    with _kernel.excuse():
        # Its handshake with the new thread waits too.
        _real_start(self)
    if _admitted is not None:
        _actor_of[self] = _admitted


def _join(self: threading.Thread, timeout: float | None = None) -> None:
    actor = _actor_of.get(self)
    kernel = _kernel
    if actor is None or kernel is None or actor is kernel.running:
        _real_join(self, timeout)
        return
    if not actor.ended:
        kernel.wait("Thread.join", timeout, actor)
    if actor.ended:
        _real_join(self)


def _is_alive(self: threading.Thread) -> bool:
    actor = _actor_of.get(self)
    if actor is None:
        return _real_is_alive(self)
    return not actor.ended


_real_is_alive = threading.Thread.is_alive


def install() -> None:
    """Put the virtual primitives in place, before asyncio is imported."""
    if "asyncio" in sys.modules:
        # Its locks, and those of concurrent.futures, would be real ones.
        raise RuntimeError("threads.install must come before asyncio is imported")
    threads: Any = threading
    raw: Any = _thread
    for module, names in (
        (raw, ("allocate_lock", "allocate", "LockType", "lock")),
        (threads, ("Lock", "_allocate_lock", "_LockType")),
    ):
        for name in names:
            if hasattr(module, name):
                setattr(module, name, Lock)
    raw.RLock = RLock
    threads.RLock = threads._CRLock = threads._PyRLock = RLock
    raw.start_new_thread = raw.start_new = _start_new_thread
    threads._start_new_thread = _start_new_thread
    if _real_start_joinable is not None:
        raw.start_joinable_thread = _start_joinable_thread
        threads._start_joinable_thread = _start_joinable_thread
    threads.Thread.start = _start
    threads.Thread.join = _join
    threads.Thread.is_alive = _is_alive
    queues: Any = queue
    queues.SimpleQueue = queues._PySimpleQueue
    threads._active_limbo_lock = RLock()
