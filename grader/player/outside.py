# ruff: noqa: SLF001 (multiprocessing has no public seam for what is done here)
"""Waits for what is outside of the run: processes that the submission has started.

They take real time. Who waits for them gives the baton away, as in any other wait; when
nothing inside can move, the run waits too, and the clock goes on as fast as the real one.
"""

from __future__ import annotations

import os
import select
import selectors
from contextlib import suppress
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from grader.player import spawning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.player.kernel import Kernel

A_PROCESS = "a process"
"""What an actor waits for that waits for something outside."""

_NOTHING = (-1, 0)
"""A descriptor that is never ready."""

_A_MOMENT = 1_000_000
_kernel: Kernel | None = None
_installed = False
_real_waitpid = os.waitpid
_real_read = os.read


def use_kernel(kernel: Kernel | None) -> None:
    """Let waits take part in this kernel's run; None gives the real ones back."""
    global _kernel  # noqa: PLW0603
    _kernel = kernel


def has_processes() -> bool:
    """Say whether there may be processes, so that a real file may become ready."""
    return _installed


def ready(
    descriptors: Iterable[tuple[int, int]], timeout: float | None = 0
) -> set[int]:
    """Return which descriptors are ready, after so many real seconds at most."""
    poll = _real_poll()
    for descriptor, events in descriptors:
        with suppress(OSError, ValueError):
            poll.register(descriptor, events)
    wait = None if timeout is None else timeout * 1000
    return {descriptor for descriptor, _ in poll.poll(wait)}


_real_poll = select.poll


def install() -> None:
    """Make every wait for a process or a pipe one of the run's."""
    global _installed  # noqa: PLW0603
    _installed = True
    for kind in ("SelectSelector", "PollSelector", "EpollSelector"):
        selector = getattr(selectors, kind, None)
        if selector is not None:
            selector.select = _selecting(selector.select)
    os.waitpid = _waitpid
    os.read = _read
    _install_connections()
    _install_semaphores()
    _install_pools()
    spawning.prepare()


def _install_connections() -> None:
    from multiprocessing import connection

    module: Any = connection
    module.Connection._read = staticmethod(_read)
    module.Connection._recv.__defaults__ = (_read,)
    real = module.wait

    def wait(object_list: Any, timeout: float | None = None) -> Any:
        if _kernel is None or timeout is None or timeout > 0:
            return real(object_list, timeout)
        objects = {_descriptor(each): each for each in object_list}
        found = ready([(each, select.POLLIN) for each in objects])
        return [each for descriptor, each in objects.items() if descriptor in found]

    module.wait = wait


def _descriptor(thing: Any) -> int:
    return thing if isinstance(thing, int) else int(thing.fileno())


def _install_semaphores() -> None:
    from multiprocessing import synchronize

    locks: Any = synchronize.SemLock

    def make_methods(self: Any) -> None:
        self.acquire = partial(_acquire, self._semlock)
        self.release = self._semlock.release

    def enter(self: Any) -> Any:
        return self.acquire()

    locks._make_methods = make_methods
    locks.__enter__ = enter


def _install_pools() -> None:
    from concurrent.futures import process

    from grader.player.locks import LibraryLock

    pools: Any = process.ProcessPoolExecutor
    real_init = pools.__init__

    @wraps(real_init)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        real_init(self, *args, **kwargs)
        # From Python 3.12 on its thread holds it until the workers have ended, and the
        # pool takes it when it dies, wherever that is.
        self._shutdown_lock = self._call_queue.shutdown_lock = LibraryLock()

    pools.__init__ = init


def _acquire(lock: Any, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002
    kernel = _kernel
    if kernel is None or not block:
        return lock.acquire(block, timeout)
    deadline = _deadline(kernel, timeout)
    while not lock.acquire(False):  # noqa: FBT003
        if deadline is not None and kernel.now >= deadline:
            return False
        # Nothing tells when another process gives it back: ask again a little later.
        kernel.watch(A_PROCESS, [_NOTHING], kernel.now + _A_MOMENT)
    return True


def _selecting(real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def select(self: Any, timeout: float | None = None) -> Any:
        kernel = _kernel
        if kernel is None:
            return real(self, timeout)
        seen = real(self, 0)
        watched = [(key.fd, as_poll(key.events)) for key in self.get_map().values()]
        if seen:
            # Another thread may be the one that takes it: let it, before asking again.
            kernel.look_outside()
        if seen or not watched:
            return seen
        if timeout is not None and timeout <= 0:
            # Who asks again and again until the time is up waits busily.
            kernel.look()
            return seen
        kernel.watch(A_PROCESS, watched, _deadline(kernel, timeout))
        return real(self, 0)

    return select


def look(selector: selectors.BaseSelector) -> list[tuple[selectors.SelectorKey, int]]:
    """Return what is ready for a loop's own selector, and let nobody else run."""
    select: Any = type(selector).select
    found: list[Any] = getattr(select, "__wrapped__", select)(selector, 0)
    return found


def _deadline(kernel: Kernel, timeout: float | None) -> int | None:
    """Return when so many seconds are over, and not only up: libraries ask for more."""
    instant = None if timeout is None else kernel.instant_after(timeout)
    return None if instant is None else instant + 1


def as_poll(events: int) -> int:
    """Return what a selector watches for, as `poll` takes it."""
    reading = select.POLLIN if events & selectors.EVENT_READ else 0
    return reading | (select.POLLOUT if events & selectors.EVENT_WRITE else 0)


def _waitpid(pid: int, options: int, /) -> tuple[int, int]:
    kernel = _kernel
    if kernel is None or options & os.WNOHANG or pid <= 0:
        return _real_waitpid(pid, options)
    found = _real_waitpid(pid, options | os.WNOHANG)
    if found[0]:
        return found
    try:
        descriptor = os.pidfd_open(pid)
    except (AttributeError, OSError):
        return _real_waitpid(pid, options)
    try:
        kernel.watch(A_PROCESS, [(descriptor, select.POLLIN)], None)
    finally:
        os.close(descriptor)
    return _real_waitpid(pid, options)


def _read(descriptor: int, length: int, /) -> bytes:
    kernel = _kernel
    if kernel is not None and _would_wait(descriptor):
        kernel.watch(A_PROCESS, [(descriptor, select.POLLIN)], None)
    return _real_read(descriptor, length)


def _would_wait(descriptor: int) -> bool:
    with suppress(OSError):
        return os.get_blocking(descriptor) and not ready([(descriptor, select.POLLIN)])
    return False
