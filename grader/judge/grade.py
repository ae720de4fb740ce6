"""Grade one submission: the whole way from a file to a verdict."""

from __future__ import annotations

import platform
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice

import msgspec

from grader import __version__, wire
from grader.catalogue import Kata, Law
from grader.judge import warm
from grader.judge.bench import MAX_TRIED
from grader.judge.corpus import Corpus as Cases
from grader.judge.hidden import hidden
from grader.judge.judging import Judging, Played
from grader.judge.plugin import CollectionFault, Session, with_tests
from grader.judge.report import Replay, Told, decisive, law_verdict, tell
from grader.judge.source import Source
from grader.judge.team import Play, Team
from grader.judge.trial import Result
from grader.sandbox.launch import SandboxFault
from grader.sandbox.levels import OFFICIAL
from grader.submission import Submission
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
    `key` opens hidden tests that are sealed.
    """

    kata: Kata
    submission: Submission
    seed: int = 0
    laws: tuple[str, ...] = ()
    case: str | None = None
    isolation: str = "best"
    shrink: bool = True
    draws: int | None = None
    key: str = ""


def grade(request: Request, judges: int = 1) -> Verdict:
    """Return the verdict on a submission; our own failures become a `fault`."""
    (verdict,) = grade_all([request], judges)
    return verdict


def grade_all(requests: Sequence[Request], judges: int = 1) -> list[Verdict]:
    """Grade submissions of one kata on one collection of its hidden tests."""
    verdicts: list[Verdict] = []
    grade_each(requests, verdicts.append, judges)
    return verdicts


def grade_each(
    requests: Iterable[Request], take: Callable[[Verdict], object], judges: int = 1
) -> None:
    """Grade submissions of one kata as they come, on one collection of its hidden tests.

    Each verdict is handed to `take` before the next submission is asked for. So many
    `judges` share the tests of each: the verdict is the same, and there sooner. Raises
    `Sealed` if the key of the first one does not open the hidden tests.
    """
    coming = iter(requests)
    waiting = deque(islice(coming, 1))
    if not waiting:
        return
    first = waiting[0]
    warm.warm_up(first.isolation, first.kata.allow, first.kata.libraries)

    def judge(session: Session) -> None:
        many = 1 if first.isolation == "none" else judges
        with Team(many, _beside(session)) as team, Team(1, _beside(session)) as alone:
            while waiting:
                take(_grade_with(waiting[0], session, team, alone))
                waiting.popleft()
                waiting.extend(islice(coming, 1))

    try:
        tests = hidden(first.kata, first.key)
        with_tests(tests, judge, timeout=first.isolation != "none")
    except (CollectionFault, OSError) as error:
        for request in chain(waiting, coming):
            take(_Grading(request, str(error)).verdict())


def _beside(session: Session) -> Play:
    """Return how a judge beside this one plays tests of a submission."""

    def play(request: Request, numbers: Iterator[int]) -> Iterator[Played]:
        warm.warm_up(request.isolation, request.kata.allow, request.kata.libraries)
        with closing(Judging(request, session)) as judging:
            judging.wanted()
            judging.ready()
            yield from judging.play(numbers)

    return play


def _grade_with(request: Request, session: Session, team: Team, alone: Team) -> Verdict:
    began = time.perf_counter()
    grading = _graded(request, session, team)
    if grading.verdict().status == "fault":
        # Most often it was once; and beside another judge's player a submission may have
        # harmed what was ours there: now there is nobody beside it.
        grading = _graded(request, session, alone)
    verdict = grading.verdict()
    return msgspec.structs.replace(
        verdict, seconds=round(time.perf_counter() - began, 3)
    )


def _graded(request: Request, session: Session, team: Team) -> _Grading:
    grading = _Grading(request)
    try:
        grading.run(session, team)
    except (SandboxFault, OSError) as error:
        grading.fault = str(error)
        warm.retire()
    return grading


def close() -> None:
    """End the sandbox of this process."""
    warm.cool_down()


class _Grading:
    """The state of grading one submission; `fault` says why it was no good."""

    def __init__(self, request: Request, fault: str = "") -> None:
        self.fault = fault
        self._request = request
        self._problem: wire.Problem | None = None
        self._cases = Cases({})
        self._played: list[Played] = []

    def run(self, session: Session, team: Team) -> None:
        with closing(Judging(self._request, session)) as judging:
            self._problem = judging.check()
            if self._problem is None:
                self._judge(judging, team)

    def _judge(self, judging: Judging, team: Team) -> None:
        numbers = judging.wanted()
        self._cases = judging.cases

        def own(_: Request, ours: Iterator[int]) -> Iterator[Played]:
            return judging.play(ours)

        with closing(team.share(self._request, numbers, own)) as coming:
            for played in coming:
                self._played.append(played)
                if played.told.misfit is not None:
                    break
        self._played.sort(key=lambda each: each.number)

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
            virtual_seconds=round(self._virtual() / wire.NANOSECONDS, 3),
            seconds=0.0,
            problem=problem,
            tried=self._tried(),
        )

    def _counted(self) -> list[Played]:
        """Return what was played; nothing if it does not fit its interface.

        How much had been played when that showed hangs on which judge was quicker.
        """
        return [] if self._misfit() is not None else self._played

    def _virtual(self) -> int:
        return sum(played.virtual for played in self._counted())

    def _tried(self) -> list[Tried]:
        found = {each for played in self._counted() for each in played.tried}
        told = sorted(found, key=lambda each: (each.line, each.what))
        return [Tried(each.what[:80], each.line) for each in told[:MAX_TRIED]]

    def _laws(self) -> list[LawVerdict]:
        if self._problem is not None or self._misfit() is not None:
            return []
        found = self._found()
        outcomes = {told.law.id: told.law.outcome for told in found}
        return [law_verdict(told, self._request.kata, outcomes) for told in found]

    def _found(self) -> list[Told]:
        """Return what became of each law that was asked for."""
        request = self._request
        of_law: dict[str, list[Told]] = {}
        for played in self._played:
            of_law.setdefault(played.told.law.id, []).append(played.told)
        chosen = request.laws or request.case
        return [
            decisive(of_law[law.id]) if law.id in of_law else self._unjudged(law)
            for law in request.kata.laws
            if law.id in of_law or not chosen
        ]

    def _unjudged(self, law: Law) -> Told:
        request = self._request
        why = self.fault or "the law was not judged"
        replay = Replay(request.kata, request.submission, request.seed)
        return tell(law, None, Result("fault", "grader error", why), replay)

    def _misfit(self) -> str | None:
        told = (played.told.misfit for played in self._played)
        return next((each for each in told if each is not None), None)

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
        return Problem("signature", misfit) if misfit is not None else None

    def _status(self, laws: list[LawVerdict], problem: Problem | None) -> Status:
        if self.fault or any(law.outcome == "fault" for law in laws):
            return "fault"
        if problem is not None:
            return "unloadable"
        return "pass" if all(law.outcome == "holds" for law in laws) else "fail"


def _points(kata: Kata) -> int:
    return sum(law.points for law in kata.laws)


def _isolation() -> Isolation:
    walls = warm.walls()
    official = walls.level in OFFICIAL
    return Isolation(walls.level, list(walls.layers), official=official)
