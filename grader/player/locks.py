"""Locks that wait in the kernel instead of in the operating system.

Everything in `threading`, `queue` and `concurrent.futures` that waits does so through
`_thread.allocate_lock`. With that one primitive replaced, conditions, events, queues,
pools and `Future.result` are virtual too, and a deadlock across threads is exact.
"""

from __future__ import annotations

import _thread
from typing import Any

from grader.player.actor import Actor
from grader.player.kernel import A_LOCK, Kernel

_kernel: Kernel | None = None


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
        if timeout != -1 or not blocking:
            _check_timeout(blocking, timeout)
        if not self._held:
            return self._take()
        if blocking and timeout != 0:
            return self._wait(None if timeout < 0 else timeout)
        if _kernel is not None:
            _kernel.look()
        return not self._held and self._take()

    def _take(self) -> bool:
        self._held = True
        self._owner = _kernel.running if _kernel is not None else None
        return True

    def _wait(self, timeout: float | None) -> bool:
        kernel = _kernel
        if kernel is None:
            raise RuntimeError("a lock would wait for ever: no run is on")
        kernel.note_blocking(A_LOCK)
        deadline = None if timeout is None else kernel.instant_after(timeout)
        while self._held:
            if not self._wait_once(kernel, deadline) and self._held:
                return False
        return self._take()

    def _wait_once(self, kernel: Kernel, deadline: int | None) -> bool:
        actor = kernel.running
        self._waiters.append(actor)
        try:
            return kernel.park(A_LOCK, deadline, self)
        finally:
            if actor in self._waiters:
                self._waiters.remove(actor)

    def release(self) -> None:
        """Give the lock back and wake the one that has waited longest."""
        if not self._held:
            raise RuntimeError("release unlocked lock")
        if self._waiters and _kernel is not None:
            _kernel.wake(self._waiters[0])
            del self._waiters[0]
        self._held = False
        self._owner = None

    def locked(self) -> bool:
        """Say whether somebody holds the lock."""
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _is_owned(self) -> bool:
        # `Condition` asks this; without it, it would try to take the lock instead.
        return self._held

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


class LibraryLock(Lock):
    """A lock of a library's own: to wait for it is no blocking of the submission's."""

    __slots__ = ()

    def _wait(self, timeout: float | None) -> bool:
        if _kernel is None:
            return super()._wait(timeout)
        with _kernel.excuse():
            return super()._wait(timeout)


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
        self._block._at_fork_reinit()  # noqa: SLF001
        self._owner_ident = None
        self._count = 0

    def __repr__(self) -> str:
        state = "locked" if self._count else "unlocked"
        owner = self._owner_ident or 0
        return (
            f"<{state} _thread.RLock object owner={owner} count={self._count}"
            f" at {id(self):#x}>"
        )


Lock.__module__ = RLock.__module__ = "_thread"


def _check_timeout(blocking: bool, timeout: float) -> None:  # noqa: FBT001
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be a non-negative number")
    if timeout > _thread.TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")


def install(threads: Any) -> None:
    """Put virtual locks in place of the real ones, in `_thread` and `threading`."""
    for module, names in (
        (_thread, ("allocate_lock", "allocate", "LockType", "lock")),
        (threads, ("Lock", "_allocate_lock", "_LockType")),
    ):
        for name in names:
            if hasattr(module, name):
                setattr(module, name, Lock)
    for name in ("RLock", "_CRLock", "_PyRLock"):
        setattr(threads, name, RLock)
    raw: Any = _thread
    raw.RLock = RLock
    threads._active_limbo_lock = RLock()  # noqa: SLF001
