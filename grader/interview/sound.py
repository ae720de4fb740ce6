"""What a whole log must say besides: a chain can be made anew, and say what cannot be."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from grader.interview.log import (
    FRESH_SEEDS,
    Began,
    Ended,
    Entry,
    Final,
    Graded,
    Saved,
    only,
)
from grader.interview.seeds import fresh_seeds, seed_of_saves

GRACE = 5.0
"""Seconds after the end in which the last save is still taken down."""

DRIFT = 5.0
"""Seconds by which two clocks may differ between two entries."""


@dataclass(frozen=True)
class Oddity:
    """Something that no interview writes down, and the entry that says it."""

    number: int
    why: str


def oddities(entries: Sequence[Entry], hashes: Sequence[str]) -> Iterator[Oddity]:
    """Yield what cannot be so in a log that was written as an interview ran."""
    yield from _beginning(entries)
    yield from _order(entries)
    yield from _clocks(entries)
    yield from _saves(entries)
    yield from _end(entries, hashes)


def _beginning(entries: Sequence[Entry]) -> Iterator[Oddity]:
    for entry in entries:
        began = entry.what
        if not isinstance(began, Began):
            continue
        if entry.number != 1:
            yield Oddity(entry.number, "it begins a second time")
        if not (math.isfinite(began.minutes) and began.minutes > 0):
            yield Oddity(entry.number, f"it lasts {began.minutes:g} minutes")
        if began.seed != seed_of_saves(began.nonce):
            yield Oddity(entry.number, "its seed does not follow from the nonce")


def _order(entries: Sequence[Entry]) -> Iterator[Oddity]:
    ended = False
    for place, entry in enumerate(entries, 1):
        if entry.number != place:
            yield Oddity(place, f"it says that it is entry {entry.number}")
        if ended and not isinstance(entry.what, Graded | Final):
            yield Oddity(place, "it stands behind the end")
        ended = ended or isinstance(entry.what, Ended)


def _clocks(entries: Sequence[Entry]) -> Iterator[Oddity]:
    for before, entry in pairwise(entries):
        passed = entry.elapsed - before.elapsed
        if passed < 0:
            yield Oddity(entry.number, "its time lies before that of the entry before")
        try:
            wall = _moment(entry) - _moment(before)
        except ValueError:
            yield Oddity(entry.number, f"{entry.at!r} is no moment")
            continue
        if abs(wall - passed) > DRIFT:
            yield Oddity(
                entry.number,
                f"{passed:.0f} s had passed by one clock, {wall:.0f} s by the one on the wall",
            )


def _moment(entry: Entry) -> float:
    return datetime.fromisoformat(entry.at).timestamp()


def _saves(entries: Sequence[Entry]) -> Iterator[Oddity]:
    began = entries[0].what
    limit = began.minutes * 60 if isinstance(began, Began) else 0.0
    for entry in entries:
        saved = entry.what
        if not isinstance(saved, Saved):
            continue
        if hashlib.sha256(saved.text).hexdigest() != saved.sha256:
            yield Oddity(entry.number, "its text has another hash")
        if entry.elapsed > limit + GRACE:
            yield Oddity(entry.number, "it was saved when the time was up")


def _end(entries: Sequence[Entry], hashes: Sequence[str]) -> Iterator[Oddity]:
    told = list(entries)
    saves, finals = only(told, Saved), only(told, Final)
    graded = {each.sha256 for each in only(told, Graded)}
    if len(only(told, Ended)) > 1:
        yield Oddity(len(told), "it ended more than once")
    if not only(told, Ended):
        return
    if saves and [each.seed for each in finals] != fresh_seeds(entries, hashes):
        yield Oddity(
            len(told),
            f"the last save was not graded on the {FRESH_SEEDS} sets of cases that follow "
            "from the log",
        )
    for entry in entries:
        if isinstance(entry.what, Saved) and entry.what.sha256 not in graded:
            yield Oddity(entry.number, "this save has no verdict")
