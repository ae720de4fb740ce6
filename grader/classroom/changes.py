"""What is not as it stood when the class was graded last: who, how much, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.classroom.gradebook import Stood, Where
from grader.classroom.intake import HandedIn
from grader.classroom.marks import Mark, Marks


@dataclass(frozen=True)
class Change:
    """One result whose points or laws are not what they were."""

    student: str
    kata: str
    before: Stood
    after: Stood

    def __str__(self) -> str:
        """Say who, how much, and why."""
        unit = " points" if self.after.points is not None else ""
        return (
            f"{self.student}/{self.kata}: {_points(self.before)} -> "
            f"{_points(self.after)}{unit}; {', '.join(self._reasons()) or 'the same laws'}"
        )

    def _reasons(self) -> Iterator[str]:
        before, after = self.before, self.after
        if before.submission != after.submission:
            yield _handed_in(before, after)
        for law in dict.fromkeys([*before.laws, *after.laws]):
            was, now = (each.laws.get(law, "not judged") for each in (before, after))
            if was != now:
                yield f"{law} {was} -> {now}"
        if before.off != after.off:
            yield f"{after.off} off for lateness, {before.off} before"


def standing(marks: Marks, found: HandedIn) -> dict[Where, Stood]:
    """Return how everybody stands now."""
    hashes = {
        (entry.student.key, entry.kata): entry.submission.sha256
        for entry in found.entries
        if entry.submission is not None
    }
    return {
        where: _stood(mark, hashes.get(where, ""))
        for where, mark in marks.table.items()
    }


def changes(
    before: Mapping[Where, Stood], after: Mapping[Where, Stood]
) -> Iterator[Change]:
    """Yield each change of who stood in the class before."""
    for where, now in after.items():
        was = before.get(where, now)
        if (was.points, was.laws) != (now.points, now.laws):
            yield Change(*where, was, now)


def _stood(mark: Mark, sha256: str) -> Stood:
    laws = mark.verdict.laws if mark.verdict is not None else []
    off = (mark.earned or 0) - (mark.points or 0)
    outcomes: dict[str, str] = {law.id: law.outcome for law in laws}
    return Stood(mark.points, off, sha256, outcomes)


def _points(stood: Stood) -> str:
    return "our fault" if stood.points is None else str(stood.points)


def _handed_in(before: Stood, after: Stood) -> str:
    if not after.submission:
        return "no answer taken in any more"
    return "another answer" if before.submission else "an answer now"
