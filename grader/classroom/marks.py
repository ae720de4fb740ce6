"""What each student earned on each kata: the one table that everything else is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from grader.catalogue import POINTS
from grader.classroom.batch import Batch
from grader.classroom.deadline import Deadline
from grader.classroom.intake import TOLD, Entry, HandedIn, is_ahead
from grader.classroom.roster import Student
from grader.verdict import Verdict

Standing = Literal["pass", "fail", "unloadable", "refused", "missing", "fault"]


@dataclass(frozen=True)
class Mark:
    """One student's result on one kata.

    `points` is None where it is our fault: nothing can be said then. `earned` is before
    what lateness costs. `file` is what was handed in, "" if nothing was. `log` says what
    went wrong on our side, `refusal` why the files were not taken in.
    """

    student: Student
    kata: str
    standing: Standing
    earned: int | None
    points: int | None
    days_late: int = 0
    file: str = ""
    verdict: Verdict | None = None
    refusal: str = ""
    log: str = ""


@dataclass(frozen=True)
class Marks:
    """All results: students in the order of the roster or of their keys, katas in ours."""

    katas: Sequence[str]
    students: Sequence[Student]
    table: dict[tuple[str, str], Mark] = field(default_factory=dict)

    def of(self, student: Student) -> list[Mark]:
        """Return a student's results, kata by kata."""
        return [self.table[student.key, kata] for kata in self.katas]

    def on(self, kata: str) -> list[Mark]:
        """Return everybody's results on a kata."""
        return [self.table[each.key, kata] for each in self.students]

    def total(self, student: Student) -> int | None:
        """Return a student's sum of points; None where one of them is our fault."""
        return total_of(self.of(student))

    @property
    def possible(self) -> int:
        """The sum of points that can be had."""
        return POINTS * len(self.katas)

    def __iter__(self) -> Iterator[Mark]:
        """Yield every result."""
        return iter(self.table.values())


def total_of(marks: Iterable[Mark]) -> int | None:
    """Return the sum of points; None where one of them is our fault."""
    points = [mark.points for mark in marks]
    return None if None in points else sum(each or 0 for each in points)


def mark_all(
    found: HandedIn,
    roster: Iterable[Student],
    katas: Sequence[str],
    batch: Batch,
    deadline: Deadline,
) -> Marks:
    """Return the results of everybody who is in the class or handed something in."""
    students = {each.key: each for each in roster}
    extra = {each.student.key: each.student for each in found.entries}
    others = {*found.silent, *found.leftovers, *found.unread} - set(students)
    extra |= {key: Student(key) for key in others if key not in extra}
    for key in sorted(set(extra) - set(students)):
        students[key] = extra[key]
    entries = {(each.student.key, each.kata): each for each in found.entries}
    marks = Marks(katas, list(students.values()))
    for student in marks.students:
        for kata in katas:
            where = student.key, kata
            entry = entries.get(where)
            if entry is None:
                marks.table[where] = _without(student, kata, found)
            else:
                marks.table[where] = _mark(entry, batch, deadline)
    return marks


def _without(student: Student, kata: str, found: HandedIn) -> Mark:
    """Return the result where there is no answer, and what there is instead."""
    unread = found.unread.get(student.key, [])
    if unread:
        return Mark(student, kata, "refused", 0, 0, refusal=" ".join(unread))
    others = found.leftovers.get(student.key, [])
    why = f"No file is called {kata}.py; there is {', '.join(others[:TOLD])}."
    return Mark(student, kata, "missing", 0, 0, refusal=why if others else "")


def _mark(entry: Entry, batch: Batch, deadline: Deadline) -> Mark:
    student, kata, file = entry.student, entry.kata, entry.place
    at = entry.at
    days = 0 if is_ahead(at) else deadline.days_late(student.key, kata, at)
    if entry.refusal:
        return Mark(student, kata, "refused", 0, 0, days, file, refusal=entry.refusal)
    graded = batch.of(entry)
    verdict, log = graded.verdict, graded.log
    if verdict is None or verdict.status == "fault":
        return Mark(student, kata, "fault", None, None, days, file, verdict, log=log)
    points = deadline.after(verdict.points, days)
    return Mark(
        student, kata, verdict.status, verdict.points, points, days, file, verdict
    )
