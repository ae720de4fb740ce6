"""Who may run now, and what time is it?

One kernel a player. It owns the wire and the clock; every thread, with the loop it
may be running, is an *actor*, and only the actor that holds the baton runs. An actor
gives the baton away by parking: in a loop's `select`, in a lock, in a sleep. When all
are parked, nothing inside can move: one `Turn` goes to the judge, whose reply moves
the clock or completes operations, and that makes some actor ready again.

So there is no preemption, no real waiting, and a deadlock is seen the moment it is
there. The order in which ready actors get the baton is drawn by the judge.
"""

from __future__ import annotations

import _thread
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.player.loop import VirtualLoop

MAX_TURNS = 10_000
"""Turns of loops at one instant, with nothing asked of the world, before it is a livelock."""

MAX_READS = 1_000
"""Readings of a clock at one instant before each further one costs a millisecond."""

READ_COST = 1_000_000

A_LOCK = "a lock"
"""What an actor waits for in a virtual lock; the census finds out what it is for."""

# Taken before `threads.install` puts virtual locks in their place.
_real_lock = _thread.allocate_lock


class RunOver(BaseException):
    """The judge has ended the run: unwind."""


class Actor:
    """A thread that takes part in the run."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.ident = 0
        self.gate = _real_lock()
        self.gate.acquire()
        self.parked = False
        self.woken = False
        self.deadline: int | None = None
        self.loop: VirtualLoop | None = None
        self.waits_for = ""
        self.waits_on: object = None
        self.excused = 0
        self.ended = False


class Kernel:
    """The baton, the clock and the list of events of one run."""

    def __init__(
        self, channel: wire.Channel[wire.FromJudge], order: list[int] | None = None
    ) -> None:
        self._channel = channel
        self._order = order or []
        self._choices = 0
        self._events: list[wire.Event] = []
        self.now = 0
        self.turns = 0
        self.reads = 0
        self.over = False
        self.main = self._admit_first()
        self.running = self.main
        self.actors: list[Actor] = [self.main]
        self.loops: list[VirtualLoop] = []
        self.on_delivery: Callable[[wire.Delivery], None] = _ignore
        self.on_over: Callable[[], None] = _ignore
        self.on_livelock: Callable[[int], wire.Event] | None = None
        self.on_block: Callable[[str], wire.Event] | None = None
        self.calling_line: Callable[[], int] = _nowhere
        self._ready: list[Actor] = []
        self._admitted = 1
        self._serial = 0
        self._names = 0

    def _admit_first(self) -> Actor:
        actor = Actor(0)
        actor.ident = _thread.get_ident()
        return actor

    # --- counters -------------------------------------------------------------

    def next_serial(self) -> int:
        """Return a number that grows with each task and future made in this run."""
        self._serial += 1
        return self._serial

    def next_name(self) -> str:
        """Return the name of the next task that was given none."""
        self._names += 1
        return f"Task-{self._names}"

    # --- events ---------------------------------------------------------------

    def report(self, event: wire.Event) -> None:
        """Add an event to the next turn."""
        if not self.over:
            self._events.append(event)

    # --- the baton ------------------------------------------------------------

    def admit(self) -> Actor:
        """Return an actor for a thread about to start; it waits for the baton."""
        actor = Actor(self._admitted)
        self._admitted += 1
        self.actors.append(actor)
        self._ready.append(actor)
        return actor

    def leave(self) -> None:
        """Take the running actor out: its thread is about to end."""
        actor = self.running
        actor.ended = True
        self.actors.remove(actor)
        for other in self.actors:
            if other.waits_on is actor:
                self.wake(other)
        self._hand_over(self._next_ready())

    def park(
        self, waits_for: str, deadline: int | None, waits_on: object = None
    ) -> bool:
        """Give the baton away until someone calls `wake` or the clock is at `deadline`.

        Returns True when woken, False when the deadline came first.
        """
        actor = self.running
        actor.parked = True
        actor.woken = False
        actor.deadline = deadline
        actor.waits_for = waits_for
        actor.waits_on = waits_on
        chosen = self._next_ready()
        if chosen is not actor:
            self._hand_over(chosen)
            actor.gate.acquire()
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
        if self._ready:
            actor = self.running
            actor.woken = True
            self._ready.append(actor)
            chosen = self._next_ready()
            if chosen is not actor:
                self._hand_over(chosen)
                actor.gate.acquire()

    def _hand_over(self, actor: Actor) -> None:
        self.running = actor
        actor.gate.release()

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
        """Waits inside are the interpreter's own: they are no blocking."""
        actor = self.running
        actor.excused += 1
        try:
            yield
        finally:
            actor.excused -= 1

    def wait(self, what: str, seconds: float | None, waits_on: object = None) -> bool:
        """Park on behalf of the submission; on a loop's own thread that is blocking."""
        if not self.running.excused and self.on_block is not None:
            self._note_blocking(what)
        deadline = None if seconds is None else self.instant_after(seconds)
        return self.park(what, deadline, waits_on)

    def _note_blocking(self, what: str) -> None:
        from asyncio import _get_running_loop

        if _get_running_loop() is not None and self.on_block is not None:
            self.report(self.on_block(what))

    def instant_after(self, seconds: float) -> int | None:
        """Return the instant `seconds` from now; None when that is never."""
        if seconds >= 1e9:
            return None
        return self.now + max(0, round(seconds * wire.NANOSECONDS))

    # --- the clock ------------------------------------------------------------

    def read_clock(self) -> int:
        """Return the time in nanoseconds since the run began.

        Reading it again and again at one instant is a busy wait: it costs time.
        """
        self.reads += 1
        if self.reads > MAX_READS and not self.over:
            self._burn()
        return self.now

    def _burn(self) -> None:
        if self.reads == MAX_READS + 1:
            self._note_blocking("a busy wait on the clock")
        reads = self.reads
        with self.excuse():
            self.park("a busy wait", self.now + READ_COST)
        self.reads = reads

    def count_turn(self) -> None:
        """Count one turn of a loop that had something to do."""
        self.turns += 1
        self.reads = 0
        if self.turns <= MAX_TURNS:
            return
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
        if self.over:
            self._unwind()
            return
        if self._poll_outside():
            return
        self._exchange(None)
        if self.over:
            self._unwind()

    def _unwind(self) -> None:
        """Nothing can move and nobody will move it: wake the main actor to end the run."""
        main = self.main
        if main.parked:
            main.parked = False
            self._ready.append(main)
        elif main not in self._ready:
            # The main thread has ended its run; the last one out of a thread stops here.
            _real_lock_forever()

    def _poll_outside(self) -> bool:
        found = False
        for actor in self.actors:
            loop = actor.loop
            if actor.parked and loop is not None and loop.has_events():
                self.wake(actor)
                found = True
        return found

    def _next_timer(self) -> int | None:
        deadlines = [
            actor.deadline
            for actor in self.actors
            if actor.parked and actor.deadline is not None
        ]
        return min(deadlines) if deadlines else None

    def _exchange(self, asking: int | None) -> None:
        events, self._events = self._events, []
        timer = self._next_timer() if asking is None else None
        self._channel.send(wire.Turn(events, timer, asking))
        reply = self._channel.receive()
        self.turns = 0
        self.reads = 0
        if isinstance(reply, wire.Reply):
            self._take(reply)
        else:
            self.on_over()
            self.over = True

    def _take(self, reply: wire.Reply) -> None:
        self.now = reply.now
        for delivery in reply.deliveries:
            self.on_delivery(delivery)
        for actor in self.actors:
            deadline = actor.deadline
            if actor.parked and deadline is not None and deadline <= reply.now:
                actor.parked = False
                self._ready.append(actor)


def _ignore(*_: object) -> None:
    """Stand in for a listener that a run did not set."""


def _nowhere() -> int:
    return 0


def _real_lock_forever() -> None:
    lock = _real_lock()
    lock.acquire()
    lock.acquire()
