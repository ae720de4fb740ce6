"""How an operation behaves: when it ends, with what, and what it does when cancelled.

An author writes a `Rule`; for each call the world asks it for a `Plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from grader import wire

if TYPE_CHECKING:
    from grader.world.record import Operation


class _Token:
    def __repr__(self) -> str:
        return "TOKEN"

    def __reduce__(self) -> str:
        # There is one, also in the copy of a service that is made for each run.
        return "TOKEN"


TOKEN: Final = _Token()
"""The value of an operation that is to give an unguessable string."""


def instant(seconds: float) -> int:
    """Return a span of seconds in nanoseconds."""
    if not isinstance(seconds, int | float):
        # It may come from a submission, and a string times a billion fills the memory.
        raise TypeError(f"seconds must be a number, got {type(seconds).__name__}")
    return round(seconds * wire.NANOSECONDS)


@dataclass(frozen=True)
class Failing:
    """An exception to be raised: a builtin's name, or one that scenarios.py defines."""

    type: str
    message: str = ""


@dataclass(frozen=True)
class Cancelled:
    """What an operation does about a cancellation.

    It takes `takes` nanoseconds, during which another cancellation cuts it short. Then
    the cancellation goes on, unless it `gives` a value or `fails` with an error.
    """

    takes: int = 0
    gives: Any = None
    fails: Failing | None = None
    answers: bool = False


@dataclass(frozen=True)
class Plan:
    """What will become of one call. `takes` is None for a call that never ends."""

    takes: int | None = 0
    gives: Any = TOKEN
    fails: Failing | None = None
    exhausted: bool = False
    cancelled: Cancelled | None = None

    def but(self, **changes: Any) -> Plan:
        """Return this plan with some fields changed."""
        return replace(self, **changes)


def after(
    seconds: float = 0,
    gives: Any = TOKEN,
    *,
    fails: Failing | str | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """Plan a call that ends after so many seconds.

    `gives` may be a function of the token: it returns the value that carries it.
    """
    failing = Failing(fails) if isinstance(fails, str) else fails
    return Plan(instant(seconds), gives, failing, cancelled=cancelled)


def never(*, cancelled: Cancelled | None = None) -> Plan:
    """Plan a call that never ends by itself."""
    return Plan(None, cancelled=cancelled)


END: Final = Plan(exhausted=True)
"""The plan of an iterator's step that finds no more items."""


def cleans_up(seconds: float) -> Cancelled:
    """On a cancellation, clean up for so long, then let it go on."""
    return Cancelled(instant(seconds))


def answers(
    seconds: float = 0, gives: Any = None, *, fails: Failing | None = None
) -> Cancelled:
    """On a cancellation, end with a value or an error of its own instead."""
    return Cancelled(instant(seconds), gives, fails, answers=True)


Decide = Callable[["Operation"], Plan]


@dataclass(frozen=True)
class Rule:
    """An operation's kind, and what decides each call."""

    kind: wire.OperationKind
    decide: Decide
    lingers: bool = False

    @property
    def synchronous(self) -> bool:
        """Whether a call blocks its thread until the world answers."""
        return self.kind in {"sync", "iterator", "guard"}

    def parts(self) -> tuple[str, ...]:
        """Return what follows the name in the calls that this rule decides."""
        return _PARTS[self.kind]

    def spec(self, name: str) -> wire.OperationSpec:
        """Return what the player needs to know of it."""
        return wire.OperationSpec(name, self.kind, self.lingers)


_PARTS: dict[wire.OperationKind, tuple[str, ...]] = {
    "async": ("",),
    "sync": ("",),
    "stream": (".next", ".close"),
    "iterator": (".next",),
    "context": (".enter", ".exit"),
    "guard": (".enter", ".exit"),
}


def _deciding(plan: Plan | Decide) -> Decide:
    return (lambda _: plan) if isinstance(plan, Plan) else plan


def _lingers(plan: Plan | Decide, lingers: bool | None) -> bool:  # noqa: FBT001
    if lingers is not None:
        return lingers
    return isinstance(plan, Plan) and plan.cancelled is not None


def asynchronous(plan: Plan | Decide = Plan(), *, lingers: bool | None = None) -> Rule:
    """Return the rule of an `async def` operation.

    With a function for `plan`, say `lingers=True` when some of its plans do something
    about a cancellation.
    """
    return Rule("async", _deciding(plan), _lingers(plan, lingers))


def synchronous(plan: Plan | Decide = Plan(gives=None)) -> Rule:
    """Return the rule of a plain function; if it takes time it blocks its thread."""
    return Rule("sync", _deciding(plan))


def each(plans: Sequence[Plan], *, lingers: bool | None = None) -> Rule:
    """Return an asynchronous rule: the n-th call has the n-th plan, the last repeats."""
    if not plans:
        raise ValueError("each needs at least one plan")
    given = list(plans)
    slow = any(plan.cancelled is not None for plan in given)
    return asynchronous(
        lambda call: given[min(call.nth, len(given) - 1)],
        lingers=slow if lingers is None else lingers,
    )


def by_argument(plans: Mapping[Any, Plan], default: Plan | None = None) -> Rule:
    """Return an asynchronous rule: the first argument decides.

    An argument that is in no plan gives `default`, or fails with `LookupError`.
    """
    unknown = default or Plan(fails=Failing("LookupError", "no such thing"))
    slow = any(plan.cancelled is not None for plan in [*plans.values(), unknown])

    def decide(call: Operation) -> Plan:
        key = call.args[0] if call.args else None
        try:
            return plans.get(key, unknown)
        except TypeError:
            return unknown

    return asynchronous(decide, lingers=slow)


def items(plans: Iterable[Plan], *, asynchronous: bool = True) -> Rule:
    """Return the rule of an iterator: one plan an item, then the end.

    A call of `.close` ends at once.
    """
    given = list(plans)

    def decide(call: Operation) -> Plan:
        if call.name.endswith(".close"):
            return Plan(gives=None)
        return given[call.nth] if call.nth < len(given) else END

    slow = any(plan.cancelled is not None for plan in given)
    return Rule("stream" if asynchronous else "iterator", decide, slow)


def context(enter: Plan, leave: Plan, *, asynchronous: bool = True) -> Rule:
    """Return the rule of a context manager: a plan for each of its ends."""
    slow = enter.cancelled is not None or leave.cancelled is not None

    def decide(call: Operation) -> Plan:
        return enter if call.name.endswith(".enter") else leave

    return Rule("context" if asynchronous else "guard", decide, slow)
