"""How outcomes, reasons, numbers and spans of time are put into words."""

from __future__ import annotations

import math
from collections.abc import Iterable

from grader.verdict import LawVerdict, Outcome, Reason, Waiting

NOTES: dict[Reason, str] = {
    "": "",
    "behaviour": "",
    "deadlock": "deadlock",
    "livelock": "busy waiting",
    "endless": "never ended",
    "crashed": "program died",
    "memory": "out of memory",
    "processor time": "out of time",
    "wall time": "out of time",
    "output limit": "printed a lot",
    "blocked call": "blocking call",
    "protocol violation": "link disturbed",
    "signature": "signature",
    "raised": "an error",
    "not started": "not started",
    "never arose": "never came up",
    "depends on earlier calls": "earlier calls",
    "not repeatable": "not repeatable",
    "not on this python": "not this Python",
    "grader error": "our fault",
}
"""A reason in at most 15 letters, for the list of laws."""

SHORT = 16
"""Letters of a message that is short enough for the list of laws."""

REASONS: dict[Reason, str] = {
    "depends on earlier calls": (
        "This case fails only after earlier calls: something outlives a call, "
        "such as a global or a default argument."
    ),
    "not repeatable": (
        "The same case did not fail twice: what the code does depends on something "
        "besides its inputs, such as real time, a set's order or an id."
    ),
    "not on this python": "This law is not graded on this version of Python.",
}
"""What a reason means where the message does not say it."""

ADVICE = {
    "missing": "`kata show {kata}` names what the file must define.",
    "signature": "`kata show {kata}` shows the parameters that are asked for.",
    "empty": "`kata show {kata}` is the page to build from.",
}
"""What to do about a submission that could not be loaded, by the problem's reason."""

WAITS = {
    "Lock.acquire": "a lock",
    "Semaphore.acquire": "a place in a semaphore",
    "Event.wait": "an event to be set",
    "Condition.wait": "a condition to be notified",
    "Condition.wait_for": "a condition to be notified",
    "Barrier.wait": "the others at a barrier",
    "Queue.get": "an item in a queue",
    "Queue.put": "room in a queue",
    "Queue.join": "a queue to be worked off",
    "TaskGroup.__aexit__": "the tasks of its TaskGroup",
    "Thread.join": "a thread to end",
}
"""What each call of the standard library waits for."""


def plural(number: int, noun: str) -> str:
    """Return `1 law`, `3 laws`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def sentence(text: str) -> str:
    """Return text in one line that ends with a full stop."""
    text = " ".join(text.split())
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


# --- time ---------------------------------------------------------------------


def seconds(span: float) -> str:
    """Return a span without a blank: `0.5s`, `4.0s`, `23s`."""
    if span >= 10 and span == int(span):  # noqa: PLR2004
        return f"{int(span)}s"
    text = f"{span:.6f}".rstrip("0")
    return f"{text}0s" if text.endswith(".") else f"{text}s"


def moment(at: float) -> str:
    """Return an instant: `t=4.0s`."""
    return f"t={seconds(at)}"


_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def duration(span: float) -> str:
    """Return how long something took, in two units at most: `12 ms`, `1 h 2 min`."""
    if not math.isfinite(span) or span < 0:
        return "0 s"
    if span < 0.1:  # noqa: PLR2004
        return f"{math.ceil(span * 1000)} ms"
    if span < 10:  # noqa: PLR2004
        return f"{span:.1f} s"
    return _two_units(round(span))


def clock(seconds: float) -> str:
    """Return a stretch of time as a clock shows it: `4:05`, `1:02:03`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _two_units(whole: int) -> str:
    for size, unit in _UNITS:
        if whole >= size:
            rest = _UNITS[_UNITS.index((size, unit)) + 1 :][:1]
            parts = [f"{whole // size} {unit}"]
            parts += [f"{whole % size // less} {name}" for less, name in rest]
            return " ".join(part for part in parts if not part.startswith("0 "))
    return "0 s"


# --- laws ---------------------------------------------------------------------


def note(law: LawVerdict) -> str:
    """Return in a few words why a law does not hold; often the message says enough."""
    fixed: dict[Outcome, str] = {
        "holds": "",
        "out of time": "out of time",
        "fault": "our fault",
    }
    if law.reason == "never arose" and 0 < len(law.message) <= SHORT:
        return " ".join(law.message.split())
    return fixed[law.outcome] if law.outcome in fixed else NOTES[law.reason]


def tally(laws: Iterable[LawVerdict]) -> str:
    """Return how many laws had which outcome: `4 laws hold, 1 broken, 2 not reached`."""
    outcomes = [law.outcome for law in laws]
    held = outcomes.count("holds")
    parts = [f"{plural(held, 'law')} hold" + ("s" if held == 1 else "")]
    names = {
        "broken": "broken",
        "not reached": "not reached",
        "out of time": "out of time",
    }
    names["fault"] = "grader fault"
    parts += [
        f"{outcomes.count(outcome)} {name}"
        for outcome, name in names.items()
        if outcome in outcomes
    ]
    return ", ".join(parts)


def waits(waiting: Waiting) -> str:
    """Return what a task or thread waits for: `a lock that Task-2 holds`."""
    what = WAITS.get(waiting.waits_for, waiting.waits_for) or "something"
    other = waiting.waits_on
    if not other or other in what:
        return f"waits for {what}"
    if what in {"a lock", "a place in a semaphore"}:
        return f"waits for {what} that {other} holds"
    return f"waits for {what} ({other})"


def ring(names: list[str]) -> str:
    """Return who waits for whom: `A waits for B, B waits for A`."""
    pairs = zip(names, [*names[1:], *names[:1]], strict=True)
    return ", ".join(f"{one} waits for {other}" for one, other in pairs) + "."
