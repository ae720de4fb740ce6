"""Results, and what a lecturer is told of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.catalogue import Kata
from grader.classroom.alike import Pair
from grader.classroom.batch import Batch, Options
from grader.classroom.deadline import NONE, Deadline
from grader.classroom.fingerprints import of_grader, of_kata
from grader.classroom.gradebook import Gradebook
from grader.classroom.intake import Entry, HandedIn
from grader.classroom.job import Graded, Made, pack, unpack_job
from grader.classroom.marks import Marks, mark_all
from grader.classroom.roster import Student
from grader.classroom.summary import summary
from grader.submission import Submission
from grader.verdict import Verdict
from tests.grader.feedback import samples

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ROSTER = [Student("s-101"), Student("s-102")]


OTHER = (
    "a worker has another version of the katas or of the grader, or another Python; "
    "install ours there"
)
CALLED_LATE = (
    "s-101/semaphore: its host calls it late, but does not say by how much; "
    "see --deadline"
)
AHEAD = (
    "s-101/semaphore: changed at 2999-01-01 00:00+00:00, which is still to come: "
    "a clock is wrong; nothing was taken off for lateness"
)


class Answering(Executor):
    """An executor in which each submission gets what `answer` makes of its source."""

    def __init__(self, answer: Callable[[bytes], Graded]) -> None:
        self._answer = answer
        self.asked: list[bytes] = []

    def submit(self, _: Any, /, *args: Any, **__: Any) -> Future[Any]:
        job = unpack_job(args[0])
        self.asked.append(job.source)
        future: Future[Any] = Future()
        try:
            future.set_result(pack(self._answer(job.source)))
        except LookupError as error:
            future.set_exception(error)
        return future


@pytest.fixture
def batch(katas: list[Kata], tmp_path: Path) -> Iterator[Batch]:
    with closing(Gradebook(tmp_path / "gradebook.db")) as book:
        yield Batch({kata.slug: kata for kata in katas}, Options(), book)


@pytest.fixture
def made(katas: list[Kata]) -> Made:
    return Made(of_kata(katas[0]), of_grader())


def entry(
    student: str, source: bytes = b"one", at: datetime = NOW, **more: Any
) -> Entry:
    name = "semaphore.py"
    submission = Submission(name, Path(name), source, source.decode())
    place = f"{student}/{name}"
    return Entry(Student(student), "semaphore", place, at, submission, **more)


def verdict(points: int) -> Verdict:
    status = "pass" if points == 100 else "fail"
    return samples.verdict([], points=points, status=status)


def nobody(_: bytes) -> Graded:
    raise LookupError("the scheduler has gone")


def ignore() -> None:
    pass


def marks(batch: Batch, found: HandedIn, deadline: Deadline = NONE) -> Marks:
    return mark_all(found, ROSTER, ["semaphore"], batch, deadline)


def lines(batch: Batch, found: HandedIn, **more: Any) -> list[str]:
    """Return what stands below the table."""
    told = summary(marks(batch, found), found, 1.0, 1, **more)
    return told.partition("Look at these\n")[2].splitlines()


def test_what_two_students_hand_in_alike_is_graded_once(
    batch: Batch, made: Made
) -> None:
    executor = Answering(lambda _: Graded(verdict(80), "", made))
    found = HandedIn([entry("s-101"), entry("s-102")])

    graded = batch.run(found.entries, executor, ignore)

    assert (graded, executor.asked) == (1, [b"one"])
    assert [mark.points for mark in marks(batch, found)] == [80, 80]


def test_what_the_gradebook_knows_is_not_graded_again(batch: Batch, made: Made) -> None:
    executor = Answering(lambda _: Graded(verdict(80), "", made))
    batch.run([entry("s-101")], executor, ignore)

    graded = batch.run([entry("s-101"), entry("s-102", b"two")], executor, ignore)

    assert (graded, executor.asked) == (1, [b"one", b"two"])


@pytest.mark.parametrize(
    ("answer", "log"),
    [
        (lambda _: Graded(None, "it died"), "it died"),
        (
            lambda _: Graded(verdict(100), "", Made("another", "grader")),
            OTHER,
        ),
        (nobody, "nobody graded it: LookupError: the scheduler has gone"),
    ],
    ids=["a process died", "another version", "the cluster failed"],
)
def test_our_fault_is_nobodys_zero_and_is_tried_again(
    batch: Batch, made: Made, answer: Callable[[bytes], Graded], log: str
) -> None:
    batch.run([entry("s-101")], Answering(answer), ignore)
    found = HandedIn([entry("s-101")])
    first, _ = marks(batch, found)
    again = Batch(batch.katas, Options(), batch.book)
    graded = again.run(
        found.entries, Answering(lambda _: Graded(verdict(100), "", made)), ignore
    )

    assert (first.standing, first.points, first.log) == ("fault", None, log)
    assert marks(batch, found).total(ROSTER[0]) is None
    assert graded == 1
    assert marks(again, found).total(ROSTER[0]) == 100
    assert lines(batch, found)[0].startswith(
        "  s-101/semaphore: our fault, not the student's: "
    )


def test_a_full_disk_loses_no_result(
    batch: Batch, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(batch.book, "_connection", Failing(batch.book, full))
    batch.run(
        [entry("s-101")], Answering(lambda _: Graded(verdict(70), "", made)), ignore
    )
    found = HandedIn([entry("s-101")])

    assert marks(batch, found).total(ROSTER[0]) == 70
    told = " ".join(" ".join(lines(batch, found, unkept=batch.unkept)).split())
    assert told.startswith(
        "not everything could be recorded (2 times); the results below count all the "
        "same, and are graded again the next time: "
    )
    assert "database or disk is full. Name another folder with --out." in told


class Failing:
    """A connection that reads, and cannot write."""

    def __init__(self, book: Gradebook, fail: Callable[..., None]) -> None:
        self._real = book._connection
        self._fail = fail

    def execute(self, statement: str, *values: tuple[object, ...]) -> Any:
        known: dict[str, Any] = {"SELECT": self._real.execute, "INSERT": self._fail}
        known["BEGIN"] = self._real.execute
        return known[statement.split(maxsplit=1)[0]](statement, *values)

    def executemany(self, *_: object) -> None:
        self._fail()

    def __enter__(self) -> None:
        self._real.__enter__()

    def __exit__(self, *raised: object) -> None:
        self._real.__exit__(*raised)  # type: ignore[arg-type]


def test_what_could_not_be_read_is_refused_on_every_kata(batch: Batch) -> None:
    found = HandedIn(unread={"s-101": ["s-101.zip is damaged."]})

    first, second = marks(batch, found)

    assert (first.standing, first.refusal) == ("refused", "s-101.zip is damaged.")
    assert (second.standing, second.points) == ("missing", 0)
    assert lines(batch, found) == ["  s-101: s-101.zip is damaged."]


def test_lateness_costs_points_and_is_told(batch: Batch, made: Made) -> None:
    batch.run(
        [entry("s-101")], Answering(lambda _: Graded(verdict(85), "", made)), ignore
    )
    found = HandedIn([entry("s-101")])
    deadline = Deadline(due=NOW - timedelta(hours=1), penalty=10)

    graded = marks(batch, found, deadline)
    told = summary(graded, found, 1.0, 1)

    late, _ = graded
    assert (late.earned, late.points, late.days_late) == (85, 77, 1)
    assert "s-101/semaphore: 1 day late: 77 of 85 points are left" in told


def test_a_clock_that_is_ahead_costs_nothing(batch: Batch, made: Made) -> None:
    ahead = entry("s-101", at=datetime(2999, 1, 1, tzinfo=UTC))
    batch.run([ahead], Answering(lambda _: Graded(verdict(85), "", made)), ignore)

    mark, _ = marks(batch, HandedIn([ahead]), Deadline(due=NOW, closes_after=1))

    assert (mark.points, mark.days_late) == (85, 0)


def test_a_fault_without_a_word_is_one_all_the_same(batch: Batch, made: Made) -> None:
    silent = msgspec.structs.replace(verdict(0), status="fault")
    batch.run([entry("s-101")], Answering(lambda _: Graded(silent, "", made)), ignore)

    mark, _ = marks(batch, HandedIn([entry("s-101")]))

    assert (mark.standing, mark.points) == ("fault", None)


def test_a_file_by_another_name_is_named(batch: Batch) -> None:
    mark, _ = marks(batch, HandedIn(leftovers={"s-101": ["Semaphore.py"]}))

    assert mark.refusal == "No file is called semaphore.py; there is Semaphore.py."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            HandedIn([entry("s-101", late=True)]),
            CALLED_LATE,
        ),
        (
            HandedIn([entry("s-101", at=datetime(2999, 1, 1, tzinfo=UTC))]),
            AHEAD,
        ),
        (
            HandedIn(
                [
                    entry("s-101", at=datetime(2999, 1, 1, tzinfo=UTC)),
                    entry("s-102", at=datetime(2998, 1, 1, tzinfo=UTC)),
                ]
            ),
            AHEAD.replace(":", " and 1 more:", 1),
        ),
        (
            HandedIn([entry("s-101")], leftovers={"s-101": ["a", "b", "c", "d"]}),
            "s-101: 4 files for no kata: a, b, c",
        ),
        (
            HandedIn([entry("s-101")], strangers=["s-901", "s-902"]),
            "s-901, s-902: handed in, and not on the roster",
        ),
        (
            HandedIn([entry("s-101")], silent=["s-102"]),
            "s-102: handed in nothing",
        ),
    ],
    ids=["late", "clock", "clocks", "leftovers", "strangers", "silent"],
)
def test_what_wants_a_look_has_a_line(
    batch: Batch, made: Made, given: HandedIn, told: str
) -> None:
    batch.run(
        given.entries, Answering(lambda _: Graded(verdict(100), "", made)), ignore
    )

    assert " ".join(" ".join(lines(batch, given)).split()) == told


def test_pairs_that_are_alike_have_a_line(batch: Batch, made: Made) -> None:
    batch.run(
        [entry("s-101")], Answering(lambda _: Graded(verdict(100), "", made)), ignore
    )
    pairs = [Pair("semaphore", "s-101", "s-102", 0.91)]

    assert lines(batch, HandedIn([entry("s-101")]), pairs=pairs) == [
        "  s-101, s-102/semaphore: 91% alike"
    ]
