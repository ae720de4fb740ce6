"""One run of one scenario, from its arguments to the last thing seen."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import random
import sys
import warnings
import weakref
from asyncio import _get_running_loop
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from grader import wire
from grader.player import clock, disk, guard, network, outside, tasks, threads
from grader.player.actor import RunOver
from grader.player.census import Census, Seen, cycle_in, name_of_current, running_task
from grader.player.imprint import Imprint
from grader.player.interface import Interface
from grader.player.kernel import Kernel
from grader.player.lines import Lines
from grader.player.load import Submission, Unloadable
from grader.player.loop import VirtualLoop
from grader.player.network import Network
from grader.player.operations import Call, World
from grader.player.output import Output
from grader.player.packing import Packing
from grader.player.remains import Remains, install
from grader.player.script import Director

MAX_TRIED = 10

_set_event_loop = asyncio.set_event_loop
_seed = random.seed


class Stage:
    """Runs a scenario on a fresh kernel and reports what becomes of it."""

    def __init__(
        self,
        channel: wire.Channel[wire.FromJudge],
        load: wire.Load,
        submission: Submission,
        play: wire.Play,
        on_phase: Callable[[str], None],
    ) -> None:
        self._load = load
        self._submission = submission
        self._play = play
        self._on_phase = on_phase
        self._lines = Lines(load.filename)
        self.kernel = Kernel(channel, play.order, load.filename)
        self._network = (
            Network(self.kernel, play.hosts) if play.hosts is not None else None
        )
        self.packing = Packing(self._lines, load.records)
        self._census = Census(self._lines, self.kernel)
        self._remains = Remains(self.kernel, self._lines, self.packing)
        self._printed = Output()
        self._calls: weakref.WeakValueDictionary[int, Call] = (
            weakref.WeakValueDictionary()
        )
        self._begun = 0
        self._loop: VirtualLoop | None = None
        self._main: asyncio.Task[Any] | None = None
        self._stuck: list[Seen] = []
        self._left: list[wire.Stuck] = []
        self._tried: list[wire.Tried] = []
        self._finished = False
        self._listen()

    def _listen(self) -> None:
        kernel = self.kernel
        kernel.on_delivery = self._on_delivery
        kernel.on_over = self._on_over
        kernel.on_rest = self._on_rest
        kernel.on_livelock = self._on_livelock
        kernel.on_block = self._census.blocked
        kernel.on_complaint = self._remains.complain
        kernel.calling_line = self._lines.calling_line
        kernel.running_loop = _get_running_loop
        kernel.current_task = running_task

    # --- the run --------------------------------------------------------------

    def perform(self, imprint: Imprint) -> wire.Ended:
        """Run the scenario until the judge ends the run; return what was seen."""
        with self._surroundings():
            with suppress(RunOver):
                contextvars.copy_context().run(self._run)
            clean = self._clean_up()
        return self.ended(spent=not (clean and imprint.is_kept()))

    def ended(self, *, spent: bool) -> wire.Ended:
        """Return the report of the run."""
        remains = self._remains
        return wire.Ended(
            [seen.stuck for seen in self._stuck],
            self._left,
            cycle_in(self._stuck),
            remains.loops,
            remains.loop_set,
            remains.policy_set,
            remains.warnings,
            self._printed.text(),
            spent,
            self._tried,
        )

    def check(self) -> wire.Problem | None:
        """Execute the submission once; say why it cannot be graded, if it cannot."""
        with self._surroundings():
            try:
                return self._submission.check()
            except RunOver:
                lines = [seen.stuck.line for seen in self._stuck if seen.stuck.line]
                line = lines[0] if lines else 0
                return wire.Problem("import", "importing the file never ends", line)

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        for module in (clock, outside, tasks, threads):
            module.use_kernel(self.kernel)
        network.use_network(self._network)
        disk.use_stage(self, self._play.operations)
        _seed(self._play.seed)
        guard.listen(self._on_try, self._load.allow)
        streams = sys.stdout, sys.stderr
        if not self._load.unbounded:
            sys.stdout = sys.stderr = self._printed
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = self._on_warning
            # So that a coroutine that is never awaited knows where it was made.
            sys.set_coroutine_origin_tracking_depth(1)
            try:
                yield
            finally:
                guard.listen(None)
                sys.set_coroutine_origin_tracking_depth(0)
                sys.stdout, sys.stderr = streams
                network.use_network(None)
                disk.use_stage(None, [])
                for module in (clock, outside, tasks, threads):
                    module.use_kernel(None)

    def _run(self) -> None:
        packing = self.packing
        packing.scenarios = self._submission.scenarios()
        try:
            packing.module = self._submission.execute()
        except Unloadable as error:
            self._end(wire.Raised(_unloadable(error.problem)))
            self._wait_for_the_end()
        self._on_phase("started")
        self.report(wire.Started())
        scenario = getattr(packing.scenarios, self._play.scenario)
        arguments = {
            name: packing.unpack(value) for name, value in self._play.args.items()
        }
        world = World(self, self._play.operations, Director(self).follow)
        kata = Interface(packing.module, self._load.needs)
        if inspect.iscoroutinefunction(scenario):
            self._run_async(lambda: scenario(kata, world, **arguments))
        else:
            self._run_sync(lambda: scenario(kata, world, **arguments))
        self._wait_for_the_end()

    def _wait_for_the_end(self) -> NoReturn:
        while True:
            self.kernel.park("the end of the run", None)

    def _run_async(self, begin: Callable[[], Any]) -> None:
        self._loop = VirtualLoop()
        _set_event_loop(self._loop)
        self._main = self._loop.create_task(self._main_coroutine(begin))
        while not self._loop.is_closed():
            try:
                self._loop.run_forever()
            except RunOver:
                raise
            except BaseException as error:  # noqa: BLE001
                self._end(wire.Raised(self.packing.failure(error)))
            else:
                stopped = RuntimeError("the event loop was stopped before the end")
                self._end(wire.Raised(self.packing.failure(stopped)))

    async def _main_coroutine(self, begin: Callable[[], Any]) -> None:
        try:
            event: wire.Event = wire.Returned(self.packing.pack(await begin()))
        except RunOver:
            raise
        except BaseException as error:  # noqa: BLE001
            event = wire.Raised(self.packing.failure(error))
        self._end(event)

    def _run_sync(self, begin: Callable[[], Any]) -> None:
        try:
            event: wire.Event = wire.Returned(self.packing.pack(begin()))
        except RunOver:
            raise
        except BaseException as error:  # noqa: BLE001
            event = wire.Raised(self.packing.failure(error))
        self._end(event)

    def _end(self, event: wire.Event) -> None:
        if self._finished:
            return
        self._finished = True
        self.report(event)
        for stuck in self._census.left_tasks(self._main):
            self.report(wire.Left(stuck))
        self._remains.look_at_loops(self._loop)

    def _clean_up(self) -> bool:
        self.packing.forget()
        if self._play.collect and self._finished:
            self._main = None
            self._remains.collect()
        return self._remains.put_away() and tasks.forget()

    # --- listeners ------------------------------------------------------------

    def _on_delivery(self, delivery: wire.Delivery) -> None:
        if isinstance(delivery, wire.Cancel):
            if self._loop is not None and self._main is not None:
                self._loop.deliver(self._main.cancel)
            return
        if isinstance(delivery, wire.Arrival):
            if self._network is not None:
                self._network.take(delivery)
            return
        call = self._calls.get(delivery.op)
        if call is None:
            return
        if call.loop is not None:
            call.loop.deliver(lambda: call.settle(delivery))
        else:
            call.answer = delivery
            self.kernel.wake(call.actor)

    def _on_rest(self) -> None:
        """Tell which threads outlive the scenario; the judge knows if they still work."""
        if self._finished:
            for stuck in self._census.left_threads(self._loop):
                self.report(wire.Left(stuck))

    def _on_over(self) -> None:
        self._on_phase("over")
        if not self._finished:
            self._stuck = self._census.everyone(self._main)
        self._left = self._census.left_threads(self._loop)
        # What comes now comes of our unwinding it.
        self._remains.listening = False
        self._printed.stop()

    def _on_livelock(self, turns: int) -> wire.Event:
        self._stuck = self._census.everyone(self._main)
        return wire.Spun(turns, [seen.stuck for seen in self._stuck])

    def _on_try(self, what: str) -> None:
        tried = wire.Tried(what, self._lines.calling_line())
        if tried.line and tried not in self._tried and len(self._tried) < MAX_TRIED:
            self._tried.append(tried)

    def _on_warning(
        self,
        message: Any,
        category: Any,
        filename: str,
        lineno: int,
        *_: Any,
        **__: Any,
    ) -> None:
        self._remains.warn(message, category, filename, lineno)

    # --- for operations and scenarios -----------------------------------------

    def begin(self, name: str, args: Any, keywords: Any) -> Call:
        """Report that an operation began; return its call."""
        self._begun += 1
        call = Call(self, self._begun)
        self._calls[self._begun] = call
        self.report(
            wire.Began(
                self._begun,
                name,
                self.packing.pack_all(args),
                self.packing.pack_keywords(keywords),
                self._lines.calling_line() or _line_of_task(),
                name_of_current(),
                self.kernel.running.number,
            )
        )
        return call

    def report(self, event: wire.Event) -> None:
        """Add an event to the next turn."""
        self.kernel.report(event)

    def note(self, name: str, noted: tuple[object, ...]) -> None:
        """Report what the scenario writes down."""
        self.report(wire.Noted(name, self.packing.pack_all(noted)))


def _line_of_task() -> int:
    line: int = getattr(running_task(), "_line", 0)
    return line


def _unloadable(problem: wire.Problem) -> wire.Failure:
    return wire.Failure("Unloadable", problem.message, frames=problem.frames)


__all__ = ["Stage", "install"]
