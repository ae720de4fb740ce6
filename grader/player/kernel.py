"""Who may run now, and what time is it?

One kernel a run. It owns the wire and the clock; every thread, with the loop it may be
running, is an *actor*, and only the actor that holds the baton runs. An actor gives the
baton away by parking: in a loop's `select`, in a lock, in a sleep. When all are parked,
nothing inside can move: one `Turn` goes to the judge, whose reply moves the clock or
completes operations, and that makes some actor ready again.

So there is no preemption, no real waiting, and a deadlock is seen the moment it is
there. The order in which ready actors get the baton is drawn by the judge.
"""

from __future__ import annotations

import _thread
import os
from collections.abc import Callable
from contextlib import contextmanager, suppress
from sys import getrecursionlimit, setrecursionlimit
from time import monotonic_ns
from typing import TYPE_CHECKING

from grader import wire
from grader.player.actor import Actor, RunOver
from grader.player.outside import has_processes, ready

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from types import FrameType

    from grader.player.loop import VirtualLoop

MAX_TURNS = 10_000
"""Turns of loops at one instant, with nothing asked of the world, before it is a livelock."""

MAX_TURNS_AFTER = 500
"""The same when the run is over, and only cleaning up is left to do."""

MAX_READS = 1_000
"""Looks at a clock or a lock at one instant before each further one costs time."""

READ_COST = 1_000_000
"""What such a look costs at first; the price doubles with every 64 of them."""

HEADROOM = 200
"""Frames that talking to the judge may need on top of a submission's own."""

ROOM = 24
"""Frames that giving the baton away needs on top of a submission's own."""

BUSY = "a busy wait"
"""What an actor waits for that looks at a clock or a lock again and again."""

A_LOCK = "a lock"
"""What an actor waits for in a virtual lock; the census finds out what it is for."""


class Kernel:
    """The baton, the clock and the list of events of one run."""

    def __init__(
        self,
        channel: wire.Channel[wire.FromJudge],
        order: list[int] | None = None,
        filename: str = "",
    ) -> None:
        self._channel = channel
        self._order = order or []
        self._filename = filename
        self._choices = 0
        self._events: list[wire.Event] = []
        self.now = 0
        self.turns = 0
        self.over = False
        self.main = Actor(0)
        self.main.ident = _thread.get_ident()
        self.running = self.main
        self.actors: list[Actor] = [self.main]
        self.loops: list[VirtualLoop] = []
        self.on_delivery: Callable[[wire.Delivery], None] = _ignore
        self.on_over: Callable[[], None] = _ignore
        self.on_rest: Callable[[], None] = _ignore
        self.on_complaint: Callable[[dict[str, object]], None] = _ignore
        self.on_livelock: Callable[[int], wire.Event] | None = None
        self.on_block: Callable[[str], wire.Event] | None = None
        self.calling_line: Callable[[], int] = _nowhere
        self.running_loop: Callable[[], object] = _none
        self.current_task: Callable[[], object] = _none
        self._ready: list[Actor] = []
        self._admitted = 1
        self._serial = 0
        self._names = 0
        self._until: int | None = None
        self._elapsed = 0

    # --- counters -------------------------------------------------------------

    def next_serial(self) -> int:
        """Return a number that grows with each task and future made in this run."""
        self._serial += 1
        self.running.reads = 0
        return self._serial

    def next_name(self) -> str:
        """Return the name of the next task that was given none."""
        self._names += 1
        return f"Task-{self._names}"

    # --- events ---------------------------------------------------------------

    def report(self, event: wire.Event) -> None:
        """Add an event to the next turn."""
        if not self.over:
            self.running.reads = 0
            self._events.append(event)

    # --- threads --------------------------------------------------------------

    def admit(self, thread: threading.Thread | None) -> Actor:
        """Return an actor for a thread about to start; it is ready to run."""
        _ensure_room(ROOM)
        actor = Actor(self._admitted, thread)
        self._admitted += 1
        self.actors.append(actor)
        self._ready.append(actor)
        return actor

    def dismiss(self, actor: Actor) -> None:
        """Take out an actor whose thread could not be started."""
        actor.ended = True
        self.actors.remove(actor)
        self._ready.remove(actor)

    def enter(self, actor: Actor) -> None:
        """Wait, on the new thread of this actor, for the baton."""
        self._await_baton(actor)
        actor.ident = _thread.get_ident()

    def leave(self) -> None:
        """Take the running actor out: its thread is about to end."""
        actor = self.running
        actor.ended = True
        self.actors.remove(actor)
        for other in self.actors:
            if other.waits_on is actor:
                self.wake(other)
        try:
            self._hand_over(self._next_ready())
        except BaseException:  # noqa: BLE001
            # With nobody to take the baton, all would wait for ever.
            os._exit(70)

    # --- the baton ------------------------------------------------------------

    def park(
        self, waits_for: str, deadline: int | None, waits_on: object = None
    ) -> bool:
        """Give the baton away until someone calls `wake` or the clock is at `deadline`.

        Returns True when woken, False when the deadline came first.
        """
        _ensure_room(ROOM)
        actor = self.running
        actor.parked = True
        actor.woken = False
        actor.deadline = deadline
        actor.waits_for = waits_for
        actor.waits_on = waits_on
        actor.reads = 0
        try:
            chosen = self._next_ready()
        except BaseException:
            # Out of memory: as if it had never parked.
            actor.parked = False
            if actor in self._ready:
                self._ready.remove(actor)
            raise
        if chosen is not actor:
            self._hand_over(chosen)
            self._await_baton(actor)
        actor.waits_on = None
        actor.waits_for = ""
        if self.over and actor is self.main and not actor.woken:
            raise RunOver
        return actor.woken

    def rest(self, loop: VirtualLoop) -> None:
        """Park in a loop's `select`: nothing in this loop is ready."""
        actor = self.running
        previous = actor.loop
        actor.loop = loop
        try:
            self.park("the loop", loop.next_timer())
        finally:
            actor.loop = previous

    def wake(self, actor: Actor) -> None:
        """Make a parked actor ready."""
        if actor.parked:
            _ensure_room(ROOM)
            actor.parked = False
            actor.woken = True
            self._ready.append(actor)

    def wake_loop(self, loop: VirtualLoop) -> None:
        """Make the actor that rests in this loop ready, if there is one."""
        for actor in self.actors:
            if actor.parked and actor.loop is loop:
                self.wake(actor)

    def give_way(self) -> None:
        """Let other ready actors run before going on."""
        if not self._ready:
            return
        _ensure_room(ROOM)
        actor = self.running
        actor.woken = True
        self._ready.append(actor)
        chosen = self._next_ready()
        if chosen is not actor:
            self._hand_over(chosen)
            self._await_baton(actor)

    def _hand_over(self, actor: Actor) -> None:
        self.running = actor
        with suppress(RuntimeError):
            # It may be open still: who saw that it is running did not pass.
            actor.gate.release()

    def _await_baton(self, actor: Actor) -> None:
        # A gate only wakes: what a signal handler raises may come out of it before or
        # after it was passed. Who has the baton is told by `running` alone.
        raised: BaseException | None = None
        while True:
            try:
                while self.running is not actor:
                    actor.gate.acquire()
                break
            except BaseException as error:  # noqa: BLE001
                raised = error
        if raised is not None:
            raise raised

    def _next_ready(self) -> Actor:
        while not self._ready:
            self._idle()
        if len(self._ready) == 1:
            return self._ready.pop()
        return self._ready.pop(self._choose(len(self._ready)))

    def _choose(self, count: int) -> int:
        if self._choices >= len(self._order):
            return 0
        choice = self._order[self._choices] % count
        self._choices += 1
        return choice

    # --- waits a submission makes ---------------------------------------------

    @contextmanager
    def excuse(self) -> Iterator[None]:
        """Take the waits inside for the interpreter's own: they are no blocking."""
        actor = self.running
        actor.excused += 1
        try:
            yield
        finally:
            actor.excused -= 1

    def wait(self, what: str, deadline: int | None, waits_on: object = None) -> bool:
        """Park on behalf of the submission; on a loop's own thread that is blocking."""
        self.note_blocking(what)
        return self.park(what, deadline, waits_on)

    def note_blocking(self, what: str) -> None:
        """Report that a wait begins, if it stops a loop."""
        if self.running.excused or self.on_block is None:
            return
        if self.running_loop() is not None:
            self.report(self.on_block(what))

    def instant_after(self, seconds: float) -> int | None:
        """Return the instant `seconds` from now; None when that is never."""
        if not seconds < wire.NEVER / wire.NANOSECONDS:
            return None
        instant = self.now + max(0, round(seconds * wire.NANOSECONDS))
        return instant if instant < wire.NEVER else None

    def watch(
        self, what: str, descriptors: list[tuple[int, int]], deadline: int | None
    ) -> None:
        """Park until one of these real descriptors is ready, or the deadline is there."""
        actor = self.running
        actor.watches = descriptors
        try:
            self.wait(what, deadline)
        finally:
            actor.watches = []

    def look_outside(self) -> None:
        """Let others run that something outside is ready for."""
        self._poll_outside()
        self.give_way()

    # --- the clock ------------------------------------------------------------

    def read_clock(self, reader: FrameType) -> int:
        """Return the time in nanoseconds since the run began.

        A submission that reads it again and again at one instant waits busily.
        """
        if reader.f_code.co_filename == self._filename:
            self.look()
        return self.now

    def look(self) -> None:
        """Count a look at a clock or at a lock: very many in a row cost time."""
        actor = self.running
        if actor.excused:
            return
        actor.reads += 1
        if actor.reads == 1:
            # By its number: who is remembered here must be free to die.
            actor.reader = id(self.current_task())
        elif actor.reads > MAX_READS:
            self._burn(actor)

    def _burn(self, actor: Actor) -> None:
        if self.over:
            raise RunOver
        if actor.reader != id(self.current_task()):
            # Many tasks that look once each wait for nothing.
            actor.reads = 0
            return
        reads = actor.reads
        if reads == MAX_READS + 1:
            self.note_blocking(BUSY)
        cost = READ_COST << min((reads - MAX_READS) // 64, 40)
        self.park(BUSY, self.now + cost)
        actor.reads = reads

    def count_turn(self) -> None:
        """Count a turn of a loop that had something to do."""
        self.turns += 1
        self.running.reads = 0
        if self.turns > (MAX_TURNS_AFTER if self.over else MAX_TURNS):
            self._stop_spinning()

    def _stop_spinning(self) -> None:
        if not self.over and self.on_livelock is not None:
            self.report(self.on_livelock(self.turns))
            self._exchange(None)
        if self.over:
            raise RunOver

    # --- the wire -------------------------------------------------------------

    def ask(self, op: int) -> None:
        """Send what happened and let the judge answer operation `op` at once."""
        if self.over:
            raise RunOver
        self._exchange(op)

    def _idle(self) -> None:
        if not self.over:
            if self._poll_outside():
                return
            self._exchange(None)
            if self._until is not None and not self._ready:
                self._wait_outside(self._until)
        if self.over and self.main.parked:
            # Nothing can move and nobody will move it: let the main actor end the run.
            self.main.parked = False
            self._ready.append(self.main)

    def _poll_outside(self) -> bool:
        found = False
        for actor in self.actors:
            loop = actor.loop
            if (actor.parked and loop is not None and loop.has_events()) or (
                actor.parked and actor.watches and ready(actor.watches)
            ):
                self.wake(actor)
                found = True
        return found

    def _wait_outside(self, until: int) -> None:
        """Let real time pass until something outside is ready, or it is so late."""
        watched = [each for actor in self.actors for each in actor.watches]
        for loop in self.loops:
            watched += loop.real_descriptors()
        began = monotonic_ns()
        span = None if until >= wire.NEVER else (until - self.now) / wire.NANOSECONDS
        ready(watched, span)
        elapsed = min(monotonic_ns() - began, until - self.now)
        self._elapsed += elapsed
        self.now += elapsed

    def _next_timer(self) -> int | None:
        deadlines = [
            actor.deadline
            for actor in self.actors
            if actor.parked and actor.deadline is not None
        ]
        return max(self.now, min(deadlines)) if deadlines else None

    def _exchange(self, asking: int | None) -> None:
        # A submission may be at the end of its stack. To stop between the question and
        # its answer would put everything after it out of step.
        limit = getrecursionlimit()
        setrecursionlimit(min(limit + HEADROOM, 2**31 - 1))
        try:
            self._talk(asking)
        finally:
            setrecursionlimit(limit)

    def _talk(self, asking: int | None) -> None:
        if asking is None and not self._ready:
            self.on_rest()
        events, self._events = self._events, []
        timer = self._next_timer() if asking is None else None
        outside = any(actor.parked and _watches(actor) for actor in self.actors)
        elapsed, self._elapsed, self._until = self._elapsed, 0, None
        self._channel.send(wire.Turn(events, timer, asking, outside, elapsed))
        reply = self._channel.receive()
        self.turns = 0
        if isinstance(reply, wire.Reply):
            self._take(reply)
        else:
            self.on_over()
            self.over = True

    def _take(self, reply: wire.Reply) -> None:
        self.now = reply.now
        self._until = reply.until
        for delivery in reply.deliveries:
            self.on_delivery(delivery)
        for actor in self.actors:
            deadline = actor.deadline
            if actor.parked and deadline is not None and deadline <= reply.now:
                actor.parked = False
                self._ready.append(actor)


def _watches(actor: Actor) -> bool:
    """Say whether something outside may end the wait of an actor."""
    loop = actor.loop
    in_loop = loop is not None and has_processes() and bool(loop.real_descriptors())
    return in_loop or bool(actor.watches)


def _ensure_room(frames: int) -> None:
    """Raise `RecursionError` here, where nothing is lost by it, and not halfway."""
    if frames:
        _ensure_room(frames - 1)


def _ignore(*_: object) -> None:
    """Stand in for a listener that a run did not set."""


def _nowhere() -> int:
    return 0


def _none() -> object:
    return None
