"""One run of one scenario, from its arguments to the last thing seen."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import inspect
import io
import itertools
import random
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NoReturn

from grader import values, wire
from grader.player import clock, loop, threads
from grader.player.census import Census, cycle_in, unfinished
from grader.player.kernel import Actor, Kernel, RunOver
from grader.player.load import Submission, Unloadable, exception_type
from grader.player.operations import Call, World
from grader.player.script import Director

MAX_PRINTED = 64 * 1024
MAX_MESSAGE = 4096
MAX_GROUP_DEPTH = 20
HANDLE = "__handle__"


class NotAwaitable(TypeError):
    """A plain function stands where an asynchronous one is wanted."""


class Stage:
    """Runs a scenario on a fresh kernel and reports what becomes of it."""

    def __init__(
        self,
        channel: wire.Channel[wire.FromJudge],
        load: wire.Load,
        submission: Submission,
        census: Census,
        play: wire.Play,
        on_started: Callable[[], None],
    ) -> None:
        self._load = load
        self._submission = submission
        self._census = census
        self._play = play
        self._on_started = on_started
        self._calls: weakref.WeakValueDictionary[int, Call] = (
            weakref.WeakValueDictionary()
        )
        self._begun = 0
        self._objects: dict[str, object] = {}
        self._names: dict[int, str] = {}
        self._module: ModuleType = ModuleType(load.kata)
        self._scenarios: ModuleType = ModuleType("scenarios")
        self._loop: loop.VirtualLoop | None = None
        self._main: asyncio.Task[Any] | None = None
        self._stuck: list[wire.Stuck] = []
        self._left: list[wire.Stuck] = []
        self._loops: list[wire.LoopFact] = []
        self._warnings: list[wire.Warned] = []
        self._printed = _Tap()
        self._loop_set = False
        self._policy_set = False
        self._policies_before = _policies_set
        self.finished = False
        self.kernel = Kernel(channel, play.order)
        self.kernel.on_delivery = self._on_delivery
        self.kernel.on_over = self._on_over
        self.kernel.on_livelock = self._on_livelock
        self.kernel.on_block = census.blocked
        self.kernel.calling_line = census.calling_line

    # --- the run --------------------------------------------------------------

    def perform(self) -> wire.Ended:
        """Run the scenario until the judge ends the run; return what was seen."""
        with self._surroundings():
            try:
                self._run()
            except RunOver:
                pass
            spent = self._clean_up()
        return wire.Ended(
            self._stuck,
            self._left,
            cycle_in(self._stuck),
            self._loops,
            self._loop_set,
            self._policy_set,
            self._warnings[:50],
            self._printed.text(),
            spent,
        )

    def check(self) -> wire.Problem | None:
        """Execute the submission once; say why it cannot be graded, if it cannot."""
        with self._surroundings():
            try:
                return self._submission.check()
            except RunOver:
                line = next((each.line for each in self._stuck if each.line), 0)
                return wire.Problem("import", "importing the file never ends", line)

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        for module in (clock, loop, threads):
            module.use_kernel(self.kernel)
        random.seed(self._play.seed)
        _restart_counters()
        streams = sys.stdout, sys.stderr
        if not self._load.unbounded:
            sys.stdout = sys.stderr = self._printed
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = self._on_warning
            try:
                yield
            finally:
                sys.stdout, sys.stderr = streams
                for module in (clock, loop, threads):
                    module.use_kernel(None)

    def _run(self) -> None:
        self._scenarios = self._submission.scenarios()
        try:
            self._module = self._submission.execute()
        except Unloadable as error:
            self._end(wire.Raised(self._unloadable(error.problem)))
            self._wait_for_the_end()
        self._on_started()
        self.report(wire.Started())
        scenario = getattr(self._scenarios, self._play.scenario)
        arguments = {
            name: self.unpack(value) for name, value in self._play.args.items()
        }
        world = World(self, self._play.operations)
        world.follow = Director(self, world).follow  # type: ignore[attr-defined]
        kata = _Interface(self._module, self._load.needs)
        if inspect.iscoroutinefunction(scenario):
            self._run_async(lambda: scenario(kata, world, **arguments))
        else:
            self._run_sync(lambda: scenario(kata, world, **arguments))
        self._wait_for_the_end()

    def _wait_for_the_end(self) -> NoReturn:
        while True:
            self.kernel.park("the end of the run", None)

    def _unloadable(self, problem: wire.Problem) -> wire.Failure:
        return wire.Failure("Unloadable", problem.message, frames=problem.frames)

    def _run_async(self, begin: Callable[[], Any]) -> None:
        self._loop = loop.VirtualLoop()
        asyncio.set_event_loop(self._loop)
        self._main = self._loop.create_task(self._main_coroutine(begin))
        while not self._loop.is_closed():
            try:
                self._loop.run_forever()
            except RunOver:
                raise
            except BaseException as error:  # noqa: BLE001
                self._end(wire.Raised(self.failure(error)))
            else:
                stopped = RuntimeError("the event loop was stopped before the end")
                self._end(wire.Raised(self.failure(stopped)))

    async def _main_coroutine(self, begin: Callable[[], Any]) -> None:
        try:
            event: wire.Event = wire.Returned(self.pack(await begin()))
        except RunOver:
            raise
        except BaseException as error:  # noqa: BLE001
            event = wire.Raised(self.failure(error))
        self._end(event)

    def _run_sync(self, begin: Callable[[], Any]) -> None:
        try:
            event: wire.Event = wire.Returned(self.pack(begin()))
        except RunOver:
            raise
        except BaseException as error:  # noqa: BLE001
            event = wire.Raised(self.failure(error))
        self._end(event)

    def _end(self, event: wire.Event) -> None:
        if self.finished:
            return
        self.finished = True
        self.report(event)
        for stuck in self._left_tasks():
            self.report(wire.Left(stuck))
        self._look_at_loops()

    # --- what is left ---------------------------------------------------------

    def _left_tasks(self) -> list[wire.Stuck]:
        found = []
        for each in self.kernel.loops:
            for task in unfinished(each):
                if task is not self._main:
                    found.append(self._census.task(task))
            for generator in list(each._asyncgens):  # type: ignore[attr-defined]
                if not generator.ag_running:
                    found.append(self._census.generator(generator))
        return [stuck for stuck in found if stuck is not None][:50]

    def _look_at_loops(self) -> None:
        self._loops = [
            wire.LoopFact(
                each.is_closed(),
                each._default_executor is not None,  # type: ignore[attr-defined]
                len(each._asyncgens),  # type: ignore[attr-defined]
            )
            for each in self.kernel.loops
            if each is not self._loop
        ]
        policy = asyncio.events._event_loop_policy  # type: ignore[attr-defined]
        current = getattr(getattr(policy, "_local", None), "_loop", None)
        self._loop_set = current is not None and current is not self._loop
        self._policy_set = _policies_set > self._policies_before

    def _left_threads(self) -> list[wire.Stuck]:
        excused: set[Any] = set()
        if self._loop is not None:
            executor = self._loop._default_executor  # type: ignore[attr-defined]
            excused = {thread.ident for thread in getattr(executor, "_threads", ())}
        return [
            self._census.thread(actor)
            for actor in self.kernel.actors
            if actor is not self.kernel.main and actor.ident not in excused
        ]

    def _clean_up(self) -> bool:
        """Close what can be closed; say whether something of the run lives on."""
        self._objects.clear()
        self._names.clear()
        if self._play.collect and self.finished:
            self._main = None
            gc.collect()
        self._collect_complaints()
        try:
            for each in self.kernel.loops:
                if not _close(each):
                    return True
        except RunOver:
            return True
        _set_policy(None)
        return len(self.kernel.actors) > 1

    def _collect_complaints(self) -> None:
        for each in self.kernel.loops:
            for complaint in each._complaints:
                error = complaint["error"]
                text = complaint["message"]
                line = 0
                if isinstance(error, BaseException):
                    failure = self.failure(error)
                    text += f": {failure.type}: {failure.message}"
                    line = failure.frames[-1].line if failure.frames else 0
                self._warnings.append(wire.Warned("loop", text[:400], line))

    # --- listeners ------------------------------------------------------------

    def _on_delivery(self, delivery: wire.Delivery) -> None:
        if isinstance(delivery, wire.Cancel):
            if self._loop is not None and self._main is not None:
                self._loop.deliver(self._main.cancel)
            return
        call = self._calls.get(delivery.op)
        if call is None:
            return
        if call.loop is not None:
            call.loop.deliver(lambda: call.settle(delivery))
        else:
            call.answer = delivery
            self.kernel.wake(call.actor)

    def _on_over(self) -> None:
        if not self.finished:
            self._stuck = self._census.everyone(self.kernel, self._main)
        self._left = self._left_threads()

    def _on_livelock(self, turns: int) -> wire.Event:
        return wire.Spun(turns, self._census.everyone(self.kernel, self._main))

    def _on_warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        *_: object,
    ) -> None:
        line = (
            lineno if filename == self._load.filename else self._census.calling_line()
        )
        text = str(message).splitlines()[0][:400] if str(message) else ""
        self._warnings.append(wire.Warned(category.__name__, text, line))

    # --- for operations and scenarios -----------------------------------------

    def begin(self, name: str, args: Any, keywords: Any) -> Call:
        """Report that an operation began; return its call."""
        self._begun += 1
        call = Call(self, self._begun)
        self._calls[self._begun] = call
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        self.report(
            wire.Began(
                self._begun,
                name,
                [self.pack(value) for value in args],
                {key: self.pack(value) for key, value in keywords.items()},
                self._census.calling_line() or getattr(task, "_line", 0),
                task.get_name()[:80] if task is not None else "",
                self.kernel.running.number,
            )
        )
        return call

    def report(self, event: wire.Event) -> None:
        """Add an event to the next turn."""
        self.kernel.report(event)

    def note(self, name: str, noted: tuple[object, ...]) -> None:
        """Report what the scenario writes down."""
        self.report(wire.Noted(name, [self.pack(value) for value in noted]))

    def register(self, value: object, name: str) -> object:
        """Give an object a name that both sides know."""
        self._objects[name] = value
        self._names[id(value)] = name
        return value

    def object_of(self, name: str) -> object:
        """Return the object of that name, a new one if there is none yet."""
        if name not in self._objects:
            self.register(_Named(name), name)
        return self._objects[name]

    def pack(self, value: object) -> wire.Value:
        """Return a value as it travels."""
        return values.pack(value, self._name_of, self._fields_of)

    def unpack(self, value: wire.Value) -> Any:
        """Return what the judge's value stands for in here."""
        return values.unpack(value, self.object_of)

    def _name_of(self, value: object) -> str | None:
        if (name := self._names.get(id(value))) is not None:
            return name
        if isinstance(value, BaseException):
            handle = vars(value).get(HANDLE)
            return handle if type(handle) is str else None
        return None

    def _fields_of(self, value: object) -> tuple[str, list[tuple[str, object]]] | None:
        kind = type(value)
        name = kind.__name__
        if name not in self._load.records or vars(self._module).get(name) is not kind:
            return None
        fields = dataclasses.fields(kind)  # type: ignore[arg-type]
        return name, [(field.name, getattr(value, field.name)) for field in fields]

    def exception(self, failed: wire.Failed) -> BaseException:
        """Return the exception that an operation raises."""
        kind = exception_type(failed.type, self._scenarios, self._module)
        error = kind(failed.message)
        vars(error)[HANDLE] = failed.handle
        return error

    def failure(self, error: BaseException, depth: int = 0) -> wire.Failure:
        """Return an exception as it travels."""
        members = None
        if isinstance(error, BaseExceptionGroup):
            members = []
            if depth < MAX_GROUP_DEPTH:
                members = [
                    self.failure(each, depth + 1) for each in error.exceptions[:50]
                ]
        kind = type(error)
        return wire.Failure(
            kind.__name__[:80],
            _text_of(error),
            self._name_of(error),
            _notes_of(error),
            members,
            self._census.frames_of(error.__traceback__),
            [base.__name__[:80] for base in kind.__mro__[:12]],
        )


class _Named:
    """An object that means nothing but itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<{self._name}>"


class _Interface:
    """The submission's module, as scenarios see it."""

    def __init__(self, module: ModuleType, needs: list[wire.Need]) -> None:
        self._module = module
        self._awaited = {need.name for need in needs if need.kind == "async"}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._module, name)
        if name in self._awaited and not inspect.iscoroutinefunction(found):
            return _awaitable_or_named(found, name)
        return found


def _awaitable_or_named(function: Any, name: str) -> Any:
    def call(*args: Any, **keywords: Any) -> Any:
        result = function(*args, **keywords)
        if not inspect.isawaitable(result):
            kind = type(result).__name__
            raise NotAwaitable(
                f"{name} must be async def: calling it gave {kind}, which cannot be awaited"
            )
        return result

    return call


class _Tap(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = MAX_PRINTED

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)
        return len(text)

    def text(self) -> str:
        """Return what was printed, marked where it was cut."""
        text = "".join(self._parts).encode("utf-8", "replace").decode()
        return text + "… (cut)" if self._room < 0 else text


_policies_set = 0
_set_policy = asyncio.set_event_loop_policy


def install() -> None:
    """Notice when a submission sets an event loop policy."""

    def set_event_loop_policy(policy: Any) -> None:
        global _policies_set  # noqa: PLW0603
        _policies_set += 1
        _set_policy(policy)

    asyncio.set_event_loop_policy = set_event_loop_policy
    asyncio.events.set_event_loop_policy = set_event_loop_policy


def _text_of(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001
        return "message unavailable"
    if type(text) is not str:
        return "message unavailable"
    return text[:MAX_MESSAGE].encode("utf-8", "replace").decode()


def _notes_of(error: BaseException) -> list[str]:
    notes = vars(error).get("__notes__")
    if type(notes) is not list:
        return []
    return [note[:400] for note in notes[:10] if type(note) is str]


def _restart_counters() -> None:
    counted: Any = threading
    counted._counter = itertools.count(1).__next__
    pools: Any = ThreadPoolExecutor
    pools._counter = itertools.count().__next__


def _close(each: loop.VirtualLoop) -> bool:
    if each.is_closed():
        return True
    if each.is_running():
        return False
    each.set_exception_handler(None)
    if left := unfinished(each):
        for task in left:
            task.cancel()
        each.run_until_complete(asyncio.wait(left))
    if each._asyncgens:  # type: ignore[attr-defined]
        each.run_until_complete(each.shutdown_asyncgens())
    if each._default_executor is not None:  # type: ignore[attr-defined]
        each.run_until_complete(each.shutdown_default_executor())
    each.close()
    return True


__all__ = ["Actor", "NotAwaitable", "Stage"]
