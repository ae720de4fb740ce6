"""Grade one submission: the whole way from a file to a verdict."""

from __future__ import annotations

import platform
import shlex
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import msgspec

from grader import __version__, wire
from grader.catalogue import Kata, Law
from grader.judge import cache, warm
from grader.judge.bench import MAX_TRIED, Bench
from grader.judge.cases import Case, LawTest, restore, store
from grader.judge.corpus import Corpus as Cases
from grader.judge.corpus import corpus_for
from grader.judge.drive import PlayerFault
from grader.judge.plugin import CollectionFault, Session, with_tests
from grader.judge.report import Replay, law_verdict
from grader.judge.source import Source
from grader.judge.trial import HOLDS, Result, Trial, decisive
from grader.sandbox.launch import SandboxFault
from grader.sandbox.levels import OFFICIAL
from grader.submission import Submission, read
from grader.verdict import (
    SCHEMA,
    Corpus,
    Isolation,
    LawVerdict,
    Problem,
    Status,
    Submitted,
    Tried,
    Verdict,
)


@dataclass(frozen=True)
class Request:
    """What to grade, and how. `laws` empty means all of them.

    Without `shrink` a failing case is told as it was found: the outcomes are the same.
    With `draws` no more than so many drawn cases of each test are played after its examples.
    """

    kata: Kata
    submission: Submission
    seed: int = 0
    laws: tuple[str, ...] = ()
    case: str | None = None
    isolation: str = "best"
    shrink: bool = True
    draws: int | None = None


class UnknownCase(Exception):
    """No case of that id is known."""


def grade(request: Request) -> Verdict:
    """Return the verdict on a submission; our own failures become a `fault`."""
    (verdict,) = grade_all([request])
    return verdict


def grade_all(requests: Sequence[Request]) -> list[Verdict]:
    """Grade submissions of one kata on one collection of its hidden tests."""
    verdicts: list[Verdict] = []
    grade_each(requests, verdicts.append)
    return verdicts


def grade_each(requests: Iterable[Request], take: Callable[[Verdict], object]) -> None:
    """Grade submissions of one kata as they come, on one collection of its hidden tests.

    Each verdict is handed to `take` before the next submission is asked for.
    """
    coming = iter(requests)
    waiting = deque(islice(coming, 1))
    if not waiting:
        return
    first = waiting[0]
    warm.warm_up(first.isolation, first.kata.allow, first.kata.libraries)

    def judge(session: Session) -> None:
        while waiting:
            take(_grade_with(waiting[0], session))
            waiting.popleft()
            waiting.extend(islice(coming, 1))

    try:
        with_tests(first.kata.laws_path, judge, timeout=first.isolation != "none")
    except CollectionFault as error:
        for request in chain(waiting, coming):
            take(_Grading(request).faulty(str(error)))


def _grade_with(request: Request, session: Session) -> Verdict:
    began = time.perf_counter()
    grading = _graded(request, session)
    if grading.fault:
        # Whatever it was, it was not the submission, and most often it was once.
        grading = _graded(request, session)
    verdict = grading.verdict()
    return msgspec.structs.replace(
        verdict, seconds=round(time.perf_counter() - began, 3)
    )


def _graded(request: Request, session: Session) -> _Grading:
    grading = _Grading(request)
    try:
        grading.run(session)
    except SandboxFault as error:
        grading.fault = str(error)
        warm.retire()
    return grading


def close() -> None:
    """End the sandbox of this process."""
    warm.cool_down()


class _Grading:
    """The state of grading one submission."""

    def __init__(self, request: Request) -> None:
        self.fault = ""
        self._request = request
        self._secret = cache.secret()
        # One for the whole of it: another may take its place between two gradings only.
        self._sandbox = warm.sandbox()
        self._bench = self._bench_for(request.submission)
        self._reference: Bench | None = None
        self._problem: wire.Problem | None = None
        self._cases = Cases({})
        self._results: dict[str, list[tuple[LawTest, Result]]] = {}

    def _bench_for(self, submission: Submission) -> Bench:
        return Bench(self._sandbox, self._request.kata, submission, self._secret)

    def run(self, session: Session) -> None:
        try:
            self._problem = self._check()
            if self._problem is None:
                self._judge(session)
        finally:
            self._bench.close()
            if self._reference is not None:
                self._reference.close()

    def _check(self) -> wire.Problem | None:
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

    def faulty(self, why: str) -> Verdict:
        """Return the verdict of a grading that could not begin."""
        self.fault = why
        return self.verdict()

    def _judge(self, session: Session) -> None:
        request = self._request
        source = request.kata.laws_path.read_bytes()
        self._cases = corpus_for(request.kata.slug, source, session.tests, request.seed)
        chosen = self._chosen_case(session.tests) if request.case else None
        for test, result in session.judge(lambda test: self._trial(test, chosen)):
            self._results.setdefault(test.law, []).append((test, result))
            if self._sandbox.fault:
                raise SandboxFault(self._sandbox.fault)
            if _is_misfit(result):
                break
            self._keep(test, result)

    def _trial(self, test: LawTest, chosen: tuple[str, Case] | None) -> Trial | None:
        request = self._request
        if request.laws and test.law not in request.laws:
            return None
        cases = self._cases.of(test.name)
        if request.draws is not None:
            cases = cases[: len(test.examples()) + request.draws]
        if chosen is not None:
            if test.name != chosen[0]:
                return None
            cases = [_undrawn(chosen[1])]
        return Trial(
            self._bench,
            test,
            cases,
            request.seed,
            self._on_reference,
            shrinks=request.shrink,
        )

    # --- cases by id ----------------------------------------------------------

    def _chosen_case(self, tests: list[LawTest]) -> tuple[str, Case]:
        name = self._request.case or ""
        found = self._cases.find(name)
        if found is not None:
            return found
        for test in tests:
            data = cache.read("cases", self._request.kata.slug, test.name, name)
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

    def _on_reference(self, test: LawTest, case: Case) -> Result:
        bench = self._reference_bench()
        if bench is None:
            return HOLDS
        trial = Trial(bench, test, [case], self._request.seed)
        try:
            return trial.attempt(case)
        finally:
            trial.play.fresh()
            # No player of ours may be there for a submission to harm.
            bench.close()

    # --- the verdict ----------------------------------------------------------

    def verdict(self) -> Verdict:
        request = self._request
        laws = self._laws()
        problem = self._problem_record()
        return Verdict(
            schema=SCHEMA,
            kata=request.kata.slug,
            title=request.kata.title,
            level=request.kata.level,
            submission=Submitted(request.submission.name, request.submission.sha256),
            status=self._status(laws, problem),
            points=sum(law.points for law in laws),
            max_points=sum(law.max_points for law in laws) or _points(request.kata),
            laws=laws,
            corpus=Corpus(request.seed, self._cases.hash, self._cases.size),
            isolation=_isolation(),
            python=platform.python_version(),
            grader=__version__,
            virtual_seconds=round(self._bench.virtual / wire.NANOSECONDS, 3),
            seconds=0.0,
            problem=problem,
            tried=self._tried(),
        )

    def _tried(self) -> list[Tried]:
        told = sorted(self._bench.tried, key=lambda each: (each.line, each.what))
        return [Tried(each.what[:80], each.line) for each in told[:MAX_TRIED]]

    def _laws(self) -> list[LawVerdict]:
        request = self._request
        if self._problem is not None or self._misfit() is not None:
            return []
        replay = Replay(request.kata, request.submission, request.seed)
        wanted = [
            law
            for law in request.kata.laws
            if law.id in self._results or not (request.laws or request.case)
        ]
        found = {law.id: self._decisive(law) for law in wanted}
        outcomes = {name: result.outcome for name, (_, result) in found.items()}
        return [law_verdict(law, *found[law.id], replay, outcomes) for law in wanted]

    def _decisive(self, law: Law) -> tuple[LawTest | None, Result]:
        if law.id in self._results:
            return decisive(self._results[law.id])
        why = self.fault or "the law was not judged"
        return None, Result("fault", "grader error", why)

    def _misfit(self) -> Result | None:
        found = (result for results in self._results.values() for _, result in results)
        return next((result for result in found if _is_misfit(result)), None)

    def _problem_record(self) -> Problem | None:
        if self.fault:
            return Problem("grader error", self.fault)
        if self._problem is not None:
            source = Source(
                self._request.submission.name, self._request.submission.source
            )
            return Problem(
                self._problem.reason,
                self._problem.message,
                source.line(self._problem.line),
            )
        misfit = self._misfit()
        if misfit is not None and misfit.judged is not None:
            error = misfit.judged.outcome.error
            return Problem("signature", error.message if error is not None else "")
        return None

    def _status(self, laws: list[LawVerdict], problem: Problem | None) -> Status:
        if self.fault or any(law.outcome == "fault" for law in laws):
            return "fault"
        if problem is not None:
            return "unloadable"
        return "pass" if all(law.outcome == "holds" for law in laws) else "fail"


def last_line(error: Exception) -> str:
    """Return the last line of what went wrong inside the player, by its own account."""
    # A forged account may be empty.
    lines = str(error).strip().splitlines() or ["it did not say how"]
    return lines[-1][:200]


def _points(kata: Kata) -> int:
    return sum(law.points for law in kata.laws)


def _undrawn(case: Case) -> Case:
    return Case(case.id, case.values, case.tape, drawn=False)


def _is_misfit(result: Result) -> bool:
    """Say whether a plain function turned out to stand for an asynchronous one."""
    judged = result.judged
    if judged is None or judged.run.outcome is None:
        return False
    error = judged.run.outcome.error
    return error is not None and error.type == "NotAwaitable"


def _isolation() -> Isolation:
    walls = warm.walls()
    official = walls.level in OFFICIAL
    return Isolation(walls.level, list(walls.layers), official=official)
