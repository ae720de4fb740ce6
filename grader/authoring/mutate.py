"""How strong are a kata's hidden tests? Grade the mutants of our own answer.

A mutant that is told from the right answer is *killed*; one that gets full points has
*survived*, unless `solutions/<slug>/equivalent.toml` says why it is no mistake at all:

    [[mutants]]
    id = "1a2b3c4d"
    why = "the list is empty here, whichever branch is taken"
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grader.authoring.mutants import Mutant, mutants
from grader.catalogue import Kata, MalformedKata
from grader.judge.grade import Request, close, grade_each
from grader.submission import Submission
from grader.verdict import Verdict

EQUIVALENT = "equivalent.toml"
MOST_EQUIVALENT = 0.1
"""The share of a kata's mutants that may be marked as no mistakes."""


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that is no mistake, and why."""

    id: str
    why: str


class _Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mutants: list[Equivalent]


@dataclass
class Strength:
    """What became of a kata's mutants. `broken` counts, by law, which of them it caught."""

    kata: Kata
    killed: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)
    faults: list[tuple[Mutant, str]] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share of those that are mistakes which were killed, from 0 to 1."""
        counted = len(self.killed) + len(self.survived) + len(self.faults)
        return len(self.killed) / counted if counted else 1.0


def measure(kata: Kata) -> Strength:
    """Grade every mutant of a kata's reference, and end the sandbox of this process."""
    try:
        return mutate(kata)
    finally:
        close()


def mutate(
    kata: Kata, done: Callable[[Mutant, Verdict], None] | None = None
) -> Strength:
    """Grade every mutant of a kata's reference.

    Raises `MalformedKata` where `equivalent.toml` names what is no mutant, or too many.
    """
    source = kata.solutions.joinpath("reference.py").read_text(encoding="utf-8")
    made = mutants(source)
    marked = _marked(kata, made)
    strength = Strength(kata, equivalent=[each for each in made if each.id in marked])
    graded = [each for each in made if each.id not in marked]
    waiting = iter(graded)

    def take(verdict: Verdict) -> None:
        mutant = next(waiting)
        _count(strength, mutant, verdict)
        if done is not None:
            done(mutant, verdict)

    requests = [Request(kata, _submission(each), shrink=False) for each in graded]
    grade_each(requests, take)
    return strength


def _submission(mutant: Mutant) -> Submission:
    data = mutant.source.encode()
    name = f"mutant_{mutant.id}.py"
    return Submission(name, Path(name), data, hashlib.sha256(data).hexdigest())


def _count(strength: Strength, mutant: Mutant, verdict: Verdict) -> None:
    if verdict.status == "fault":
        lost = [law.message for law in verdict.laws if law.outcome == "fault"]
        why = verdict.problem.message if verdict.problem is not None else "".join(lost)
        strength.faults.append((mutant, why))
    elif verdict.status == "pass":
        strength.survived.append(mutant)
    else:
        strength.killed.append(mutant)
        for law in verdict.laws:
            if law.outcome != "holds":
                strength.broken[law.id] = strength.broken.get(law.id, 0) + 1


def _marked(kata: Kata, made: list[Mutant]) -> set[str]:
    path = kata.solutions / EQUIVALENT
    shown = path.relative_to(kata.root)
    if not path.exists():
        return set()
    try:
        listed = msgspec.toml.decode(path.read_bytes(), type=_Marked).mutants
    except msgspec.DecodeError as error:
        raise MalformedKata(shown, [str(error)]) from None
    known = {each.id for each in made}
    complaints = [
        f"there is no mutant {each.id} (any more); take it out"
        for each in listed
        if each.id not in known
    ]
    complaints += [f"{each.id}: say why" for each in listed if not each.why.strip()]
    if len(listed) > max(1, MOST_EQUIVALENT * len(made)):
        complaints.append(
            f"{len(listed)} of {len(made)} mutants are marked; at most one in ten may be"
        )
    if complaints:
        raise MalformedKata(shown, complaints)
    return {each.id for each in listed}
