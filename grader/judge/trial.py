"""One law's test against one submission: play, shrink, confirm."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from grader import wire
from grader.judge.bench import Bench
from grader.judge.cases import Case, LawTest
from grader.judge.corpus import explore
from grader.judge.drive import PlayerFault
from grader.judge.play import Play
from grader.laws import JudgedRun
from grader.laws.outcome import Broken, NotReached, TimeUp
from grader.sandbox.deadlines import clock
from grader.sandbox.launch import OutOfTime, PlayerDied
from grader.verdict import Outcome, Reason

MAX_SHRINKS = 60
"""Cases played while looking for a smaller one: a count, so that it is the same anywhere."""

MAX_COSTLY_SHRINKS = 6
"""The same for a failure that takes thousands of turns to show."""

WALL_SECONDS = 150.0
"""Real time for all cases of a test, hundreds of times what it needs: who waits really,
and not in the world's time, must not hold the judge up."""

MAX_NOT_REACHED = 3
"""Cases in which the situation did not arise before the rest is left out."""


@dataclass(frozen=True)
class Result:
    """What became of a law's test.

    `judged` is the run that decided, number `run` of its case; `ours` is the same run with
    our own answer, where it was broken.
    """

    outcome: Outcome
    reason: Reason = ""
    message: str = ""
    error: Broken | NotReached | TimeUp | None = None
    case: Case | None = None
    judged: JudgedRun | None = None
    run: int = 0
    ours: JudgedRun | None = None
    shrunk: bool = False
    played: int = 0


HOLDS = Result("holds")

_OUTCOMES: dict[type, Outcome] = {
    Broken: "broken",
    NotReached: "not reached",
    TimeUp: "out of time",
}


def _trouble(error: Exception) -> Result:
    """Return the result of a case whose run could not be judged at all."""
    if isinstance(error, OutOfTime):
        return Result("out of time", error.what, f"It ran out of {error.what}")
    if isinstance(error, PlayerDied | wire.ProtocolViolation):
        return Result("broken", "crashed", f"The program must go on; {error}.")
    if isinstance(error, PlayerFault):
        return Result("fault", "crashed", str(error))
    text = "".join(traceback.format_exception(error))
    return Result("fault", "grader error", text[-3000:])


class Reference(Protocol):
    """Plays the same case on our own answer, to tell our faults from the submission's."""

    def __call__(self, test: LawTest, case: Case, run: int) -> Result:
        """Return what becomes of the case, and of its run of that number."""
        ...


class Trial:
    """Plays one test on all its cases and finds out what a failure rests on."""

    def __init__(
        self,
        bench: Bench,
        test: LawTest,
        cases: list[Case],
        seed: int,
        reference: Reference | None = None,
        *,
        shrinks: bool = True,
    ) -> None:
        self._shrinks = shrinks
        self._test = test
        self._cases = cases
        self._seed = seed
        self._reference = reference
        self._bench = bench
        self._until = clock() + WALL_SECONDS
        self.play = Play(bench, self.run)
        self.result = Result("fault", "grader error", "the test did not run")

    def run(self) -> None:
        """Play the cases; the result stands in `result`."""
        self._until = clock() + WALL_SECONDS
        try:
            self.result = self._judge()
        finally:
            self.play.fresh()

    def _judge(self) -> Result:
        lacking: Result | None = None
        lacked = 0
        for played, case in enumerate(self._cases, 1):
            found = replace(self.attempt(case), played=played)
            if found.outcome == "not reached":
                lacking = lacking or found
                lacked += 1
                if lacked >= MAX_NOT_REACHED or found.reason != "never arose":
                    return lacking
            elif found.outcome == "broken":
                return replace(self._settle(found, played), played=played)
            elif found.outcome != "holds":
                return self._blame(found)
        return lacking or replace(HOLDS, played=len(self._cases))

    # --- one case -------------------------------------------------------------

    def attempt(self, case: Case) -> Result:
        """Play one case; anything that goes wrong becomes a result."""
        if self._is_late():
            return replace(_trouble(OutOfTime("wall time")), case=case)
        self.play.begin(case)
        try:
            self._test.function(self.play, **case.values)
        except (Broken, NotReached, TimeUp) as error:
            outcome = _OUTCOMES[type(error)]
            judged, run = self.play.last, self.play.count
            return Result(outcome, error.reason, str(error), error, case, judged, run)
        except Exception as error:  # noqa: BLE001
            self.play.fresh()
            return replace(_trouble(error), case=case)
        return Result("holds", case=case)

    def _is_late(self) -> bool:
        return clock() > self._until and not self._bench.unbounded

    # --- a failure ------------------------------------------------------------

    def _settle(self, found: Result, played: int) -> Result:
        """Shrink a failure and confirm it in a fresh player."""
        smallest = self._shrink(found)
        if (confirmed := self._confirm(smallest)) is not None:
            return self._charge(replace(confirmed, shrunk=smallest is not found))
        if smallest is not found and (confirmed := self._confirm(found)) is not None:
            return self._charge(confirmed)
        return self._unconfirmed(found, played)

    def _charge(self, found: Result) -> Result:
        """Make a failure ours if our own answer fails in the same case."""
        ours = self._on_reference(found)
        if ours.outcome != "holds":
            return replace(found, outcome="fault", reason="grader error")
        return replace(found, ours=ours.judged)

    def _confirm(self, found: Result) -> Result | None:
        self.play.fresh()
        again = self._again(found)
        return again if _alike(again, found) else None

    def _again(self, found: Result) -> Result:
        if found.case is None:
            return found
        return self.attempt(found.case)

    def _unconfirmed(self, found: Result, played: int) -> Result:
        self.play.fresh()
        replayed = HOLDS
        for case in self._cases[:played]:
            replayed = self.attempt(case)
        if _alike(replayed, found):
            return replace(replayed, reason="depends on earlier calls")
        return self._charge(replace(found, reason="not repeatable"))

    def _blame(self, found: Result) -> Result:
        """Make a fault of the player the submission's, where ours does not show it."""
        if found.outcome == "out of time":
            return self._charge(found)
        if found.outcome != "fault" or found.reason == "grader error":
            return found
        if self._on_reference(found).outcome != "holds":
            return found
        message = (
            "The program must leave the grader's connection alone; the player failed."
        )
        return replace(found, outcome="broken", message=message)

    def _on_reference(self, found: Result) -> Result:
        if self._reference is None or found.case is None:
            return HOLDS
        # One player at a time: they may share a folder, and signal each other.
        self.play.fresh()
        return self._reference(self._test, found.case, found.run)

    # --- shrinking ------------------------------------------------------------

    def _shrink(self, found: Result) -> Result:
        if not self._shrinks or found.case is None or not found.case.drawn:
            return found
        known = {case.id: HOLDS for case in self._cases}
        known[found.case.id] = found
        search = _Search(found, known, self.attempt)
        try:
            explore(self._test, self._seed, search.visit, shrinking=True)
        except _Interesting:
            return search.smallest
        except Exception:  # noqa: BLE001
            # Hypothesis gives up on a flaky failure: the confirmation decides.
            return found
        return search.smallest


class _Interesting(Exception):
    """The case fails in the way that is being shrunk."""


class _Search:
    """Answers hypothesis's questions, each case played once and only so many played."""

    def __init__(
        self, found: Result, known: dict[str, Result], attempt: Callable[[Case], Result]
    ) -> None:
        self._wanted = found
        self._known = known
        self._attempt = attempt
        costly = found.reason in {"livelock", "endless"}
        self._left = MAX_COSTLY_SHRINKS if costly else MAX_SHRINKS
        self.smallest = found

    def visit(self, case: Case) -> None:
        """Raise if the case fails as the wanted one does."""
        result = self._known.get(case.id)
        if result is None:
            result = self._played(case)
            self._known[case.id] = result
        if _alike(result, self._wanted):
            self.smallest = result
            raise _Interesting

    def _played(self, case: Case) -> Result:
        if self._left <= 0:
            return HOLDS
        self._left -= 1
        return self._attempt(case)


def _alike(left: Result, right: Result) -> bool:
    """Say whether two results are the same failure, perhaps of different cases."""
    if left.outcome != right.outcome:
        return False
    signs = [getattr(each.error, "sign", "") for each in (left, right)]
    return signs[0] == signs[1]
