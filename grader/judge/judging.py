"""The hidden tests, played on one submission: by its judge, or by one beside it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader import wire
from grader.judge import cache, warm
from grader.judge.bench import Bench
from grader.judge.cases import Case, LawTest, restore, store
from grader.judge.corpus import Corpus, corpus_for
from grader.judge.drive import PlayerFault
from grader.judge.report import Replay, Told, tell
from grader.judge.trial import HOLDS, Result, Trial
from grader.sandbox.launch import SandboxFault
from grader.submission import Submission, read

if TYPE_CHECKING:
    from grader.judge.grade import Request
    from grader.judge.plugin import Session


class UnknownCase(Exception):
    """No case of that id is known."""


@dataclass(frozen=True)
class Played:
    """What became of the hidden test of that number, as plain data.

    `virtual` are the nanoseconds of its runs, `tried` what they tried that is forbidden.
    """

    number: int
    told: Told
    virtual: int
    tried: Sequence[wire.Tried]


class Judging:
    """One submission in a sandbox of this process."""

    def __init__(self, request: Request, session: Session) -> None:
        self._request = request
        self._session = session
        self._tests = session.tests
        self._secret = cache.secret()
        # One for the whole of it: another may take its place between two gradings only.
        self._sandbox = warm.sandbox()
        self._bench = self._bench_for(request.submission)
        self._reference: Bench | None = None
        self._chosen: tuple[str, Case] | None = None
        self.cases = Corpus({})

    def _bench_for(self, submission: Submission) -> Bench:
        return Bench(
            self._sandbox,
            self._request.kata,
            submission,
            self._secret,
            self._session.hidden.scenarios,
        )

    def close(self) -> None:
        """End the players that were prepared."""
        self._bench.close()
        if self._reference is not None:
            self._reference.close()

    # --- does it load at all? -------------------------------------------------

    def check(self) -> wire.Problem | None:
        """Return why the submission cannot be graded; None if it can be."""
        try:
            return self._bench.check()
        except (PlayerFault, wire.ProtocolViolation) as error:
            self._check_reference()
            return wire.Problem(
                "import", f"the file interfered with the grader: {last_line(error)}"
            )

    def _check_reference(self) -> None:
        """Raise `SandboxFault` if our own answer fails in the same way."""
        try:
            reference = self._reference_bench()
            if reference is not None:
                reference.check()
        except (PlayerFault, wire.ProtocolViolation) as error:
            raise SandboxFault(str(error)) from None

    def ready(self) -> None:
        """Wait until a test could begin at once."""
        self._bench.ready()

    # --- the tests ------------------------------------------------------------

    def wanted(self) -> list[int]:
        """Draw the cases; return the numbers of the tests that are to be played."""
        request = self._request
        source = self._session.hidden.laws
        self.cases = corpus_for(request.kata.slug, source, self._tests, request.seed)
        self._chosen = self._chosen_case(request.case) if request.case else None
        return [
            number for number, test in enumerate(self._tests) if self._is_wanted(test)
        ]

    def _is_wanted(self, test: LawTest) -> bool:
        laws = self._request.laws
        if laws and test.law not in laws:
            return False
        return self._chosen is None or self._chosen[0] == test.name

    def play(self, numbers: Iterable[int]) -> Iterator[Played]:
        """Play these tests; yield what became of each."""
        for number, result in self._session.judge(numbers, self._trial):
            if self._sandbox.fault:
                raise SandboxFault(self._sandbox.fault)
            yield self._played(number, result)

    def _trial(self, test: LawTest) -> Trial:
        request = self._request
        cases = self.cases.of(test.name)
        if request.draws is not None:
            cases = cases[: len(test.examples()) + request.draws]
        if self._chosen is not None:
            cases = [_undrawn(self._chosen[1])]
        self._bench.virtual, self._bench.tried = 0, {}
        return Trial(
            self._bench,
            test,
            cases,
            request.seed,
            self._on_reference,
            shrinks=request.shrink,
        )

    def _played(self, number: int, result: Result) -> Played:
        request, test = self._request, self._tests[number]
        replay = Replay(request.kata, request.submission, request.seed)
        told = tell(request.kata.law(test.law), test, result, replay)
        if told.misfit is None:
            self._keep(test, result)
        return Played(number, told, self._bench.virtual, list(self._bench.tried))

    # --- cases by id ----------------------------------------------------------

    def _chosen_case(self, name: str) -> tuple[str, Case]:
        slug = self._request.kata.slug
        found = self.cases.find(name)
        if found is not None:
            return found
        for test in self._tests:
            data = cache.read("cases", slug, test.name, name)
            if data is not None:
                return test.name, restore(test.name, data)
        raise UnknownCase(
            f"no case {name} is known here; run kata test {shlex.join(self._request.kata.named)} "
            "to find failing cases"
        )

    def _keep(self, test: LawTest, result: Result) -> None:
        case = result.case
        if result.outcome == "broken" and case is not None and result.shrunk:
            cache.write(
                store(case), "cases", self._request.kata.slug, test.name, case.id
            )

    # --- our own answer -------------------------------------------------------

    def _reference_bench(self) -> Bench | None:
        path = self._request.kata.solutions / "reference.py"
        if self._reference is None and path.exists():
            self._reference = self._bench_for(read(path))
        return self._reference

    def _on_reference(self, test: LawTest, case: Case, run: int) -> Result:
        bench = self._reference_bench()
        if bench is None:
            return HOLDS
        trial = Trial(bench, test, [case], self._request.seed)
        trial.play.keep(run)
        try:
            return replace(trial.attempt(case), judged=trial.play.kept)
        finally:
            trial.play.fresh()
            # No player of ours may be there for a submission to harm.
            bench.close()


def last_line(error: Exception) -> str:
    """Return the last line of what went wrong inside the player, by its own account."""
    # A forged account may be empty.
    lines = str(error).strip().splitlines() or ["it did not say how"]
    return lines[-1][:200]


def _undrawn(case: Case) -> Case:
    return Case(case.id, case.values, case.tape, drawn=False)
