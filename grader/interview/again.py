"""The verdicts of a log, made anew: who can forge a log can forge what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.catalogue import Kata
from grader.interview import log
from grader.interview.log import Entry, Final, Graded, Saved, only
from grader.interview.session import Grade, fresh_seeds, last_save, submission_of
from grader.verdict import Verdict


@dataclass(frozen=True)
class Difference:
    """An entry whose verdict is another one when its save is graded again."""

    number: int
    why: str


def differences(
    entries: Sequence[Entry], hashes: Sequence[str], kata: Kata, grade: Grade
) -> Iterator[Difference]:
    """Grade every save anew; yield the entries that say something else."""
    everything = list(entries)
    texts = {each.sha256: each for each in only(everything, Saved)}
    seed = log.beginning(everything).seed
    fresh = fresh_seeds(entries, hashes)
    for entry in entries:
        if isinstance(entry.what, Graded):
            saved, drawn = texts.get(entry.what.sha256), seed
        elif isinstance(entry.what, Final):
            saved, drawn = last_save(everything), entry.what.seed
            if drawn not in fresh:
                yield Difference(
                    entry.number, f"seed {drawn} does not follow from the log"
                )
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
    before, after = ({law.id: law.outcome for law in each.laws} for each in (then, now))
    found = [
        f"{law} is {after.get(law, 'not there')}, and not {outcome}"
        for law, outcome in before.items()
        if after.get(law) != outcome
    ]
    if not found and (then.status, then.points) != (now.status, now.points):
        found = [
            f"{now.status} with {now.points} points, and not {then.status} with {then.points}"
        ]
    return ", ".join(found)
