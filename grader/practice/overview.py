"""Where a learner stands in all katas, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Literal

from grader.catalogue import POINTS, TRACKS, Kata
from grader.practice.progress import Progress, Standing

State = Literal["passed", "begun", "not begun"]


@dataclass(frozen=True)
class Place:
    """A kata and how far the learner is with it.

    `changed` says that the file is another one than that which was graded last.
    """

    kata: Kata
    standing: Standing
    changed: bool

    @property
    def state(self) -> State:
        """Say how the last verdict was: a pass counts until the file is graded again.

        A stub, on which no law has anything to look at, is not begun.
        """
        graded = self.standing.graded
        if graded is None or set(graded.laws.values()) <= {"not reached"}:
            return "not begun"
        return "passed" if graded.status == "pass" else "begun"

    @property
    def left(self) -> int:
        """How many laws did not hold in the last verdict."""
        graded = self.standing.graded
        outcomes = graded.laws.values() if graded is not None else ()
        return sum(outcome != "holds" for outcome in outcomes)


@dataclass(frozen=True)
class Overview:
    """All katas in learning order."""

    places: Sequence[Place]

    @property
    def passed(self) -> int:
        """How many katas keep every law."""
        return sum(place.state == "passed" for place in self.places)

    @property
    def points(self) -> int:
        """The points of the last verdicts."""
        return sum(place.standing.points for place in self.places)

    @property
    def possible(self) -> int:
        """The points that can be had."""
        return POINTS * len(self.places)

    def tracks(self) -> list[tuple[str, list[Place]]]:
        """Return each track's title and its katas."""
        grouped = groupby(self.places, key=lambda place: place.kata.track)
        return [(TRACKS[track], list(places)) for track, places in grouped]

    def next(self) -> Place | None:
        """Return what to go on with: the first kata begun, else the first not begun."""
        for state in ("begun", "not begun"):
            for place in self.places:
                if place.state == state:
                    return place
        return None


def overview(katas: Sequence[Kata]) -> Overview:
    """Return how far a learner is with these katas."""
    standings = {
        root: Progress(root).read()
        for root in dict.fromkeys(kata.root for kata in katas)
    }
    return Overview(
        [
            _place(kata, standings[kata.root].get(kata.slug, Standing()))
            for kata in katas
        ]
    )


def _place(kata: Kata, standing: Standing) -> Place:
    graded = standing.graded
    changed = graded is not None and graded.sha256 != _digest(kata)
    return Place(kata, standing, changed)


def _digest(kata: Kata) -> str:
    try:
        return sha256(kata.stub.read_bytes()).hexdigest()
    except OSError:
        return ""  # it is not there
