"""What must a service never see, and what must it be given back?"""

from __future__ import annotations

from grader import values
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

    def gives_back(self, taken: str, given: str, rule: str) -> None:
        """What each call of `taken` gave is the first argument of a later call of `given`.

        That call begins before the run is over. The sign is `kept`.
        """
        self.must_end(rule)
        end = self.outcome.when
        for each in self.answered(taken):
            back = self._given_back(each, given)
            if back is not None and back.began.order < end.order:
                continue
            when = f"when it was over at {words.moment(end.at)}"
            if back is not None:
                when = f"before {words.moment(back.began.at)}, when it was over"
            raise Broken(
                rule,
                f"what {self.call(each)} gave at {self._gave_at(each)} "
                f"was not given back {when}",
                sign="kept",
                at=end.at,
                line=each.line,
                operations=[(each.number, "kept")],
            )

    def _gave_at(self, call: Operation) -> str:
        return words.moment((call.completed or call.began).at)

    def _given_back(self, taken: Operation, name: str) -> Operation | None:
        for each in self.named(name):
            given = values.pack_known(each.args[0] if each.args else None)
            if each.began.order > taken.began.order and values.same(given, taken.value):
                return each
        return None

    def _at(self, violation: Violation) -> Operation | None:
        """Return the call at whose beginning or end the invariant was broken."""
        for each in self.run.operations:
            if violation.when in {each.began, each.completed, each.closed}:
                return each
        return None
