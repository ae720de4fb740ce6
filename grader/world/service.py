"""State machines on the judge's side: stores, transports, pools.

A service sees every call at its beginning and at its completion, so an invariant of its
state is checked at every instant, and overlap is refused by the world, not by a fake.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from grader.world.rules import Plan, Rule

if TYPE_CHECKING:
    from grader.world.record import Operation


class Service:
    """Base of all services: every public method of a subclass is an operation.

    A method gets the call when it begins and returns its plan. Operations are
    asynchronous unless named in `SYNCHRONOUS`.
    """

    SYNCHRONOUS: frozenset[str] = frozenset()
    LINGERS = False

    def __init__(self) -> None:
        self.violations: list[tuple[str, str]] = []

    def violate(self, what: str, fact: str = "") -> None:
        """Record that an invariant was broken at this instant.

        `what` is how laws ask for it, `fact` the clause that a learner reads.
        """
        self.violations.append((what, fact or what))

    def completed(self, call: Operation) -> None:
        """Take the effects of a call at the instant of its completion."""

    def cancelled(self, call: Operation) -> None:
        """Take the effects of a call's being cancelled."""

    def rules(self, name: str) -> Iterator[tuple[str, Rule]]:
        """Yield the operations of this service, called `name` in scenarios."""
        kind: Any = type(self)
        for verb in _verbs(kind):
            yield f"{name}.{verb}", self._rule(verb)

    def _rule(self, verb: str) -> Rule:
        def decide(call: Operation) -> Plan:
            plan: Plan = getattr(self, verb)(call)
            return plan

        kind = "sync" if verb in self.SYNCHRONOUS else "async"
        return Rule(kind, decide, self.LINGERS)  # type: ignore[arg-type]


@cache
def _verbs(kind: type) -> list[str]:
    """Return the names of the methods that are operations, which every run asks for."""
    inherited = set(dir(Service))
    return [
        verb
        for verb, _ in inspect.getmembers(kind, inspect.isfunction)
        if not verb.startswith("_") and verb not in inherited
    ]
