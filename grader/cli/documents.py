"""What `kata list --json` and `kata show --json` print."""

from __future__ import annotations

from typing import Literal

import msgspec

from grader.catalogue import TRACKS, Kata, Law
from grader.verdict import Evidence, Kind


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
        test=f"kata test {kata.slug}",
        readme=readme,
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
