"""What `kata list`, `kata show` and `kata doctor` print with `--json`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Literal

import msgspec

from grader.catalogue import TRACKS, Kata, Law
from grader.verdict import Evidence, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.judge.selftest import Finding
    from grader.practice.hints import Hint
    from grader.practice.overview import Overview
    from grader.sandbox.capabilities import Capability
    from grader.sandbox.levels import Layer


class Entry(msgspec.Struct, frozen=True):
    """One kata of the list. `needs` are slugs, `minutes` what it takes about."""

    slug: str
    title: str
    summary: str
    track: str
    level: int
    minutes: int
    needs: list[str]
    topics: list[str]


class Track(msgspec.Struct, frozen=True):
    """A stretch of the learning order that has a name."""

    slug: str
    title: str


class Listing(msgspec.Struct, frozen=True):
    """Every kata, in learning order."""

    schema: Literal["asyncio-katas/list/1"]
    tracks: list[Track]
    katas: list[Entry]


class ShownLaw(msgspec.Struct, frozen=True):
    """One law; `hints` is how many there are."""

    id: str
    says: str
    kind: Kind
    evidence: Evidence
    points: int
    hints: int


class Statement(msgspec.Struct, frozen=True):
    """One kata: `readme` is its statement in Markdown, `file` what the learner edits."""

    schema: Literal["asyncio-katas/kata/1"]
    kata: Entry
    laws: list[ShownLaw]
    file: str
    test: str
    readme: str


class Hinted(msgspec.Struct, frozen=True):
    """One hint of a law: number `step` of `steps`."""

    schema: Literal["asyncio-katas/hint/1"]
    kata: str
    law: str
    says: str
    step: int
    steps: int
    hint: str


class Standing(msgspec.Struct, frozen=True):
    """How far a learner is with one kata.

    `points` are those of the last verdict, `hints` how many were seen, `changed` says that
    the file is another one now.
    """

    kata: str
    state: Literal["passed", "begun", "not begun"]
    points: int
    hints: int
    given_up: bool
    changed: bool


class Progress(msgspec.Struct, frozen=True):
    """How far a learner is; `next` is the kata to go on with, "" when there is none."""

    schema: Literal["asyncio-katas/progress/1"]
    passed: int
    points: int
    possible: int
    katas: list[Standing]
    next: str


class Level(msgspec.Struct, frozen=True):
    """What a canary could do at one level; `why` is set if it could not be tried."""

    name: str
    holds: bool
    could: list[str]
    why: str


class Means(msgspec.Struct, frozen=True):
    """A layer of isolation; `lacks` is empty where it is there."""

    name: str
    lacks: str
    remedy: str


class Diagnosis(msgspec.Struct, frozen=True):
    """What walls a submission meets on this machine.

    `allowing` are the levels reached where a kata is allowed more, by what it is.
    """

    schema: Literal["asyncio-katas/doctor/1"]
    reached: str
    levels: list[Level]
    allowing: dict[str, str]
    layers: list[Means]


def listing(katas: list[Kata]) -> Listing:
    """Return the document of a list; tracks without a kata are left out."""
    used = {kata.track for kata in katas}
    tracks = [Track(slug, title) for slug, title in TRACKS.items() if slug in used]
    return Listing("asyncio-katas/list/1", tracks, [_entry(kata) for kata in katas])


def statement(kata: Kata, file: str, readme: str) -> Statement:
    """Return the document of one kata."""
    return Statement(
        schema="asyncio-katas/kata/1",
        kata=_entry(kata),
        laws=[_shown(law) for law in kata.laws],
        file=file,
        test=shlex.join(["kata", "test", *kata.named]),
        readme=readme,
    )


def hinted(kata: Kata, hint: Hint) -> Hinted:
    """Return the document of a hint."""
    return Hinted(
        "asyncio-katas/hint/1",
        kata.slug,
        hint.law.id,
        hint.law.says,
        hint.step,
        hint.steps,
        hint.text,
    )


def progress(found: Overview) -> Progress:
    """Return the document of how far a learner is."""
    place = found.next()
    return Progress(
        schema="asyncio-katas/progress/1",
        passed=found.passed,
        points=found.points,
        possible=found.possible,
        katas=[
            Standing(
                kata=each.kata.slug,
                state=each.state,
                points=each.standing.points,
                hints=sum(each.standing.hints.values()),
                given_up=each.standing.given_up,
                changed=each.changed,
            )
            for each in found.places
        ],
        next=place.kata.slug if place is not None else "",
    )


def _entry(kata: Kata) -> Entry:
    return Entry(
        slug=kata.slug,
        title=kata.title,
        summary=kata.summary,
        track=kata.track,
        level=kata.level,
        minutes=kata.minutes,
        needs=list(kata.needs),
        topics=list(kata.topics),
    )


def _shown(law: Law) -> ShownLaw:
    return ShownLaw(
        law.id, law.says, law.kind, law.evidence, law.points, len(law.hints)
    )


def diagnosis(
    findings: list[Finding], allowing: Mapping[Capability, str], layers: list[Layer]
) -> Diagnosis:
    """Return the document of what a self-test found, from the highest level down."""
    return Diagnosis(
        schema="asyncio-katas/doctor/1",
        reached=next(each.level for each in findings if each.holds),
        levels=[
            Level(each.level, each.holds, each.could, each.why) for each in findings
        ],
        allowing={str(each): level for each, level in allowing.items()},
        layers=[Means(each.name, each.lacks, each.remedy) for each in layers],
    )
