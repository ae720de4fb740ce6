"""What one student gets back, in the parts that every host knows: tests with points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from grader.catalogue import POINTS
from grader.classroom.marks import Mark, total_of
from grader.feedback import Look, render, render_laws
from grader.feedback.sentences import plural
from grader.verdict import LawVerdict

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]


LOOK = Look()


@dataclass(frozen=True)
class Part:
    """One law of one kata, or a whole kata of which no law was judged.

    `text` is what the student reads. A part without `possible` points takes off or tells.
    """

    kata: str
    law: str
    name: str
    outcome: str
    points: int
    possible: int
    text: str

    @property
    def title(self) -> str:
        """The name, with that of the kata before it."""
        return f"{self.kata}: {self.name}" if self.law else self.kata


@dataclass(frozen=True)
class Sheet:
    """One student's results on some katas. `points` is None where one is our fault."""

    marks: Sequence[Mark]
    look: Look = LOOK

    @property
    def points(self) -> int | None:
        """The sum, with what lateness has cost."""
        return total_of(self.marks)

    @property
    def possible(self) -> int:
        """What could be had."""
        return POINTS * len(self.marks)

    @property
    def seconds(self) -> float:
        """How long grading took."""
        verdicts = [mark.verdict for mark in self.marks if mark.verdict is not None]
        return round(sum(each.seconds for each in verdicts), 3)

    @property
    def log(self) -> str:
        """What went wrong on our side, or ""."""
        return "\n".join(mark.log for mark in self.marks if mark.log)

    def parts(self) -> Iterator[Part]:
        """Yield what every test earned; their points add up to `points`."""
        for mark in self.marks:
            yield from _parts(mark, self.look)


def _parts(mark: Mark, look: Look) -> Iterator[Part]:
    verdict = mark.verdict
    if verdict is None or not verdict.laws or mark.standing == "fault":
        yield Part(
            mark.kata, "", mark.kata, mark.standing, 0, POINTS, _whole(mark, look)
        )
        return
    # A case that is played again here is not known where a student reads of it.
    told = [msgspec.structs.replace(law, replay="") for law in verdict.laws]
    texts = render_laws(msgspec.structs.replace(verdict, laws=told), look)
    for law in verdict.laws:
        yield _law(mark.kata, law, texts[law.id])
    lost = (mark.earned or 0) - (mark.points or 0)
    if lost:
        days = f"{plural(mark.days_late, 'day')} late"
        text = f"{days}: {mark.points} of {mark.earned} points are left."
        yield Part(mark.kata, "late", days, "late", -lost, 0, text)


def _law(kata: str, law: LawVerdict, text: str) -> Part:
    return Part(kata, law.id, law.says, law.outcome, law.points, law.max_points, text)


def _whole(mark: Mark, look: Look) -> str:
    if mark.standing == "fault":
        return "The grader failed: this is our fault, not yours. You will hear of it."
    if mark.standing == "refused":
        return mark.refusal
    if mark.standing == "missing" or mark.verdict is None:
        return mark.refusal or "Nothing was handed in."
    return render(mark.verdict, look)
