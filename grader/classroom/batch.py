"""Grade what a class handed in, each distinct submission once, and lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field

from grader.catalogue import Kata
from grader.classroom import fingerprints
from grader.classroom.gradebook import (
    Gradebook,
    Key,
    Stood,
    UnusableGradebook,
    Where,
)
from grader.classroom.intake import Entry
from grader.classroom.job import HANG, Graded, Job, Made, pack, unpack_graded
from grader.classroom.pool import grade_one
from grader.verdict import Verdict

Tell = Callable[[], object]


@dataclass(frozen=True)
class Options:
    """How a batch is graded: as a `Job` has it."""

    seed: int = 0
    isolation: str = "best"
    paths: tuple[str, ...] = ()
    seconds: float = HANG


@dataclass
class Batch:
    """All distinct submissions of a class, and their verdicts as they come."""

    katas: Mapping[str, Kata]
    options: Options
    book: Gradebook
    graded: dict[tuple[str, str], Graded] = field(default_factory=dict)
    unkept: list[str] = field(default_factory=list)
    """Why verdicts could not be recorded, once for each: they count all the same."""

    def key(self, kata: str, sha256: str) -> Key:
        """Return under what a verdict stands in the gradebook."""
        conditions = f"seed {self.options.seed}, isolation {self.options.isolation}"
        kata_hash = fingerprints.of_kata(self.katas[kata])
        return Key(sha256, kata, kata_hash, fingerprints.of_grader(), conditions)

    def run(self, entries: Iterable[Entry], executor: Executor, tell: Tell) -> int:
        """Grade what the gradebook does not hold yet; record each verdict at once.

        `tell` is called for each that is there. Returns how many were graded.
        """
        missing: dict[Future[bytes], Key] = {}
        sources = distinct(entries)
        with self._noting():
            self.book.keep({sha256: source for (_, sha256), source in sources.items()})
        for (kata, sha256), source in sources.items():
            key = self.key(kata, sha256)
            verdict = self.book.find(key)
            if verdict is not None:
                self.graded[kata, sha256] = Graded(verdict)
                tell()
                continue
            job = Job(kata, source, **vars(self.options))
            missing[executor.submit(grade_one, pack(job))] = key
        for future in as_completed(missing):
            key = missing[future]
            self._record(key, _graded(future, key))
            tell()
        return len(missing)

    def of(self, entry: Entry) -> Graded:
        """Return what came of what was handed in; nothing came of a refusal."""
        if entry.submission is None:
            return Graded(None)
        return self.graded.get((entry.kata, entry.submission.sha256), Graded(None))

    def keep(self, marks: Mapping[Where, Stood]) -> None:
        """Record how the class stands now."""
        with self._noting():
            self.book.record_marks(marks)

    def _record(self, key: Key, graded: Graded) -> None:
        self.graded[key.kata, key.submission] = graded
        with self._noting():
            if graded.verdict is not None and graded.verdict.status != "fault":
                self.book.record(key, graded.verdict)
            else:
                self.book.record_fault(key, graded.log)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Go on when something could not be recorded, and remember why."""
        try:
            yield
        except UnusableGradebook as error:
            self.unkept.append(str(error))


def _graded(future: Future[bytes], key: Key) -> Graded:
    """Return what came of a job; whatever kept it from being graded is our fault."""
    try:
        graded = unpack_graded(future.result())
    except (Exception, CancelledError) as error:  # noqa: BLE001
        return Graded(None, f"nobody graded it: {type(error).__name__}: {error}")
    made_by = Made(key.kata_hash, key.grader_hash)
    if graded.verdict is not None and graded.made != made_by:
        said = "another version of the katas or of the grader, or another Python"
        return Graded(None, f"a worker has {said}; install ours there")
    return Graded(graded.verdict, graded.log or _fault_of(graded.verdict), graded.made)


def distinct(entries: Iterable[Entry]) -> dict[tuple[str, str], bytes]:
    """Return each submission that differs, by kata and hash: its source.

    They stand kata by kata, so that hidden tests are read once.
    """
    found = {
        (entry.kata, entry.submission.sha256): entry.submission.source
        for entry in entries
        if entry.submission is not None
    }
    return dict(sorted(found.items()))


def _fault_of(verdict: Verdict | None) -> str:
    if verdict is None or verdict.status != "fault":
        return ""
    told = [verdict.problem.message] if verdict.problem is not None else []
    told += [law.message for law in verdict.laws if law.outcome == "fault"]
    return "\n".join(told)
