"""Scripts: who does what to an object, and when, written down on the judge's side.

Each actor of a script is a task of its own, which does its steps one after the other:

    reads = step(0, "A", "call", "fetcher.fetch", "/a")
    closes = step(0.5, "B", "call", "fetcher.aclose")
    run = play("follow", steps=script(reads, closes), ...)
    run.step_returns(closes)

A scenario plays it with `await world.follow(steps, fetcher=fetcher)`. A script is plain
data, so it may be drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args

from grader.world.rules import instant

Verb = Literal["call", "enter", "exit", "step", "cancel", "collect", "raise", "peek"]
VERBS: tuple[str, ...] = get_args(Verb)


class Step(NamedTuple):
    """One thing that an actor does `at` so many nanoseconds after the script began.

    `number` is 0 until the step stands in a script. `keep` names what comes of it, so
    that later steps may use it as their target.
    """

    number: int
    at: int
    actor: str
    verb: str
    target: str
    arguments: list[Any]
    keep: str


class Script(list[Step]):
    """Numbered steps: what `world.follow` plays."""

    def number_of(self, step: Step) -> int:
        """Return the number under which `step` stands here; `LookupError` if nowhere."""
        for each in self:
            if each._replace(number=step.number) == step:
                return each.number
        raise LookupError(f"the script has no step {step}")


def step(
    at: float,
    actor: str,
    verb: Verb,
    target: str = "",
    *arguments: Any,
    keep: str = "",
) -> Step:
    """Return what an actor does `at` seconds after the script began.

    | verb | what is done |
    | --- | --- |
    | `call` | a method is called and awaited: `"fetcher.fetch"` and its arguments |
    | `enter`, `exit` | `async with` is entered or left; an argument of `exit` is the \
message of an exception that its body raises |
    | `step` | an iterator is asked for its next item |
    | `cancel` | another actor is cancelled |
    | `collect` | garbage is collected |
    | `peek` | an attribute is read, or with `"len(tasks)"` its length |
    | `raise` | the actor's step raises |

    An actor that is still busy with its step before begins late.
    """
    if verb not in VERBS:
        raise ValueError(f"verb must be one of {', '.join(VERBS)}, got {verb!r}")
    if at < 0:
        raise ValueError(f"at must be at least 0, got {at:g}")
    return Step(0, instant(at), actor, verb, target, list(arguments), keep)


def script(*steps: Step | Iterable[Step]) -> Script:
    """Return these steps, and those of these lists, numbered from 1.

    Each actor's steps must stand in the order of their times. A step may not be there
    twice: laws tell steps apart by what they say.
    """
    made = Script()
    latest: dict[str, int] = {}
    for each in _flat(steps):
        if any(each == other._replace(number=0) for other in made):
            raise ValueError(f"step is there twice: {_shown(each)}")
        if each.at < latest.get(each.actor, 0):
            raise ValueError(f"step comes before another of its actor: {_shown(each)}")
        latest[each.actor] = each.at
        made.append(each._replace(number=len(made) + 1))
    for each in made:
        if each.verb == "cancel" and each.target not in latest:
            raise ValueError(f"there is no actor {each.target!r}: {_shown(each)}")
    return made


def _flat(steps: Iterable[Step | Iterable[Step]]) -> Iterable[Step]:
    for each in steps:
        if isinstance(each, Step):
            yield each
        else:
            yield from each


def _shown(each: Step) -> str:
    return f"{each.actor} {each.verb} {each.target}".rstrip()
