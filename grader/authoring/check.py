"""Hold a kata against its contract.

Every right answer gets full points, every wrong one breaks the law that its first line
names and has exactly the outcomes that stand in `outcomes.toml`, the stub and an empty
body get nothing, each law is broken by some wrong answer. `--write` writes
`outcomes.toml` anew, to be read and committed.
"""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from grader.authoring import examples, texts
from grader.catalogue import Kata
from grader.judge.grade import Request, grade_all
from grader.submission import Submission, read
from grader.verdict import LawVerdict, Verdict

OUTCOMES = "outcomes.toml"
BREAKS = re.compile(r"# breaks ([a-z0-9-]+): \S")


SEEDS = 2
"""With so many draws of its cases a kata is graded, unless told otherwise."""


FEW = 4
"""Drawn cases of each test where it has to be quick."""


def check_right(kata: Kata, *, quick: bool = False) -> list[str]:
    """Return what is wrong with the right answers, the stub and an empty body only.

    `quick` plays few drawn cases.
    """
    right = _right(kata)
    answers = [*map(read, right), read(kata.stub), empty(kata)]
    verdicts = _graded(kata, answers, draws=FEW if quick else None)
    return [*_must_all_pass(right, verdicts), *_must_both_get_nothing(verdicts[-2:])]


def check_quickly(kata: Kata) -> list[str]:
    """Return what is wrong with the texts and the right answers, a sentence each.

    Of a wrong answer only those laws are judged that it takes to tell what is wrong with
    it: the law that it names is broken, and its diagnosis told.
    """
    if unmatched := list(texts.unmatched(kata)):
        return unmatched
    verdicts = grade_all(
        [
            Request(kata, read(path), shrink=False, laws=_at_stake(kata, path))
            for path in _wrong(kata)
        ]
    )
    wrong = dict(zip(_wrong(kata), verdicts, strict=True))
    complaints = [*texts.faults(kata), *examples.faults(kata), *_enough(kata)]
    complaints += check_right(kata)
    for path, verdict in wrong.items():
        complaints += _must_break(path, verdict)
    return complaints + list(_each_is_explained(kata, wrong))


def check(kata: Kata, *, write: bool = False, seeds: int = SEEDS) -> list[str]:
    """Return what is wrong with a kata, a sentence each.

    With more than one of `seeds`, no verdict may differ from that of seed 0.
    """
    if unmatched := list(texts.unmatched(kata)):
        return unmatched
    answers = [read(path) for path in _right(kata) + _wrong(kata)]
    answers += [read(kata.stub), empty(kata)]
    verdicts = _graded(kata, answers)
    by_name = {verdict.submission.name: verdict for verdict in verdicts}
    wrong = {path: by_name[read(path).name] for path in _wrong(kata)}
    if faulty := [each for each in verdicts if each.status == "fault"]:
        return [_our_fault(each) for each in faulty]
    if write:
        _write_outcomes(kata, wrong)
    complaints = [*texts.faults(kata), *examples.faults(kata), *_enough(kata)]
    complaints += _must_all_pass(_right(kata), verdicts)
    complaints += _must_both_get_nothing(verdicts[-2:])
    for path, verdict in wrong.items():
        complaints += _must_break(path, verdict)
    complaints += _each_is_explained(kata, wrong)
    complaints += _each_law_is_broken(kata, wrong)
    complaints += _outcomes(kata, wrong)
    for seed in range(1, seeds):
        complaints += _must_not_differ(verdicts, _graded(kata, answers, seed), seed)
    return complaints


def _at_stake(kata: Kata, path: Path) -> tuple[str, ...]:
    """Return the laws that a wrong answer names, and those that its diagnoses look at."""
    named = BREAKS.match(path.read_text(encoding="utf-8"))
    found = {named[1]} if named else set()
    for each in kata.diagnoses:
        if path.stem in each.answers:
            found |= {each.law, *each.broken, *each.held}
    return tuple(law.id for law in kata.laws if law.id in found)


def _graded(
    kata: Kata, answers: list[Submission], seed: int = 0, draws: int | None = None
) -> list[Verdict]:
    return grade_all(
        [
            Request(kata, answer, seed=seed, shrink=False, draws=draws)
            for answer in answers
        ]
    )


# --- the answers --------------------------------------------------------------


def _right(kata: Kata) -> list[Path]:
    return sorted(kata.solutions.glob("*.py"))


def _wrong(kata: Kata) -> list[Path]:
    return sorted(kata.solutions.glob("wrong/*.py"))


def empty(kata: Kata) -> Submission:
    """Return the stub with every body emptied."""
    tree = ast.parse(kata.stub.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Pass()]
    source = ast.unparse(tree).encode()
    digest = hashlib.sha256(source).hexdigest()
    return Submission("an empty body", kata.stub, source, digest)


# --- what must be true of each ------------------------------------------------


def _must_all_pass(right: list[Path], verdicts: list[Verdict]) -> Iterator[str]:
    for path, verdict in zip(right, verdicts, strict=False):
        yield from _must_pass(path, verdict)


def _must_both_get_nothing(verdicts: list[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        yield from _must_get_nothing(verdict)


def _must_pass(path: Path, verdict: Verdict) -> Iterator[str]:
    if verdict.status == "pass" and verdict.points == verdict.max_points:
        return
    yield f"{path.name}: a right answer got {verdict.points} points{_first_lost(verdict)}"


def _must_get_nothing(verdict: Verdict) -> Iterator[str]:
    name = verdict.submission.name
    if verdict.points:
        held = ", ".join(law.id for law in verdict.laws if law.points)
        yield f"{name}: got {verdict.points} points for {held}"
    if verdict.status != "fail":
        yield f"{name}: status is {verdict.status}, not fail{_first_lost(verdict)}"


def _each_is_explained(kata: Kata, wrong: dict[Path, Verdict]) -> Iterator[str]:
    """Yield each wrong answer that is not told what is wrong with it."""
    for path, verdict in wrong.items():
        own = {each.text for each in kata.diagnoses if path.stem in each.answers}
        told = {law.id: law.diagnosis for law in verdict.laws if law.diagnosis}
        if not own:
            yield f'kata.toml: no diagnosis has "{path.stem}" among its answers'
        elif not own & set(told.values()):
            others = ", ".join(f"that of {law}" for law in told) or "none"
            yield (
                f"wrong/{path.name}: its diagnosis is not told, but {others}; let its "
                "[[diagnoses]] in kata.toml fit what it breaks"
            )
    known = {path.stem for path in wrong}
    for each in kata.diagnoses:
        for name in each.answers:
            if name not in known:
                yield f"kata.toml: a diagnosis of {each.law} names no wrong/{name}.py"


def _must_break(path: Path, verdict: Verdict) -> Iterator[str]:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    named = BREAKS.match(first)
    if named is None:
        yield f'wrong/{path.name}: line 1 must read "# breaks <law>: <the mistake>"'
        return
    law = next((each for each in verdict.laws if each.id == named[1]), None)
    if law is None:
        yield f"wrong/{path.name}: there is no law {named[1]}{_first_lost(verdict)}"
    elif law.outcome not in {"broken", "out of time"}:
        held = "holds" if law.outcome == "holds" else f"is {law.outcome}"
        yield (
            f"wrong/{path.name}: {law.id}, which it is to break, {held}; make the mistake, "
            f"or name the law that it breaks in line 1{_first_lost(verdict)}"
        )


def _must_not_differ(
    verdicts: list[Verdict], others: list[Verdict], seed: int
) -> Iterator[str]:
    for one, other in zip(verdicts, others, strict=True):
        for law, again in zip(one.laws, other.laws, strict=True):
            # The reason is that of the first case that broke it, which may be another.
            if law.outcome != again.outcome:
                yield (
                    f"{one.submission.name}: {law.id} is {law.outcome} with seed 0, "
                    f"{again.outcome} with seed {seed}; add an example that settles it"
                )


def _our_fault(verdict: Verdict) -> str:
    law = next((law for law in verdict.laws if law.outcome == "fault"), None)
    said = f": {law.id}: {law.message}" if law else _first_lost(verdict)
    return f"{verdict.submission.name}: our fault{said}"


def _first_lost(verdict: Verdict) -> str:
    if verdict.problem is not None:
        return f": {verdict.problem.message}"
    lost = next((law for law in verdict.laws if law.outcome != "holds"), None)
    return f": {lost.id} is {lost.outcome}: {lost.message}" if lost else ""


def _each_law_is_broken(kata: Kata, wrong: dict[Path, Verdict]) -> list[str]:
    broken = {
        law.id
        for verdict in wrong.values()
        for law in verdict.laws
        if law.outcome in {"broken", "out of time"}
    }
    return [
        f"law {law.id}: no wrong answer breaks it"
        for law in kata.laws
        if law.id not in broken
    ]


# --- stored outcomes ----------------------------------------------------------


def outcome_of(law: LawVerdict) -> str:
    """Return what `outcomes.toml` keeps of a law: the outcome, and its reason if any."""
    if law.reason in {"", "behaviour", "never arose"}:
        return law.outcome
    return f"{law.outcome}: {law.reason}"


def vector(verdict: Verdict) -> dict[str, str]:
    """Return what `outcomes.toml` keeps of a verdict: each law that does not hold."""
    return {law.id: outcome_of(law) for law in verdict.laws if law.outcome != "holds"}


def _write_outcomes(kata: Kata, wrong: dict[Path, Verdict]) -> None:
    lines = ["# What each wrong answer does to the laws; those not named hold."]
    for path, verdict in wrong.items():
        lines += ["", f"[{path.stem}]"]
        lines += [f'{law} = "{text}"' for law, text in vector(verdict).items()]
    kata.solutions.joinpath(OUTCOMES).write_text(
        "\n".join(lines) + "\n", encoding="utf-8"
    )


def stored_outcomes(kata: Kata) -> dict[str, dict[str, str]]:
    """Return the vector of each wrong answer, by its name, as it was stored."""
    try:
        return tomllib.loads(
            kata.solutions.joinpath(OUTCOMES).read_text(encoding="utf-8")
        )
    except OSError:
        return {}


def _outcomes(kata: Kata, wrong: dict[Path, Verdict]) -> list[str]:
    stored = stored_outcomes(kata)
    complaints = [
        f"wrong/{path.name}: outcomes are {vector(verdict)}, stored are "
        f"{stored.get(path.stem)}; if they are right, kata check --write {kata.slug}"
        for path, verdict in wrong.items()
        if stored.get(path.stem) != vector(verdict)
    ]
    known = {path.stem for path in wrong}
    complaints += [
        f"{OUTCOMES}: there is no wrong/{name}.py"
        for name in stored
        if name not in known
    ]
    return complaints


# --- enough of them -----------------------------------------------------------


def _enough(kata: Kata) -> Iterator[str]:
    if len(_right(kata)) < 3:  # noqa: PLR2004
        yield "solutions: a reference and two other right answers are wanted"
    if len(_wrong(kata)) < 5:  # noqa: PLR2004
        yield "solutions/wrong: at least five wrong answers are wanted"
