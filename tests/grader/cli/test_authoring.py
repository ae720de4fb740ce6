"""The verbs for those who write katas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.authoring import check, mutate
from grader.authoring.mutants import mutants
from grader.authoring.mutate import Strength
from grader.catalogue import Kata

if TYPE_CHECKING:
    from tests.grader.cli.conftest import Run

Captured = pytest.CaptureFixture[str]

SOURCE = "async def f(x):\n    if x < 1:\n        raise ValueError\n    await x\n"
MADE = mutants(SOURCE)


def test_a_kata_that_keeps_its_contract_is_told_so(
    run: Run, house: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "check", lambda *_, **__: [])

    assert run("check", "semaphore") == 0
    assert capsys.readouterr() == ("semaphore: everything holds\n", "")


def test_all_katas_are_checked_and_each_fault_is_told(
    run: Run, house: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"semaphore": ["README.md: there is no section Task"], "time_limit": []}
    monkeypatch.setattr(check, "check", lambda kata, **_: told[kata.slug])

    assert run("check") == 1
    assert capsys.readouterr() == (
        "time_limit: everything holds\n",
        "semaphore: README.md: there is no section Task\n",
    )


@pytest.fixture
def strengths(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many of each kata's mutants survive; the others are killed."""
    survive: dict[str, int] = {}

    def fake(kata: Kata) -> Strength:
        count = survive.get(kata.slug, 0)
        return Strength(kata, MADE[count:], MADE[:count])

    monkeypatch.setattr(mutate, "mutate", fake)
    return survive


def test_what_survives_is_shown_with_its_change(
    run: Run, house: Path, capsys: Captured, strengths: dict[str, int]
) -> None:
    strengths["semaphore"] = 1

    assert run("mutate", "semaphore") == 1

    out = capsys.readouterr().out
    assert f"semaphore: survived {MADE[0].id}: {MADE[0].what}\n  " in out
    total = len(MADE)
    assert (
        f"semaphore: {total - 1} killed, 1 survived, 0 equivalent, 0 our fault" in out
    )
    share = (total - 1) / total
    assert out.endswith(f"All: {share:.1%} of the mistakes are killed.\n")


def test_all_katas_stand_in_one_table(
    run: Run, house: Path, capsys: Captured, strengths: dict[str, int]
) -> None:
    assert run("mutate", "--all", "--quiet") == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[:4]] == [
        "kata",
        "-" * len("time_limit"),
        "semaphore",
        "time_limit",
    ]
    assert lines[-1] == "All: 100.0% of the mistakes are killed."


def test_without_a_name_it_is_asked_for(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("mutate") == 2
    assert capsys.readouterr().err == "Which kata? Name one, or say --all.\n"
