"""What a regrade changed: who, how much, on which law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.classroom.batch import Batch
from grader.classroom.marks import Mark, Marks
from grader.verdict import Verdict


@dataclass(frozen=True)
class Change:
    """One result that is not what it was. `laws` holds id, before and after."""

    mark: Mark
    before: int
    after: int
    laws: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        """Say who, how much, and on which laws."""
        laws = ", ".join(f"{law} {old} -> {new}" for law, old, new in self.laws)
        return (
            f"{self.mark.student.key}/{self.mark.kata}: {self.before} -> {self.after} "
            f"points; {laws or 'no law'}"
        )


def changes(marks: Marks, batch: Batch) -> Iterator[Change]:
    """Yield each result whose points or laws differ from the verdict before."""
    for mark in marks:
        if mark.verdict is None or mark.standing == "fault":
            continue
        old = batch.before(mark.kata, mark.verdict.submission.sha256)
        if old is None:
            continue
        laws = tuple(_laws(old, mark.verdict))
        if laws or old.points != mark.verdict.points:
            yield Change(mark, old.points, mark.verdict.points, laws)


def _laws(old: Verdict, new: Verdict) -> Iterator[tuple[str, str, str]]:
    was = {law.id: law.outcome for law in old.laws}
    now = {law.id: law.outcome for law in new.laws}
    for law in dict.fromkeys([*was, *now]):
        before, after = was.get(law, "not judged"), now.get(law, "not judged")
        if before != after:
            yield law, before, after
