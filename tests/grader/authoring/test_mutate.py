"""What becomes of a kata's mutants."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring import mutate as module
from grader.authoring.mutants import mutants
from grader.authoring.mutate import mutate
from grader.catalogue import Kata, Law, MalformedKata, Need
from grader.judge.grade import Request
from grader.verdict import Status, Verdict
from tests.grader.cli import conftest as cli

SOURCE = "\n".join(f"async def f{n}(x):\n    return x < {n}\n" for n in range(8))
MADE = mutants(SOURCE)


@pytest.fixture
def kata(tmp_path: Path) -> Kata:
    folder = tmp_path / "solutions" / "small"
    folder.mkdir(parents=True)
    (folder / "reference.py").write_text(SOURCE)
    return Kata(
        slug="small",
        root=tmp_path,
        title="Small",
        summary="A kata for tests.",
        track="foundations",
        level=1,
        minutes=1,
        needs=(),
        topics=(),
        interface=(Need("f0", "async"),),
        laws=(Law("a", "a law", "correctness", "judge", 100, ("a hint",)),),
    )


@pytest.fixture
def fates(monkeypatch: pytest.MonkeyPatch) -> dict[str, Status]:
    """What becomes of mutants, by id; the others fail."""
    told: dict[str, Status] = {}

    def grade_each(requests: list[Request], take: Callable[[Verdict], object]) -> None:
        for request in requests:
            match = re.fullmatch(r"mutant_(\w+)\.py", request.submission.name)
            assert match is not None
            wanted = cli.Request(request.kata, request.submission)
            take(cli.verdict(wanted, told.get(match[1], "fail")))

    monkeypatch.setattr(module, "grade_each", grade_each)
    return told


def mark(kata: Kata, *ids: str, why: str = "both are the same here") -> None:
    rows = [f'[[mutants]]\nid = "{each}"\nwhy = "{why}"\n' for each in ids]
    (kata.solutions / "equivalent.toml").write_text("".join(rows))


def test_mutants_are_killed_survive_or_are_our_fault(
    kata: Kata, fates: dict[str, Status]
) -> None:
    fates |= {MADE[0].id: "pass", MADE[1].id: "fault", MADE[2].id: "unloadable"}

    found = mutate(kata)

    assert found.survived == [MADE[0]]
    assert [mutant for mutant, _ in found.faults] == [MADE[1]]
    assert found.killed == MADE[2:]
    assert found.share == (len(MADE) - 2) / len(MADE)


def test_what_is_marked_as_no_mistake_is_not_graded(
    kata: Kata, fates: dict[str, Status]
) -> None:
    fates[MADE[0].id] = "pass"
    mark(kata, MADE[0].id)

    found = mutate(kata)

    assert (found.equivalent, found.survived, found.share) == ([MADE[0]], [], 1.0)


def test_marks_must_name_mutants_give_reasons_and_be_few(
    kata: Kata, fates: dict[str, Status]
) -> None:
    mark(kata, "nowhere0", *(each.id for each in MADE[:4]), why=" ")
    with pytest.raises(MalformedKata) as caught:
        mutate(kata)

    told = str(caught.value).split("\n")
    file = "solutions/small/equivalent.toml: "
    assert f"{file}there is no mutant nowhere0 (any more); take it out" in told
    assert f"{file}{MADE[0].id}: say why" in told
    assert told[-1] == (
        f"{file}5 of {len(MADE)} mutants are marked; at most one in ten may be"
    )
