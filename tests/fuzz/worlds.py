"""Worlds with every kind of rule, and players that are honest until they are not."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from grader import wire
from grader.world.record import Operation
from grader.world.rules import (
    Failing,
    Plan,
    Rule,
    after,
    answers,
    asynchronous,
    by_argument,
    cleans_up,
    context,
    each,
    items,
    never,
    synchronous,
)
from grader.world.script import Script, script, step
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World
from tests.grader.world.arbitrary import (
    EVENTS,
    OPS,
    TIMERS,
    VALUES,
)


class Store(Service):
    """A service that believes what it is told."""

    SYNCHRONOUS = frozenset({"size"})
    LINGERS = True

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[Any, Any] = {}

    def put(self, call: Operation) -> Plan:
        """Take a value."""
        if len(call.args) > 1:
            self.violate("put twice", f"{call.name} was called with two")
        return after(call.args[0], cancelled=cleans_up(1))

    def size(self, call: Operation) -> Plan:
        """Tell how much is held."""
        return after(0, gives=lambda _: [len(self.held), call.keywords])

    def completed(self, call: Operation) -> None:
        """Hold what was put."""
        if call.name.endswith("put"):
            self.held[call.args[0]] = call.args

    def cancelled(self, call: Operation) -> None:
        """Hold it no more."""
        self.held.pop(call.args[0], None)


def rules() -> dict[str, Rule | Service]:
    """Return the operations: one of every kind."""
    return {
        "fetch": asynchronous(lambda call: after(call.args[0] if call.args else 1)),
        "save": asynchronous(after(2, cancelled=answers(1, [1, "kept"]))),
        "tidy": asynchronous(after(3, cancelled=cleans_up(2))),
        "hang": asynchronous(never()),
        "stay": asynchronous(
            never(cancelled=answers(1, fails=Failing("CleanupError", "a\nb")))
        ),
        "fail": asynchronous(after(1, fails="FetchError")),
        "work": synchronous(lambda call: after(call.args[0], gives=call.args)),
        "wait": synchronous(after(1)),
        "turns": each([after(1), after(0, fails="OSError"), never()]),
        "pages": by_argument({"/a": after(1), 1: after(2, b"\xff")}),
        "lines": items([after(1), after(0, cancelled=cleans_up(1))]),
        "rows": items([after(0), after(1)], asynchronous=False),
        "lock": context(after(1), after(0), asynchronous=False),
        "pool": context(after(1), after(1, cancelled=cleans_up(1))),
        "store": Store(),
    }


_RULES = World(rules(), Tokens(b"", ""))._calls
CALLS = sorted(_RULES)
BLOCKING = {name for name, rule in _RULES.items() if rule.synchronous}

SCRIPT: Script = script(
    step(0, "A", "call", "fetcher.fetch", "/a", 2**70),
    step(1, "B", "enter", "fetcher"),
    step(2, "C", "cancel", "A"),
    step(2, "B", "raise", "ValueError"),
)


class Story(msgspec.Struct, frozen=True):
    """All that a player said of one run, byte by byte, and what was drawn for it."""

    turns: list[bytes]
    tape: list[int]
    cancel_at: int | None
    scripted: bool
    ended: wire.Ended | None


def turn(
    *events: wire.Event, timer: int | None = None, asking: int | None = None
) -> bytes:
    """Return the body of a turn."""
    return body_of(wire.Turn(list(events), timer, asking))


def body_of(message: wire.FromPlayer) -> bytes:
    """Return a message as it travels, without its header."""
    return wire.encode(message)[4:]


def world_of(story: Story) -> World:
    """Return the world in which a story is told."""
    tokens, tape = Tokens(b"secret", "case"), Tape(story.tape)
    world = World(rules(), tokens, tape, story.cancel_at)
    if story.scripted:
        world.run.script = SCRIPT
    return world


# --- what a player says ---------------------------------------------------------

NASTY = st.sampled_from(
    ["", "\n", "\x1b[2J", "\u202e", "日本", "::error::x", "a; b. c", "x" * 300, "/a"]
)
GREAT: list[Any] = [
    wire.BigInt("f" * 4200),
    wire.BigInt("-" + "1" * 30_000),
    wire.Surrogates(b"\xed\xa0\x80"),
    wire.Surrogates(b"\xff"),
    wire.Set([wire.BigInt(f"{i * (2**61 - 1):x}") for i in range(1, 99)], frozen=False),
    wire.Record("Page", [("tags\x1b[0m", wire.List(["x"])), ("of", None)]),
    wire.List([wire.List([0] * 60)] * 30),
    float("nan"),
    -0.0,
    2**64 - 1,
]
ARGUMENTS: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, 2, 0.5, "/a", True]
) | st.integers(0, len(GREAT) - 1).map(lambda place: GREAT[place])
ANY: st.SearchStrategy[wire.Value] = VALUES | ARGUMENTS | NASTY
NOTES = NASTY | st.sampled_from(["script", "again", "depth"])
COUNTS = st.integers(0, 9)
TYPES = st.sampled_from(
    ["FetchError", "CancelledError", "NotImplementedError", "KeyError"]
)
ERRORS: st.SearchStrategy[wire.Failure] = st.recursive(
    st.builds(
        wire.Failure,
        TYPES | NASTY,
        NASTY,
        st.none() | NASTY,
        frames=st.lists(st.builds(wire.Frame, COUNTS, NASTY), max_size=2),
    ),
    lambda part: st.builds(
        wire.Failure, TYPES, NASTY, group=st.lists(part, max_size=5)
    ),
    max_leaves=6,
)
STUCK = st.builds(
    wire.Stuck,
    st.sampled_from(["task", "thread", "generator"]),
    NASTY,
    COUNTS,
    NASTY,
    NASTY,
    NASTY,
)
SAID: st.SearchStrategy[wire.Event] = st.one_of(
    st.builds(wire.Noted, NOTES, st.lists(ANY, max_size=3)),
    st.builds(wire.Stepped, st.integers(1, 5), ANY | ERRORS),
    st.builds(wire.Yielded, NOTES, ANY),
    st.builds(wire.Blocked, NASTY, st.integers(0, 9), NASTY),
    st.builds(wire.Left, STUCK),
)
ENDS: st.SearchStrategy[wire.Event] = st.one_of(
    st.builds(wire.Returned, ANY), st.builds(wire.Raised, ERRORS)
)
WORDS = st.lists(NASTY, max_size=2)
ENDED = st.builds(
    wire.Ended,
    st.lists(STUCK, max_size=2),
    st.lists(STUCK, max_size=2),
    WORDS,
    st.lists(
        st.builds(wire.LoopFact, st.booleans(), st.booleans(), COUNTS), max_size=2
    ),
    st.booleans(),
    st.booleans(),
    st.lists(st.builds(wire.Warned, NASTY, NASTY, COUNTS), max_size=2),
    NASTY,
    st.booleans(),
)


SOON = st.integers(0, 5 * wire.NANOSECONDS)


class Player:
    """Says what an honest player may say next, for a world that answers beside it."""

    def __init__(self, draw: st.DrawFn, story: Story) -> None:
        self._draw = draw
        self._world = world_of(story)
        self._begun = 0
        self._on: list[int] = []
        self._left_by: dict[int, Any] = {}
        self._blocking: set[int] = set()
        self._simple: set[int] = set()
        self.may_end = True
        self.is_over = False

    def turn(self) -> bytes:
        """Return the next turn; `is_over` says that none comes after it."""
        draw = self._draw
        events = [each for number in self._left_by for each in self._leave(number)]
        self._left_by.clear()
        for _ in range(draw(st.integers(0, 4))):
            events += self._deed(draw(st.integers(0, 9)))
        asking = self._asking()
        timer = draw(SOON | SOON | st.none())
        if self._forges():
            asking, timer = draw(st.none() | OPS), draw(TIMERS)
        body = body_of(wire.Turn(events, timer, asking, draw(st.booleans())))
        self._hear(body)
        return body

    def _asking(self) -> int | None:
        """Return the next synchronous call that was not asked for, now and then."""
        waiting = [each for each in self._on if each in self._blocking]
        if not waiting or self._draw(st.booleans()):
            return None
        self._blocking -= set(range(waiting[0] + 1))
        return waiting[0]

    def _forges(self) -> bool:
        return self._draw(st.integers(0, 29)) == 29

    def _leave(self, number: int) -> list[wire.Event]:
        if number not in self._on:
            return []
        self._on.remove(number)
        return [wire.Closed(number, self._left_by[number])]

    def _deed(self, which: int) -> list[wire.Event]:
        draw = self._draw
        if which <= 4:
            return [self._begin()]
        if which == 5 and self._on:
            return self._cancel(draw(st.sampled_from(self._on)))
        if which == 6 and self.may_end and draw(st.booleans()):
            self.may_end = False
            return [draw(ENDS)]
        if which == 7 and self._forges():
            return [draw(EVENTS)]
        return [draw(SAID)]

    def _begin(self) -> wire.Event:
        self._begun += 1
        self._on.append(self._begun)
        draw = self._draw
        name = draw(st.sampled_from(CALLS))
        if not _RULES[name].lingers:
            self._simple.add(self._begun)
        if name in BLOCKING:
            self._blocking.add(self._begun)
        return wire.Began(
            self._begun,
            name,
            draw(st.lists(ARGUMENTS | ANY, min_size=name == "store.put", max_size=2)),
            draw(st.dictionaries(NASTY, ANY, max_size=1)),
            draw(st.integers(0, 9)),
            draw(NASTY),
            0,
        )

    def _cancel(self, number: int) -> list[wire.Event]:
        seen: list[wire.Event] = [wire.CancelSeen(number)]
        how: Any = self._draw(st.sampled_from(["", "", "dropped", "cancelled"]))
        if how == "dropped" or (how and number in self._simple):
            self._on.remove(number)
            seen.append(wire.Closed(number, how))
        return seen

    def _hear(self, body: bytes) -> None:
        try:
            reply = self._world.step(wire.from_player(body))  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001
            # Whatever came of it comes again, where it is looked at.
            self.is_over = True
            return
        self.is_over = isinstance(reply, wire.Over)
        if isinstance(reply, wire.Reply):
            for each in reply.deliveries:
                if isinstance(each, wire.Answer):
                    self._left_by[each.op] = _LEFT_BY[type(each)]


_LEFT_BY: dict[type, str] = {
    wire.Done: "value",
    wire.Failed: "error",
    wire.Exhausted: "error",
    wire.Gone: "cancelled",
}


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Draw a run, told by a player that is honest most of the time."""
    story = Story(
        [],
        draw(st.lists(st.integers(-1, 4), max_size=5)),
        draw(st.none() | st.integers(0, 4)),
        draw(st.booleans()),
        draw(st.none() | ENDED),
    )
    player = Player(draw, story)
    for _ in range(draw(st.integers(2, 10))):
        story.turns.append(player.turn())
        if player.is_over:
            return story
    if player.may_end and draw(st.integers(0, 3)):
        story.turns.append(turn(draw(ENDS)))
    return story


FORGED = st.builds(
    Story,
    st.lists(
        st.builds(
            wire.Turn,
            st.lists(EVENTS | SAID | ENDS, max_size=5),
            TIMERS,
            st.none() | OPS,
            st.booleans(),
        ).map(body_of),
        max_size=5,
    ),
    st.lists(st.integers(-1, 4), max_size=5),
    st.none() | st.integers(0, 4),
    st.booleans(),
    st.none() | ENDED,
)
