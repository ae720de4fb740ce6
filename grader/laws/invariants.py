"""What a service must never see?"""

from __future__ import annotations

from grader.laws import words
from grader.laws.outcome import Broken
from grader.laws.witness import Witness
from grader.world.record import Operation, Violation


class InvariantLaws(Witness):
    """Invariants of a service's state, held at every instant."""

    def never(self, what: str, rule: str) -> None:
        """No service saw this invariant broken; the sign is `what` with hyphens."""
        for violation in self.run.violations:
            if violation.what == what:
                raise self._violated(violation, rule)
        self.check_time()

    def _violated(self, violation: Violation, rule: str) -> Broken:
        at = violation.when.at
        guilty = self._at(violation)
        return Broken(
            rule,
            f"{violation.fact} at {words.moment(at)}",
            sign=violation.what.replace(" ", "-"),
            at=at,
            line=guilty.line if guilty else 0,
            operations=[(guilty.number, "here")] if guilty else [],
        )

    def _at(self, violation: Violation) -> Operation | None:
        """Return the call at whose beginning or end the invariant was broken."""
        for each in self.run.operations:
            if violation.when in {each.began, each.completed, each.closed}:
                return each
        return None
