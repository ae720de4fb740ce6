"""Hand-made runs: what an honest player would send, told event by event to a real world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from grader import values, wire
from grader.laws import JudgedRun
from grader.laws.outcome import Broken, NotReached, TimeUp
from grader.laws.served import reply
from grader.laws.values import SOME_TEXT
from grader.world.http import Ask, Browser
from grader.world.peers import Client
from grader.world.record import OutcomeKind
from grader.world.rules import Failing, Plan, after, asynchronous, instant
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World

NAMES = ("fetch", "save", "say")

How = Literal["value", "error", "cancelled", "dropped"]


class Story:
    """A run told from inside: every call, every wait, and how it ended.

    Calls are numbered from 1; call n stands in line 10 n of the learner's file. Times
    are seconds. A call is left as soon as the world has answered it, in the order of
    the answers, unless `wait` is told to hold it.
    """

    def __init__(self, tape: tuple[int, ...] = ()) -> None:
        self._plans: list[Plan] = []
        rule = asynchronous(lambda call: self._plans[call.number - 1])
        tokens = Tokens(b"secret", "case")
        self.world = World(dict.fromkeys(NAMES, rule), tokens, Tape(tape))
        self._events: list[wire.Event] = []
        self._ways: dict[int, How] = {}
        self._cleaning: set[int] = set()
        self.on: list[int] = []
        self.thread = 0
        self.is_over = False
        self._last_words: dict[str, Any] = {}

    # --- calls ----------------------------------------------------------------

    def fetch(self, key: object, plan: Plan = after(1)) -> int:  # noqa: B008
        """Begin `fetch(key)`; return the number of the call."""
        return self.call("fetch", plan, key)

    def call(self, name: str, plan: Plan, *args: object, **keywords: object) -> int:
        """Begin a call; return its number."""
        self._plans.append(plan)
        number = len(self._plans)
        packed = [values.pack_known(each) for each in args]
        named = {key: values.pack_known(each) for key, each in keywords.items()}
        task = f"Task-{number}"
        self.tell(
            wire.Began(number, name, packed, named, 10 * number, task, self.thread)
        )
        self.on.append(number)
        return number

    def cancel(self, *numbers: int) -> None:
        """Cancel calls: each is left at once, unless its plan has it clean up first.

        A second cancellation cuts the cleanup short.
        """
        for number in numbers:
            self.tell(wire.CancelSeen(number))
            cleaning = number in self._cleaning
            self._cleaning.add(number)
            if cleaning or self._plans[number - 1].cancelled is None:
                self.leave(number, "cancelled")

    def leave(self, number: int, how: How | None = None) -> None:
        """Leave a call: as the world has answered it, or in another way."""
        self.on.remove(number)
        self.tell(wire.Closed(number, how or self._ways[number]))

    def token(self, number: int) -> str:
        """Return the token that a call gives once the world knows of it."""
        return self.world.run.operations[number - 1].token

    def error(self, number: int, line: int = 0) -> wire.Failure:
        """Return the error that a call raised, as the player reports it."""
        plan = self._plans[number - 1]
        answer = plan.cancelled.fails if plan.cancelled is not None else None
        failing = plan.fails or answer or Failing("no error")
        handle = f"error {self.token(number)}"
        return failure(failing.type, failing.message, handle=handle, line=line)

    # --- what else is seen ----------------------------------------------------

    def tell(self, *events: wire.Event) -> None:
        """Report events."""
        self._events += events

    def note(self, name: str, *noted: object) -> None:
        """Write something down, as scenarios do."""
        self.tell(wire.Noted(name, [values.pack_known(each) for each in noted]))

    def leaves_behind(self, kind: Any, name: str, **facts: Any) -> None:
        """Have something be there still at the end."""
        self.tell(wire.Left(stuck(kind, name, **facts)))

    def last_words(self, **facts: Any) -> None:
        """Change what the player reports of the finished run."""
        self._last_words |= facts

    # --- time -----------------------------------------------------------------

    def wait(self, until: float | None = None, *, hold: bool = False) -> None:
        """Rest until the world ends calls, or until a timer; `hold` the calls it ends."""
        events, self._events = self._events, []
        timer = None if until is None else instant(until)
        reply = self.world.step(wire.Turn(events, timer, None))
        if isinstance(reply, wire.Over):
            self.is_over = True
            return
        answered = [each for each in reply.deliveries if isinstance(each, wire.Answer)]
        self._ways |= {each.op: _WAYS[type(each)] for each in answered}
        for each in answered[: 0 if hold else None]:
            self.leave(each.op)

    def cancel_caller(self) -> None:
        """Rest; the caller is cancelled at this quiet instant."""
        self.world._cancel_at = self.world.run.idles + 1
        self.wait()

    def wait_until(self, moment: float) -> None:
        """Rest until that moment, whatever ends before it."""
        while self.world.now < instant(moment):
            self.wait(until=moment)

    def wait_for_all(self) -> None:
        """Rest until every call has ended that ever will."""
        if self._plans:
            self.wait()
        while any(each.due is not None for each in self.world._open.values()):
            self.wait()

    # --- the end --------------------------------------------------------------

    def returned(self, value: object = None) -> None:
        """Return; calls that are still on go on."""
        self.tell(wire.Returned(values.pack_known(value)))

    def raised(self, error: wire.Failure) -> None:
        """Raise; calls that are still on go on."""
        self.tell(wire.Raised(error))

    def over(self) -> JudgedRun:
        """Let happen what is still to come; return the run."""
        while not self.is_over:
            self.wait()
        nothing: dict[str, Any] = {each: [] for each in wire.Ended.__struct_fields__}
        said = {"loop_set": False, "policy_set": False, "printed": "", "spent": False}
        ended = wire.Ended(**(nothing | said | self._last_words))
        return JudgedRun(self.world.conclude(ended), self.world.label)

    def returns(self, value: object = None) -> JudgedRun:
        """Return, and let happen what is still to come."""
        self.returned(value)
        return self.over()

    def raises(self, error: wire.Failure) -> JudgedRun:
        """Raise, and let happen what is still to come."""
        self.raised(error)
        return self.over()

    def spins(self) -> JudgedRun:
        """Go round and round without a wait."""
        self.tell(wire.Spun(20_001, []))
        return self.over()

    def stops(self, kind: OutcomeKind, detail: str = "", line: int = 0) -> JudgedRun:
        """Be ended from outside."""
        for event in self._events:
            self.world._take(event)
        frames = (wire.Frame(line, "run"),) if line else ()
        return JudgedRun(self.world.abort(kind, detail, frames), self.world.label)


_WAYS: dict[type, How] = {
    wire.Done: "value",
    wire.Failed: "error",
    wire.Exhausted: "error",
    wire.Gone: "cancelled",
}


def stuck(kind: Any, name: str, **facts: Any) -> wire.Stuck:
    """Return what has not ended, as the player reports it: in line 7, in `watch`."""
    where: dict[str, Any] = {"line": 7, "function": "watch", "waits_for": ""}
    return wire.Stuck(kind, name, **(where | facts))


def failure(
    kind: str,
    message: str = "",
    *,
    handle: str | None = None,
    line: int = 0,
    function: str = "run",
    bases: tuple[str, ...] = (),
) -> wire.Failure:
    """Return an exception as the player reports it, raised in that line."""
    frames = [wire.Frame(line, function)] if line else []
    return wire.Failure(kind, message, handle, [], None, frames, list(bases))


def group(*members: wire.Failure, kind: str = "ExceptionGroup") -> wire.Failure:
    """Return an exception group as the player reports it."""
    return wire.Failure(kind, "errors", None, [], list(members))


CANCELLED = failure("CancelledError", bases=("CancelledError", "BaseException"))


# --- what a law says ------------------------------------------------------------


@dataclass(frozen=True)
class Breach:
    """All that a broken law tells: times in seconds, marks by the number of the call."""

    message: str
    sign: str
    at: float | None = None
    until: float | None = None
    line: int = 0
    marks: dict[int, str] = field(default_factory=dict)
    limit: int | None = None
    band: str = ""
    seen: str = ""
    reason: str = "behaviour"


def breach(law: Callable[..., object], *args: Any, **options: Any) -> Breach:
    """Return in what way the law is broken."""
    with pytest.raises(Broken) as caught:
        law(*args, **options)
    error = caught.value
    return Breach(
        str(error),
        error.sign,
        _seconds(error.at),
        _seconds(error.until),
        error.line,
        error.operations,
        error.limit,
        error.band,
        error.seen,
        error.reason,
    )


def not_reached(
    law: Callable[..., object], *args: Any, **options: Any
) -> tuple[str, str, int]:
    """Return why the law is not reached, with its reason and line."""
    with pytest.raises(NotReached) as caught:
        law(*args, **options)
    return str(caught.value), caught.value.reason, caught.value.line


def time_up(
    law: Callable[..., object], *args: Any, **options: Any
) -> tuple[str, str, int]:
    """Return what ran out before the law could be judged, with its reason and line."""
    with pytest.raises(TimeUp) as caught:
        law(*args, **options)
    return str(caught.value), caught.value.reason, caught.value.line


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / wire.NANOSECONDS


@pytest.fixture
def story() -> Story:
    """A run in which nothing has happened yet."""
    return Story()


BROWSER = Browser(0, [Ask("GET", "/")])

LAWS: dict[str, Callable[[JudgedRun], object]] = {
    "at_most_of_each": lambda run: run.at_most_of_each(1, "fetch", repr, "One of each"),
    "at_most": lambda run: run.at_most(1, "fetch"),
    "begins_at": lambda run: run.begins_at("fetch", []),
    "begins_by": lambda run: run.begins_by("fetch", 1, "By then"),
    "asks_nothing": lambda run: run.asks_nothing("Not yet"),
    "asks_once": lambda run: run.asks_once(["http://a.test/1"], "Once each"),
    "asks_when_free": lambda run: run.asks_when_free(2, 3, "At once"),
    "asks_with": lambda run: run.asks_with("X-Name", "a", "With the name"),
    "at_most_in_a_row": lambda run: run.at_most_in_a_row(
        1, "fetch", "say", ["a"], 2, "In turn"
    ),
    "begins_few_after": lambda run: run.begins_few_after("again", 1, "fetch", "Stop"),
    "begins_nothing_after_cancel": lambda run: run.begins_nothing_after_cancel("fetch"),
    "begins_when_free": lambda run: run.begins_when_free(
        "fetch", {"a": 0, "b": 10**9}, 2, "As soon as it may", each=1, group=repr
    ),
    "called_at_most": lambda run: run.called_at_most(1, "fetch"),
    "called_times": lambda run: run.called_times(1, "fetch"),
    "calls_all": lambda run: run.calls_all("fetch", ["a"], "Only that"),
    "cancelled_at_once": lambda run: run.cancelled_at_once("fetch", "Stop"),
    "cancelled_cleanly": lambda run: run.cancelled_cleanly(),
    "cancelled_with_the_running": lambda run: run.cancelled_with_the_running(
        ("fetch", "save"), "Stop"
    ),
    "changes_at_once": lambda run: run.changes_at_once("out", "At once"),
    "closes_files": lambda run: run.closes_files("Close them"),
    "cancels_at": lambda run: run.cancels_at("fetch", 1, "Stop"),
    "cancels_rest": lambda run: run.cancels_rest(("fetch", "save")),
    "comes_at": lambda run: run.comes_at("fetch", "a", 0),
    "ends_at": lambda run: run.ends_at(2),
    "ends_soon_after": lambda run: run.ends_soon_after("again", 1, "Soon"),
    "ends_with_the_last": lambda run: run.ends_with_the_last("fetch", "With the last"),
    "ends_with_the_last_response": lambda run: run.ends_with_the_last_response(
        "With the last"
    ),
    "ends_with_the_running": lambda run: run.ends_with_the_running(
        "fetch", "No longer"
    ),
    "gives_all_back": lambda run: run.gives_all_back("again", "All of them"),
    "hangs_up": lambda run: run.hangs_up("again", "Close it"),
    "hangs_up_on": lambda run: run.hangs_up_on(Client(), 1, "Hang up"),
    "hangs_up_on_all": lambda run: run.hangs_up_on_all("Hang up"),
    "hears": lambda run: run.hears(Client(), b"a", "Answer"),
    "hears_when": lambda run: run.hears_when(Client(), [(1, b"a")], "Answer"),
    "is_deaf_to": lambda run: run.is_deaf_to(Client(), "Be deaf"),
    "keeps_little": lambda run: run.keeps_little(Client(), 1, "Keep little"),
    "keeps_turn": lambda run: run.keeps_turn("fetch", "a", "b", "In turn"),
    "keeps_beating": lambda run: run.keeps_beating("fetch"),
    "lasts_since": lambda run: run.lasts_since("again", 10**9, "A second more"),
    "leaves_no_thread": lambda run: run.leaves_no_thread(),
    "leaves_no_timer": lambda run: run.leaves_no_timer(),
    "leaves_nothing": lambda run: run.leaves_nothing(threads=True),
    "lets_clean_up": lambda run: run.lets_clean_up(("fetch", "save"), "Let it"),
    "loses_none": lambda run: run.loses_none("fetch", "Hold it"),
    "needs_note": lambda run: run.needs_note("again"),
    "needs_operations": lambda run: run.needs_operations("fetch"),
    "needs_visits": lambda run: run.needs_visits(1),
    "never_blocks": lambda run: run.never_blocks(),
    "lets_in": lambda run: run.lets_in("say", "fetch", "Let others in"),
    "nothing_before": lambda run: run.nothing_before("again", "fetch", "Not yet"),
    "nothing_happened": lambda run: run.nothing_happened("fetch", "Nothing"),
    "opens_at_most": lambda run: run.opens_at_most(1, "One"),
    "once": lambda run: run.once("fetch", ["a"]),
    "pauses_between": lambda run: run.pauses_between("fetch", [1], "Wait"),
    "raises": lambda run: run.raises("FetchError"),
    "raises_group_of": lambda run: run.raises_group_of(("fetch", "save"), "All"),
    "reads_to_the_end": lambda run: run.reads_to_the_end("Read it"),
    "reaches": lambda run: run.reaches(2, "fetch"),
    "refuses": lambda run: run.refuses("ValueError"),
    "returns": lambda run: run.returns([]),
    "returns_answers": lambda run: run.returns_answers("fetch", ["a"]),
    "returns_answers_of": lambda run: run.returns_answers_of(("fetch", "save")),
    "returns_keys": lambda run: run.returns_keys(["a"], "Each by its name"),
    "returns_under": lambda run: run.returns_under("a", run.answer("fetch", "a"), "So"),
    "returns_records": lambda run: run.returns_records(
        "Page", {"a": {"url": "a", "text": SOME_TEXT}}, "A page each"
    ),
    "shares_nothing": lambda run: run.shares_nothing(10**9),
    "starts_in_order": lambda run: run.starts_in_order("fetch", ["a", "b"]),
    "starts_no_more": lambda run: run.starts_no_more("fetch", "No more"),
    "stays_on_the_loop": lambda run: run.stays_on_the_loop("fetch", "Here"),
    "succeeds": lambda run: run.succeeds("fetch", "It must fetch"),
    "takes": lambda run: run.takes(1),
    "tells": lambda run: run.tells(BROWSER, [reply(200)], "It must answer"),
    "tells_after": lambda run: run.tells_after(BROWSER, "save", "Save it first"),
    "tells_totals": lambda run: run.tells_totals([(BROWSER, 1)], "sum", 0, "Add it"),
    "tells_within": lambda run: run.tells_within(BROWSER, 10**9, "At once"),
    "undoes": lambda run: run.undoes([("fetch", "save")], "Undo it"),
    "waited": lambda run: run.waited(BROWSER),
    "warns_nothing": lambda run: run.warns_nothing(),
    "wastes_no_slot": lambda run: run.wastes_no_slot(2, "fetch", 3),
    "works_on_second_loop": lambda run: run.works_on_second_loop(10**9),
}
"""Every law that can be asked of any run."""
