"""How far a learner is: a line for each step, in one file beside the katas.

Lines are only ever added, each by one write. So two that write at once do not disturb each
other, and one that is killed leaves half a line at most, which is passed by. What holds is
told by the order of the lines and not by their clocks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Annotated

import msgspec

from grader.catalogue import POINTS
from grader.verdict import Outcome, Status, Verdict

FILE = "progress.jsonl"
"""Its name, in the folder that holds `katas`."""


class Graded(msgspec.Struct, frozen=True, tag="graded"):
    """The learner's own file was graded on all laws; `laws` is what became of each."""

    at: str
    kata: str
    sha256: str
    status: Status
    points: Annotated[int, msgspec.Meta(ge=0, le=POINTS)]
    laws: dict[str, Outcome]


class Hinted(msgspec.Struct, frozen=True, tag="hinted"):
    """A hint was shown: number `step` of a law, counted from 1."""

    at: str
    kata: str
    law: str
    step: int


class GivenUp(msgspec.Struct, frozen=True, tag="given up"):
    """The learner wants to see the solution before a pass."""

    at: str
    kata: str


Step = Graded | Hinted | GivenUp
_reader = msgspec.json.Decoder(Step)


class Unkept(Exception):
    """A step cannot be written down; the message says what to do."""


@dataclass
class Standing:
    """How far a learner is with one kata.

    `graded` is the last verdict, `passed` says that every law held once, `hints` counts
    the hints seen of each law.
    """

    graded: Graded | None = None
    passed: bool = False
    given_up: bool = False
    hints: dict[str, int] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """The points of the last verdict."""
        return self.graded.points if self.graded is not None else 0


class Progress:
    """The file of one folder of katas, and what stands in it."""

    def __init__(self, root: Path) -> None:
        self.path = root / FILE

    def read(self) -> dict[str, Standing]:
        """Return how far the learner is, by slug; a kata not begun is not there."""
        standings: dict[str, Standing] = {}
        for step in self._steps():
            _take(standings.setdefault(step.kata, Standing()), step)
        return standings

    def of(self, slug: str) -> Standing:
        """Return how far the learner is with a kata."""
        return self.read().get(slug, Standing())

    def graded(self, verdict: Verdict) -> None:
        """Write a verdict down, unless it says what the one before it said.

        Where nothing was graded nothing is said of how far the learner is.
        """
        if verdict.status not in {"pass", "fail"}:
            return
        laws = {law.id: law.outcome for law in verdict.laws}
        sha256 = verdict.submission.sha256
        step = Graded(
            _now(), verdict.kata, sha256, verdict.status, verdict.points, laws
        )
        last = self.of(verdict.kata).graded
        if last is None or msgspec.structs.replace(last, at=step.at) != step:
            self._add(step)

    def hinted(self, slug: str, law: str, step: int) -> None:
        """Write down that a hint was shown."""
        self._add(Hinted(_now(), slug, law, step))

    def gave_up(self, slug: str) -> None:
        """Write down that the learner gave up."""
        self._add(GivenUp(_now(), slug))

    def _steps(self) -> Iterator[Step]:
        try:
            # What is no plain file may be read for ever.
            lines = self.path.read_bytes().splitlines() if self.path.is_file() else []
        except OSError:
            return
        for line in lines:
            try:
                yield _reader.decode(line)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                continue  # half a line, junk, or one of a newer version

    def _add(self, step: Step) -> None:
        try:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK
            file = os.open(self.path, flags, 0o666)
            try:
                if not S_ISREG(os.fstat(file).st_mode):
                    raise Unkept(f"progress is not kept: {self.path} is no plain file")
                begin = b"" if _ends_a_line(file) else b"\n"
                os.write(file, begin + msgspec.json.encode(step) + b"\n")
            finally:
                os.close(file)
        except OSError as error:
            raise Unkept(
                f"progress is not kept: {self.path} cannot be written: {error.strerror}"
            ) from None


def _ends_a_line(file: int) -> bool:
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def _take(standing: Standing, step: Step) -> None:
    match step:
        case Graded():
            standing.graded = step
            standing.passed = standing.passed or step.status == "pass"
        case Hinted():
            seen = standing.hints.get(step.law, 0)
            standing.hints[step.law] = max(seen, step.step)
        case GivenUp():
            standing.given_up = True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def total(standings: Mapping[str, Standing]) -> int:
    """Return the sum of points."""
    return sum(each.points for each in standings.values())
