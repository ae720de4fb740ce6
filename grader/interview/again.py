"""The verdicts of a log, made anew: who can forge a log can forge what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.catalogue import Kata
from grader.interview import log
from grader.interview.log import Entry, Final, Graded, Saved, only
from grader.interview.session import Grade, last_save, submission_of
from grader.verdict import LawVerdict, Verdict


@dataclass(frozen=True)
class Difference:
    """An entry whose verdict is another one when its save is graded again."""

    number: int
    why: str


def differences(
    entries: Sequence[Entry], kata: Kata, grade: Grade
) -> Iterator[Difference]:
    """Grade every save anew; yield the entries that say something else."""
    everything = list(entries)
    texts = {each.sha256: each for each in only(everything, Saved)}
    seed = log.beginning(everything).seed
    for entry in entries:
        if isinstance(entry.what, Graded):
            saved, drawn = texts.get(entry.what.sha256), seed
        elif isinstance(entry.what, Final):
            saved, drawn = last_save(everything), entry.what.seed
        else:
            continue
        if saved is None:
            yield Difference(entry.number, "there is no save that it could be of")
            continue
        now = grade(submission_of(kata, saved), drawn)
        why = _difference(entry.what.verdict, now)
        if why:
            yield Difference(entry.number, why)


def _difference(then: Verdict, now: Verdict) -> str:
    """Return how two verdicts differ, in what the laws say; "" if they do not."""
    before, after = ({law.id: law for law in each.laws} for each in (then, now))
    found = [
        f"{name} is {_outcome(after, name)}, and not {_outcome(before, name)}"
        for name in dict.fromkeys([*after, *before])
        if _outcome(after, name) != _outcome(before, name)
    ]
    if not found and _worth(then) != _worth(now):
        found = [
            f"{now.status} with {now.points} points, and not {then.status} with {then.points}"
        ]
    return ", ".join(found)


def _outcome(laws: Mapping[str, LawVerdict], name: str) -> str:
    return laws[name].outcome if name in laws else "not there"


def _worth(verdict: Verdict) -> tuple[object, ...]:
    """Return what a verdict says beyond the outcomes of laws."""
    laws = [(law.id, law.says, law.points, law.max_points) for law in verdict.laws]
    about = verdict.kata, verdict.title, verdict.submission.sha256, verdict.corpus.seed
    return about, verdict.status, verdict.points, verdict.max_points, laws
