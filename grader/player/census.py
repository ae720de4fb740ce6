"""Who is there, where does it stand, and what does it wait for?"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from types import CodeType, FrameType, TracebackType
from typing import Any

from grader import wire
from grader.player.kernel import A_LOCK, Actor, Kernel

_lock_owner: weakref.WeakKeyDictionary[asyncio.Lock, weakref.ref[Any]] = (
    weakref.WeakKeyDictionary()
)

OPERATION_MARK = "__operation__"
"""The local variable that tells the census which operation a frame performs."""


def install() -> None:
    """Remember which task holds each asyncio.Lock, for telling a deadlock's cycle."""
    original = asyncio.Lock.acquire

    async def acquire(self: asyncio.Lock) -> bool:
        taken = await original(self)
        task = asyncio.current_task()
        if task is not None:
            _lock_owner[self] = weakref.ref(task)
        return taken

    acquire.__qualname__ = "Lock.acquire"
    asyncio.Lock.acquire = acquire  # type: ignore[assignment,method-assign]


class Census:
    """Looks at tasks, threads and generators from the learner's point of view."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    # --- lines ----------------------------------------------------------------

    def calling_line(self) -> int:
        """Return the learner's line that is running now in this thread, 0 if none."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._filename:
                return frame.f_lineno
            frame = frame.f_back
        return 0

    def frames_of(self, traceback: TracebackType | None) -> list[wire.Frame]:
        """Return the learner's own lines of a traceback, outermost first."""
        found = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if code.co_filename == self._filename:
                found.append(wire.Frame(traceback.tb_lineno, code.co_name[:80]))
            traceback = traceback.tb_next
        return found[-20:]

    def stack_of(self, frame: FrameType | None) -> list[wire.Frame]:
        """Return the learner's own lines of a running stack, outermost first."""
        found: list[wire.Frame] = []
        while frame is not None:
            if frame.f_code.co_filename == self._filename:
                found.append(wire.Frame(frame.f_lineno, frame.f_code.co_name[:80]))
            frame = frame.f_back
        return found[:20][::-1]

    # --- blocking -------------------------------------------------------------

    def blocked(self, what: str) -> wire.Blocked:
        """Say what the running loop's thread entered a wait for, and where."""
        frame: FrameType | None = sys._getframe(1)
        called: CodeType | None = None
        while frame is not None and frame.f_code.co_filename != self._filename:
            called = frame.f_code
            frame = frame.f_back
        if called is not None and what == A_LOCK:
            what = called.co_qualname[:80]
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        name = task.get_name() if task is not None else ""
        return wire.Blocked(what[:120], frame.f_lineno if frame else 0, name[:80])

    # --- tasks ----------------------------------------------------------------

    def task(self, task: asyncio.Task[Any]) -> wire.Stuck:
        """Say where a suspended task stands."""
        frames = list(_chain(task.get_coro()))
        own = [
            n for n, f in enumerate(frames) if f.f_code.co_filename == self._filename
        ]
        waiter = getattr(task, "_fut_waiter", None)
        last = frames[own[-1]] if own else None
        below = frames[own[-1] + 1 :] if own else frames
        waits_for, waits_on = _awaited(below, waiter)
        return wire.Stuck(
            "task",
            task.get_name()[:80],
            last.f_lineno if last else 0,
            last.f_code.co_name[:80] if last else "",
            waits_for,
            waits_on,
        )

    def generator(self, generator: Any) -> wire.Stuck | None:
        """Say where a suspended async generator of the learner's stands."""
        frame = generator.ag_frame
        if frame is None or frame.f_code.co_filename != self._filename:
            return None
        name = generator.__qualname__[:80]
        return wire.Stuck(
            "generator", name, frame.f_lineno, frame.f_code.co_name[:80], ""
        )

    def thread(self, actor: Actor) -> wire.Stuck:
        """Say where a parked thread stands."""
        frame = sys._current_frames().get(actor.ident)
        own = self.stack_of(frame)
        last = own[-1] if own else wire.Frame(0, "")
        what = actor.waits_for
        if what == A_LOCK and frame is not None:
            what = self._waiting_call(frame) or what
        other = _other_actor(actor, frame)
        return wire.Stuck(
            "thread", _thread_name(actor), last.line, last.function, what[:80], other
        )

    def _waiting_call(self, frame: FrameType) -> str:
        called = ""
        cursor: FrameType | None = frame
        while cursor is not None and cursor.f_code.co_filename != self._filename:
            called = cursor.f_code.co_qualname
            cursor = cursor.f_back
        return called if cursor is not None else ""

    def everyone(self, kernel: Kernel, main: Any) -> list[wire.Stuck]:
        """Return all that has not ended, tasks first; the caller's own task last."""
        found = [
            self.task(task)
            for loop in kernel.loops
            for task in unfinished(loop)
            # A task that is running blocks its thread, which is told below.
            if task is not main and task is not asyncio.current_task(loop)
        ]
        if main is not None and main is not asyncio.current_task(main.get_loop()):
            found += [self.task(main)] if not main.done() else []
        found += self._parked_threads(kernel)
        return [one for one in found if one.line or one.kind == "task"][:50]

    def _parked_threads(self, kernel: Kernel) -> list[wire.Stuck]:
        return [
            self.thread(actor)
            for actor in kernel.actors
            if actor.parked and actor.loop is None
        ]


def unfinished(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[Any]]:
    """Return the unfinished tasks of a loop, oldest first."""
    return sorted(asyncio.all_tasks(loop), key=hash)


def cycle_in(stuck: list[wire.Stuck]) -> list[str]:
    """Return the names of those who wait for each other in a ring, or nothing."""
    waits = {one.name: one.waits_on for one in stuck if one.waits_on}
    for start in waits:
        path = [start]
        while (follower := waits.get(path[-1])) and follower not in path:
            path.append(follower)
        if follower == start:
            return path
    return []


def _other_actor(actor: Actor, frame: FrameType | None) -> str:
    """Return the name of the thread that a parked one waits for, if it is known."""
    other = getattr(actor.waits_on, "_owner", actor.waits_on)
    if not isinstance(other, Actor):
        return ""
    while frame is not None:
        # A condition's waiter waits for a lock of its own: nobody in particular.
        if frame.f_code.co_qualname == "Condition.wait":
            return ""
        frame = frame.f_back
    return _thread_name(other)


def _thread_name(actor: Actor) -> str:
    for thread in threading.enumerate():
        if thread.ident == actor.ident:
            return thread.name[:80]
    return f"thread {actor.number}"


def _chain(awaitable: Any) -> Any:
    """Yield the frames of a suspended coroutine, outermost first."""
    for _ in range(200):
        frame = _frame_of(awaitable)
        if frame is not None:
            yield frame
        following = _awaited_by(awaitable)
        if following is None or following is awaitable:
            return
        awaitable = following


def _frame_of(awaitable: Any) -> Any:
    for name in ("cr_frame", "gi_frame", "ag_frame"):
        frame = getattr(awaitable, name, None)
        if frame is not None:
            return frame
    return None


_WRAPPERS = {
    "async_generator_asend",
    "async_generator_athrow",
    "coroutine_wrapper",
    "anext_awaitable",
}


def _awaited_by(awaitable: Any) -> Any:
    for name in ("cr_await", "gi_yieldfrom", "ag_await"):
        if (following := getattr(awaitable, name, None)) is not None:
            return following
    if type(awaitable).__name__ in _WRAPPERS:
        referents = gc.get_referents(awaitable)
        return next((found for found in referents if _frame_of(found)), None)
    return None


def _awaited(below: list[FrameType], waiter: Any) -> tuple[str, str]:
    """Return what is waited for, in words, and the name of who could end the wait."""
    if waiter is None:
        return wire.NEXT_TURN, ""
    below = [frame for frame in below if not _is_wrapping(frame)]
    if below:
        first = below[0]
        operation = first.f_locals.get(OPERATION_MARK)
        if operation is not None:
            return f"the operation {operation}", ""
        what = first.f_code.co_qualname[:80]
        if what == "Lock.acquire":
            return what, _owner_name(first.f_locals.get("self"))
        return what, _task_name(waiter)
    if isinstance(waiter, asyncio.Task):
        return f"task {waiter.get_name()}"[:80], _task_name(waiter)
    if type(waiter).__name__ == "_GatheringFuture":
        children = [child for child in waiter._children if not child.done()]
        return "asyncio.gather", _task_name(children[0]) if children else ""
    if isinstance(waiter, asyncio.Future):
        return "a future", ""
    return type(waiter).__name__[:80], ""


def _is_wrapping(frame: FrameType) -> bool:
    code = frame.f_code
    if code.co_qualname == "_ContextManagerMixin.__aenter__":
        return True
    return code.co_filename == __file__


def _task_name(waiter: Any) -> str:
    return waiter.get_name()[:80] if isinstance(waiter, asyncio.Task) else ""


def _owner_name(lock: Any) -> str:
    reference = _lock_owner.get(lock) if isinstance(lock, asyncio.Lock) else None
    owner = reference() if reference is not None and lock.locked() else None
    return _task_name(owner)
