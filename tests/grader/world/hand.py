"""A player played by hand: it tells a world what happens, and rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from grader import values, wire
from grader.world.network import Peer
from grader.world.record import Operation, Run
from grader.world.rules import Rule, after, asynchronous, instant
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World

How = Literal["value", "error", "cancelled", "dropped"]

FETCH = asynchronous(lambda call: after(call.args[0] if call.args else 1))
"""Takes as many seconds as its argument says, one without it."""

LEFT_BY: dict[type, How] = {
    wire.Done: "value",
    wire.Failed: "error",
    wire.Exhausted: "error",
    wire.Gone: "cancelled",
}


def nothing_seen() -> wire.Ended:
    """Return the report of a player that saw nothing worth telling."""
    return wire.Ended(
        stuck=[],
        left=[],
        cycle=[],
        loops=[],
        loop_set=False,
        policy_set=False,
        warnings=[],
        printed="",
        spent=False,
    )


class Hand:
    """An honest player. Times are seconds; a call is left as soon as it is answered."""

    def __init__(
        self,
        operations: Mapping[str, Rule | Service] | None = None,
        *,
        tape: tuple[int, ...] = (),
        cancel_at: int | None = None,
        secret: bytes = b"secret",
        peers: Sequence[Peer] | None = None,
    ) -> None:
        rules = {"fetch": FETCH} if operations is None else operations
        tokens = Tokens(secret, "case")
        self.world = World(rules, tokens, Tape(tape), cancel_at, peers)
        self.run: Run = self.world.run
        self.deliveries: list[wire.Delivery] = []
        self._events: list[wire.Event] = []
        self._begun = 0

    @property
    def now(self) -> float:
        """The time in seconds."""
        return self.world.now / wire.NANOSECONDS

    # --- what happens ---------------------------------------------------------

    def tell(self, *events: wire.Event) -> None:
        """Have something happen."""
        self._events += events

    def begin(self, name: str = "fetch", *args: object) -> int:
        """Begin a call; return its number."""
        self._begun += 1
        packed = [values.pack_known(each) for each in args]
        self.tell(wire.Began(self._begun, name, packed, {}, 1, "Task-1", 0))
        return self._begun

    def cancel(self, *numbers: int) -> None:
        """Cancel calls that do nothing about it."""
        for number in numbers:
            self.tell(wire.CancelSeen(number), wire.Closed(number, "cancelled"))

    def close(self, number: int, how: How) -> None:
        """Leave a call."""
        self.tell(wire.Closed(number, how))

    def returned(self, value: wire.Value = None) -> None:
        """Have the scenario return."""
        self.tell(wire.Returned(value))

    # --- turns ----------------------------------------------------------------

    def turn(
        self, timer: int | None = None, asking: int | None = None
    ) -> wire.Reply | wire.Over:
        """Send what happened since the last turn."""
        events, self._events = self._events, []
        return self.world.step(wire.Turn(events, timer, asking))

    def rest(self, until: float | None = None, *, hold: bool = False) -> list[int]:
        """Rest until something happens; return the calls that the world let go.

        They are left at once, unless `hold`.
        """
        reply = self.turn(None if until is None else instant(until))
        return self._take(reply, hold=hold)

    def ask(self, number: int) -> list[int]:
        """Ask for a synchronous call; return it if it was answered."""
        return self._take(self.turn(asking=number), hold=False)

    def _take(self, reply: wire.Reply | wire.Over, *, hold: bool) -> list[int]:
        assert isinstance(reply, wire.Reply), "the run is over"
        self.deliveries = reply.deliveries
        let_go = []
        for each in reply.deliveries:
            if isinstance(each, wire.Answer):
                let_go.append(each.op)
                if not hold:
                    self.close(each.op, LEFT_BY[type(each)])
        return let_go

    def over(self) -> Run:
        """Rest until the run is over; return its record."""
        while isinstance(reply := self.turn(), wire.Reply):
            self._take(reply, hold=False)
        return self.world.conclude(nothing_seen())

    def call(self, number: int) -> Operation:
        """Return the record of a call."""
        return self.run.operations[number - 1]
