"""What an interview amounts to: laws gained over time, every attempt, the last grading."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec

from grader.interview import log
from grader.interview.log import (
    Ended,
    Entry,
    Final,
    Graded,
    Left,
    Refused,
    Resumed,
    Saved,
    only,
)
from grader.interview.phrase import phrase
from grader.verdict import LawVerdict, Status, Verdict

SCHEMA: Literal["asyncio-katas/interview/1"] = "asyncio-katas/interview/1"


class Attempt(msgspec.Struct, frozen=True):
    """One save and its verdict; number 0 is the file as it was at the beginning.

    `held` are the laws that held, `gained` and `lost` those that did not, or did, in the
    attempt before. `changes` are the lines of a unified diff.
    """

    number: int
    entry: int
    elapsed: float
    sha256: str
    status: Status | None
    points: int
    held: list[str]
    gained: list[str]
    lost: list[str]
    changes: list[str]


class LawRecord(msgspec.Struct, frozen=True):
    """What became of a law.

    `gained` is when it held for the first time, in seconds, `holds` whether it does in the
    last attempt, `outcomes` what became of it in each attempt.
    """

    id: str
    says: str
    points: int
    gained: float | None
    holds: bool
    outcomes: list[str]


class FinalRun(msgspec.Struct, frozen=True):
    """The last save on cases that nobody had seen."""

    seed: int
    status: Status
    points: int
    broken: list[str]


class Pause(msgspec.Struct, frozen=True):
    """The program did not run; `left` says that the candidate had left it."""

    begins: float
    ends: float
    left: bool


class Refusal(msgspec.Struct, frozen=True):
    """The file could not be taken in at that moment, and why."""

    elapsed: float
    why: str


class Record(msgspec.Struct, frozen=True):
    """An interview.

    `minutes` is how long it could last, `lasted` how many seconds it did; `ended` is None
    while it goes on.
    """

    schema: Literal["asyncio-katas/interview/1"]
    kata: str
    title: str
    nonce: str
    minutes: float
    began: str
    lasted: float
    ended: Literal["finished", "time"] | None
    entries: int
    head: str
    phrase: str
    saves: int
    attempts: list[Attempt]
    laws: list[LawRecord]
    pauses: list[Pause]
    refused: list[Refusal]
    final: list[FinalRun]
    last: Verdict | None


def record(path: Path) -> Record:
    """Return what the log at `path` amounts to; raises `log.Unreadable`."""
    entries = log.read(path)
    head = log.hashes(path)[-1]
    began = log.beginning(entries)
    verdicts = {each.sha256: each.verdict for each in only(entries, Graded)}
    attempts = _attempts(entries, verdicts)
    saves = only(entries, Saved)
    last = verdicts.get(saves[-1].sha256) if saves else None
    ended = only(entries, Ended)
    titles = [verdict.title for verdict in verdicts.values()]
    return Record(
        SCHEMA,
        began.kata,
        titles[0] if titles else began.kata,
        began.nonce,
        began.minutes,
        entries[0].at,
        _lasted(entries),
        ended[0].how if ended else None,
        len(entries),
        head,
        _words(head),
        sum(attempt.number > 0 for attempt in attempts),
        attempts,
        _laws(attempts, saves, verdicts),
        _pauses(entries),
        [
            Refusal(entry.elapsed, entry.what.why)
            for entry in entries
            if isinstance(entry.what, Refused)
        ],
        [_final(each) for each in only(entries, Final)],
        last,
    )


def _words(head: str) -> str:
    try:
        return phrase(bytes.fromhex(head))
    except ValueError:
        return ""


def _lasted(entries: Sequence[Entry]) -> float:
    """Return the seconds until it ended, or until the last entry."""
    began = log.beginning(list(entries))
    ends = [each.elapsed for each in entries if isinstance(each.what, Ended)]
    return min(began.minutes * 60, (ends or [entries[-1].elapsed])[0])


def _attempts(entries: Sequence[Entry], verdicts: dict[str, Verdict]) -> list[Attempt]:
    attempts: list[Attempt] = []
    if len(entries) < 2:  # noqa: PLR2004 (its beginning alone)
        return attempts
    held: list[str] = []
    text = b""
    first = 0 if isinstance(entries[1].what, Saved) else 1
    for entry in entries:
        saved = entry.what
        if not isinstance(saved, Saved):
            continue
        verdict = verdicts.get(saved.sha256)
        now = _held(verdict) if verdict is not None else held
        attempts.append(
            Attempt(
                len(attempts) + first,
                entry.number,
                entry.elapsed,
                saved.sha256,
                verdict.status if verdict is not None else None,
                verdict.points if verdict is not None else 0,
                now,
                [law for law in now if law not in held],
                [law for law in held if law not in now],
                _changes(text, saved.text),
            )
        )
        held, text = now, saved.text
    return attempts


def _held(verdict: Verdict) -> list[str]:
    return [law.id for law in verdict.laws if law.outcome == "holds"]


def _changes(before: bytes, after: bytes) -> list[str]:
    old, new = (
        each.decode("utf-8", "replace").splitlines() for each in (before, after)
    )
    # The first two lines of a diff name the files.
    return list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]


def _laws(
    attempts: Sequence[Attempt],
    saves: Sequence[Saved],
    verdicts: dict[str, Verdict],
) -> list[LawRecord]:
    told = [verdicts[save.sha256] for save in saves if save.sha256 in verdicts]
    known: dict[str, LawVerdict] = {}
    for verdict in told:
        known |= {law.id: law for law in verdict.laws}
    return [_law(law, attempts, saves, verdicts) for law in known.values()]


def _law(
    law: LawVerdict,
    attempts: Sequence[Attempt],
    saves: Sequence[Saved],
    verdicts: dict[str, Verdict],
) -> LawRecord:
    outcomes = [_outcome(verdicts.get(save.sha256), law.id) for save in saves]
    gained = (each.elapsed for each in attempts if law.id in each.held)
    holds = outcomes[-1] == "holds"
    return LawRecord(
        law.id, law.says, law.max_points, next(gained, None), holds, outcomes
    )


def _outcome(verdict: Verdict | None, law: str) -> str:
    laws = verdict.laws if verdict is not None else []
    return next((each.outcome for each in laws if each.id == law), "not judged")


def _pauses(entries: Sequence[Entry]) -> list[Pause]:
    """Return when the program did not run: from its last sign of life until it was resumed."""
    return [
        Pause(before.elapsed, entry.elapsed, isinstance(before.what, Left))
        for before, entry in pairwise(entries)
        if isinstance(entry.what, Resumed)
    ]


def _final(final: Final) -> FinalRun:
    verdict = final.verdict
    broken = [law.id for law in verdict.laws if law.outcome != "holds"]
    return FinalRun(final.seed, verdict.status, verdict.points, broken)


def source(path: Path, sha256: str) -> bytes:
    """Return the text of a save; empty if there is none of that hash."""
    saves = only(log.read(path), Saved)
    return next((each.text for each in saves if each.sha256 == sha256), b"")
