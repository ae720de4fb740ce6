# ruff: noqa: SLF001 (what a task waits for is nobody's public business)
"""Who is there, where does it stand, and what does it wait for?"""

from __future__ import annotations

import asyncio
import weakref
from asyncio import _get_running_loop, all_tasks, current_task
from collections.abc import Iterator
from dataclasses import dataclass
from gc import get_referents
from pathlib import Path
from sys import _current_frames, _getframe
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any

from grader import wire
from grader.player.actor import Actor
from grader.player.kernel import A_LOCK, BUSY, Kernel
from grader.player.lines import Lines
from grader.player.text import plain

MAX_TOLD = 50
SCENARIOS = "<scenarios>"
"""The file name of the code that a run begins in; it is ours, not the learner's."""

OPERATION_MARK = "__operation__"
"""The local variable that tells the census which operation a frame performs."""

_OURS = str(Path(__file__).parent)
_lock_owner: weakref.WeakKeyDictionary[asyncio.Lock, weakref.ref[Any]] = (
    weakref.WeakKeyDictionary()
)


def install() -> None:
    """Remember which task holds each asyncio.Lock, for telling a deadlock's cycle."""
    original = asyncio.Lock.acquire

    async def acquire(self: asyncio.Lock) -> bool:
        taken = await original(self)
        task = current_task()
        if task is not None:
            _lock_owner[self] = weakref.ref(task)
        return taken

    acquire.__qualname__ = "Lock.acquire"
    asyncio.Lock.acquire = acquire  # type: ignore[assignment,method-assign]


@dataclass(frozen=True, slots=True)
class Seen:
    """A task, thread or generator, where it stands, and who could end its wait."""

    being: object
    stuck: wire.Stuck
    waits_on: object = None


class Census:
    """Looks at tasks, threads and generators from the learner's point of view."""

    def __init__(self, lines: Lines, kernel: Kernel) -> None:
        self._lines = lines
        self._kernel = kernel

    # --- blocking -------------------------------------------------------------

    def blocked(self, what: str) -> wire.Blocked:
        """Say what the running loop's thread entered a wait for, and where."""
        called, line = self._lines.entered_at(_getframe(1))
        return wire.Blocked(_named(what, called)[:120], line, name_of_current())

    # --- one ------------------------------------------------------------------

    def task(self, task: asyncio.Task[Any]) -> Seen:
        """Say where a task stands, whether it is suspended or its thread is stopped."""
        try:
            actor = self._running(task)
            return (
                self._suspended(task) if actor is None else self._stopped(task, actor)
            )
        except Exception:  # noqa: BLE001
            # What it awaits may be of the learner's making, and answer with anything.
            return Seen(task, wire.Stuck("task", "a task", 0, "", "something"))

    def _running(self, task: asyncio.Task[Any]) -> Actor | None:
        loop: Any = task.get_loop()
        if current_task(loop) is not task:
            return None
        ident = loop._thread_id
        return next((each for each in self._kernel.actors if each.ident == ident), None)

    def _stopped(self, task: asyncio.Task[Any], actor: Actor) -> Seen:
        thread = self.thread(actor)
        told = thread.stuck
        name = plain(task.get_name(), 80)
        stuck = wire.Stuck(
            "task", name, told.line, told.function, told.waits_for, told.waits_on
        )
        return Seen(task, stuck, thread.waits_on)

    def _suspended(self, task: asyncio.Task[Any]) -> Seen:
        frames = list(_chain(task.get_coro()))
        own = [place for place, frame in enumerate(frames) if self._lines.owns(frame)]
        last = frames[own[-1]] if own else None
        below = frames[own[-1] + 1 :] if own else frames
        waiter = getattr(task, "_fut_waiter", None)
        waits_for, waits_on = wire.NEXT_TURN, None
        if waiter is not None:
            waits_for, waits_on = _awaited(below, waiter)
        stuck = wire.Stuck(
            "task",
            plain(task.get_name(), 80),
            last.f_lineno if last else getattr(task, "_line", 0),
            last.f_code.co_name[:80] if last else "",
            waits_for,
            _label(waits_on),
        )
        return Seen(task, stuck, waits_on)

    def generator(self, generator: Any) -> Seen | None:
        """Say where a suspended async generator of the learner's stands."""
        frame = generator.ag_frame
        if generator.ag_running or frame is None or not self._lines.owns(frame):
            return None
        name = plain(generator.__qualname__, 80)
        function = frame.f_code.co_name[:80]
        stuck = wire.Stuck("generator", name, frame.f_lineno, function, "")
        return Seen(generator, stuck)

    def thread(self, actor: Actor) -> Seen:
        """Say where a parked thread stands."""
        frame = _current_frames().get(actor.ident)
        last = [wire.Frame(0, ""), *self._lines.stack_of(frame)][-1]
        called, _ = self._lines.entered_at(frame)
        other = _other_actor(actor, frame)
        stuck = wire.Stuck(
            "thread",
            _label(actor),
            last.line,
            last.function,
            _named(actor.waits_for, called)[:80],
            _label(other),
        )
        return Seen(actor, stuck, other)

    # --- all ------------------------------------------------------------------

    def everyone(self, main: asyncio.Task[Any] | None) -> list[Seen]:
        """Return all that has not ended, tasks first; the caller's own task last."""
        tasks = [task for loop in self._kernel.loops for task in unfinished(loop)]
        if main in tasks:
            tasks.remove(main)
            tasks.append(main)
        # A task that runs stops its thread, which is told below.
        found = [self.task(task) for task in tasks if self._running(task) is None]
        found += [
            self.thread(actor)
            for actor in self._kernel.actors
            if actor.parked and actor.loop is None
        ]
        told = [
            each for each in found if each.stuck.line or _may_be_its_own(each, main)
        ]
        return (told or found[-1:])[:MAX_TOLD]

    def left_tasks(self, main: asyncio.Task[Any] | None) -> list[wire.Stuck]:
        """Return the tasks and generators that outlive the scenario."""
        found: list[wire.Stuck] = []
        for loop in self._kernel.loops:
            found += [
                self.task(each).stuck for each in unfinished(loop) if each is not main
            ]
            generators = [self.generator(each) for each in loop._asyncgens]
            found += [each.stuck for each in generators if each is not None]
        return found[:MAX_TOLD]

    def left_threads(self, loop: Any) -> list[wire.Stuck]:
        """Return the threads that are still there, but for this loop's idle workers."""
        executor = getattr(loop, "_default_executor", None)
        workers = {thread.ident for thread in getattr(executor, "_threads", ())}
        running = _current_frames()
        return [
            self.thread(actor).stuck
            for actor in self._kernel.actors[:MAX_TOLD]
            if actor is not self._kernel.main
            and not (actor.ident in workers and _is_idle(running.get(actor.ident)))
        ]


def unfinished(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[Any]]:
    """Return the unfinished tasks of a loop, oldest first."""
    return sorted(all_tasks(loop), key=hash)


def running_task() -> asyncio.Task[Any] | None:
    """Return the task that is running in this thread, if there is one."""
    return None if _get_running_loop() is None else current_task()


def name_of_current() -> str:
    """Return the name of the task that is running in this thread, or nothing."""
    task = running_task()
    try:
        return plain(task.get_name(), 80) if task is not None else ""
    except Exception:  # noqa: BLE001
        return ""  # the task's class is the learner's


def cycle_in(seen: list[Seen]) -> list[str]:
    """Return the names of those who wait for each other in a ring, or nothing."""
    waits = {id(each.being): each for each in seen}
    for start in seen:
        path = [start]
        while (
            follower := waits.get(id(path[-1].waits_on))
        ) is not None and follower not in path:
            path.append(follower)
        if follower is start:
            return [each.stuck.name for each in path]
    return []


def _may_be_its_own(seen: Seen, main: asyncio.Task[Any] | None) -> bool:
    # The scenario is ours, and so are threads that stand in none of the learner's lines.
    return seen.stuck.kind == "task" and seen.being is not main


def _named(what: str, called: CodeType | None) -> str:
    """Return what is waited for by the name of what the learner's line called."""
    if called is None or what == BUSY:
        return what
    if what != A_LOCK and called.co_filename.startswith(_OURS):
        return what
    return called.co_qualname.removeprefix("_Py")


def _label(being: object) -> str:
    if isinstance(being, asyncio.Task):
        return plain(being.get_name(), 80)
    if not isinstance(being, Actor):
        return ""
    if being.thread is None:
        return f"thread {being.number}"
    return plain(being.thread.name, 80)


# --- threads ------------------------------------------------------------------


def _other_actor(actor: Actor, frame: FrameType | None) -> Actor | None:
    """Return the thread that a parked one waits for, if it is known."""
    other = getattr(actor.waits_on, "_owner", actor.waits_on)
    if not isinstance(other, Actor):
        return None
    while frame is not None:
        # A condition's waiter waits for a lock of its own: nobody in particular.
        if frame.f_code.co_qualname == "Condition.wait":
            return None
        frame = frame.f_back
    return other


def _is_idle(frame: FrameType | None) -> bool:
    """Say whether a pool's worker waits for work."""
    inner = ""
    while frame is not None:
        if frame.f_code.co_qualname == "_worker":
            return inner.endswith("SimpleQueue.get")
        inner = frame.f_code.co_qualname
        frame = frame.f_back
    return False


# --- what a coroutine waits for -----------------------------------------------


def _chain(awaitable: Any) -> Iterator[FrameType]:
    """Yield the frames of a suspended coroutine, outermost first."""
    for _ in range(200):
        frame, following = _step_into(awaitable)
        if frame is not None:
            yield frame
        if following is None or following is awaitable:
            return
        awaitable = following


def _step_into(awaitable: Any) -> tuple[FrameType | None, Any]:
    """Return the frame of a suspended thing, and what it waits for."""
    if isinstance(awaitable, CoroutineType):
        return awaitable.cr_frame, awaitable.cr_await
    if isinstance(awaitable, GeneratorType):
        return awaitable.gi_frame, awaitable.gi_yieldfrom
    if isinstance(awaitable, AsyncGeneratorType):
        return awaitable.ag_frame, awaitable.ag_await
    if type(awaitable).__name__ in _WRAPPERS:
        inside = [each for each in get_referents(awaitable) if _is_awaited(each)]
        return None, next(iter(inside), None)
    return None, None


_FRAMED = (CoroutineType, GeneratorType, AsyncGeneratorType)
_WRAPPERS = {
    "async_generator_asend",
    "async_generator_athrow",
    "coroutine_wrapper",
    "anext_awaitable",
}


def _is_awaited(inside: Any) -> bool:
    return isinstance(inside, _FRAMED) or type(inside).__name__ in _WRAPPERS


def _awaited(below: list[FrameType], waiter: Any) -> tuple[str, Any]:
    """Return what is waited for, in words, and who could end the wait."""
    for frame in below:
        operation = frame.f_locals.get(OPERATION_MARK)
        if type(operation) is str:
            return f"the operation {operation}"[:80], None
        if not _is_ours(frame):
            return _called(frame, waiter)
    return _told(waiter)


def _told(waiter: Any) -> tuple[str, Any]:
    if isinstance(waiter, asyncio.Task):
        return f"task {_label(waiter)}"[:80], waiter
    if type(waiter).__name__ == "_GatheringFuture":
        children = [child for child in waiter._children if not child.done()]
        return "asyncio.gather", _task_or_none(next(iter(children), None))
    if isinstance(waiter, asyncio.Future):
        return "a future", None
    return type(waiter).__name__[:80], None


def _called(frame: FrameType, waiter: Any) -> tuple[str, Any]:
    what = frame.f_code.co_qualname[:80]
    if what == "Lock.acquire":
        return what, _owner(frame.f_locals.get("self"))
    return what, _task_or_none(waiter)


def _is_ours(frame: FrameType) -> bool:
    code = frame.f_code
    return (
        code.co_filename == SCENARIOS
        or code.co_filename.startswith(_OURS)
        or code.co_qualname == "_ContextManagerMixin.__aenter__"
    )


def _task_or_none(waiter: Any) -> Any:
    return waiter if isinstance(waiter, asyncio.Task) else None


def _owner(lock: Any) -> Any:
    reference = _lock_owner.get(lock) if isinstance(lock, asyncio.Lock) else None
    return reference() if reference is not None and lock.locked() else None
