"""The learner's verbs: hints, progress, solutions, the stub put back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.practice.progress import Progress
from tests.grader.cli.conftest import Engine, Run
from tests.grader.feedback.samples import verdict

Captured = pytest.CaptureFixture[str]

FIRST_HINT = """\
at most `limit` fetches run at once

Hint 1 of 2
  a nudge

  More     kata hint semaphore --law at-most-limit   the next hint of this law
  Next     kata test semaphore     which laws hold now
"""
LAST_HINT = """\
at most `limit` fetches run at once

Hint 2 of 2
  a near-answer

  Ours     kata solution semaphore --give-up   our answers
  Next     kata test semaphore     which laws hold now
"""
PROGRESS = """\
0 of 2 katas · 0 of 200 points
··········································································    0%

Limits and time
  ○ semaphore  ○ time_limit

✓ every law holds   ✗ points so far   ○ not begun

  Next     kata start semaphore    level 2, about 25 minutes
"""
CLOSED = """\
It opens when every law of semaphore has held once.

  Hint   kata hint semaphore
  Else   kata solution semaphore --give-up
"""
SOLUTION = '''\
"""A semaphore held by each task."""

Other ways
  workers
    A few workers share a queue: no task waits.

  Read     kata solution semaphore workers   one of them
'''
START = """\
At most N at a time · level 2 · about 25 minutes

Fetch many pages.

  Read     kata show semaphore     what it asks for
  Edit     katas/semaphore/semaphore.py
  Test     kata test semaphore     which laws your file keeps
  Loop     kata watch semaphore    the same at each save
"""


def test_hints_go_one_step_a_call_and_stay_at_the_last(
    run: Run, house: Path, capsys: Captured
) -> None:
    shown = []
    for _ in range(3):
        assert run("hint", "semaphore") == 0
        shown.append(capsys.readouterr())

    assert shown == [(FIRST_HINT, ""), (LAST_HINT, ""), (LAST_HINT, "")]


def test_a_hint_for_another_law_begins_at_its_first(
    run: Run, house: Path, capsys: Captured
) -> None:
    run("hint", "semaphore")
    capsys.readouterr()

    assert run("hint", "semaphore", "--law", "nothing-left", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "asyncio-katas/hint/1",
        "kata": "semaphore",
        "law": "nothing-left",
        "says": "nothing is left running",
        "step": 1,
        "steps": 1,
        "hint": "a nudge",
    }


def test_a_hint_is_given_where_nothing_can_be_kept(
    run: Run, house: Path, capsys: Captured
) -> None:
    (house / "progress.jsonl").mkdir()

    assert run("hint", "semaphore") == 0
    out, err = capsys.readouterr()
    assert out == FIRST_HINT
    assert err == (
        f"progress is not kept: {house}/progress.jsonl cannot be written: "
        "Is a directory\n"
    )


def test_progress_before_the_first_kata(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("progress") == 0
    assert capsys.readouterr() == (PROGRESS, "")


def test_progress_in_ascii_has_no_other_character(
    run: Run, house: Path, capsys: Captured
) -> None:
    run("progress", "--ascii")

    assert capsys.readouterr().out.isascii()


def test_a_graded_file_counts_until_it_is_another(
    run: Run, house: Path, engine: Engine, capsys: Captured
) -> None:
    run("test", "semaphore", "--json")
    capsys.readouterr()
    (house / "katas/semaphore/semaphore.py").write_text("# another\n")

    run("progress", "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["katas"][0]["changed"]


@pytest.mark.parametrize("words", [["--file", "mine.py"], ["--law", "nothing-left"]])
def test_only_the_own_file_on_all_laws_counts(
    words: list[str], run: Run, house: Path, engine: Engine
) -> None:
    (house / "mine.py").write_text("x = 1\n")

    run("test", "semaphore", *words)

    assert not (house / "progress.jsonl").exists()


def test_a_fault_of_ours_says_nothing_of_progress(
    run: Run, house: Path, engine: Engine
) -> None:
    engine.status = "fault"

    run("test", "semaphore")

    assert not (house / "progress.jsonl").exists()


def solve(house: Path) -> None:
    folder = house / "solutions/semaphore"
    folder.mkdir(parents=True)
    (folder / "reference.py").write_text('"""A semaphore held by each task."""\n')
    (folder / "workers.py").write_text(
        '"""A few workers share a queue:\nno task waits.\n\nMore."""\n'
    )


def test_a_solution_is_closed_before_a_pass(
    run: Run, house: Path, capsys: Captured
) -> None:
    solve(house)

    assert run("solution", "semaphore") == 1
    assert capsys.readouterr() == ("", CLOSED)


def test_a_solution_opens_after_a_pass(run: Run, house: Path, capsys: Captured) -> None:
    solve(house)
    Progress(house).graded(verdict([]))

    assert run("solution", "semaphore") == 0
    assert capsys.readouterr() == (SOLUTION, "")


def test_who_gives_up_once_may_look_again(
    run: Run, house: Path, capsys: Captured
) -> None:
    solve(house)
    run("solution", "semaphore", "--give-up")
    capsys.readouterr()

    assert run("solution", "semaphore", "workers") == 0
    assert capsys.readouterr().out.startswith('"""A few workers share a queue:\n')
    assert Progress(house).of("semaphore").given_up


def test_a_solution_that_is_not_there_is_told(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("solution", "semaphore", "--give-up") == 2
    assert capsys.readouterr().err == (
        "no solution of semaphore is kept in this folder\n"
    )


def test_reset_puts_the_stub_back_and_keeps_the_text(
    run: Run, house: Path, capsys: Captured
) -> None:
    folder = house / "katas/semaphore"
    (folder / ".stub.py").write_text("# the stub\n")
    for text in ("# mine\n", "# mine again\n"):
        (folder / "semaphore.py").write_text(text)
        assert run("reset", "semaphore") == 0

    assert (folder / "semaphore.py").read_text() == "# the stub\n"
    kept = sorted((house / "build/reset").iterdir())
    assert [each.read_text() for each in kept] == ["# mine\n", "# mine again\n"]
    assert capsys.readouterr().out.endswith(
        "katas/semaphore/semaphore.py is the stub again.\n"
        "Your text is in build/reset/semaphore-2.py\n"
    )


def test_reset_without_a_first_stub_changes_nothing(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("reset", "semaphore") == 2
    assert capsys.readouterr() == (
        "",
        "katas/semaphore/.stub.py is missing: what the stub was is not known.\n",
    )


def test_start_names_the_next_kata_and_what_to_type(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("start") == 0
    assert capsys.readouterr() == (START, "")


def test_start_in_ascii_has_no_other_character(
    run: Run, house: Path, capsys: Captured
) -> None:
    run("start", "semaphore", "--ascii")

    assert capsys.readouterr().out.isascii()


def test_start_brings_a_lost_file_back(run: Run, house: Path) -> None:
    folder = house / "katas/semaphore"
    (folder / ".stub.py").write_text("# the stub\n")
    (folder / "semaphore.py").unlink()

    run("start", "semaphore")

    assert (folder / "semaphore.py").read_text() == "# the stub\n"


@pytest.mark.parametrize(
    ("body", "code"), [("assert 1 == 1", 0), ("assert 1 == 2", 1)], ids=["pass", "fail"]
)
def test_examples_end_as_pytest_does(
    body: str, code: int, run: Run, house: Path
) -> None:
    (house / "katas/semaphore/test_examples.py").write_text(
        f"def test_it():\n    {body}\n"
    )

    assert run("examples", "semaphore") == code


def test_a_kata_without_examples_says_so(
    run: Run, house: Path, capsys: Captured
) -> None:
    assert run("examples", "semaphore") == 2
    assert capsys.readouterr().err == (
        "semaphore has no examples: test_examples.py is missing.\n"
    )


def test_without_a_broken_law_there_is_no_trace(
    run: Run, house: Path, engine: Engine, capsys: Captured
) -> None:
    assert run("trace", "semaphore") == 0
    assert capsys.readouterr() == (
        "",
        "No law was broken in a run that can be drawn: there is no trace.\n",
    )


def test_where_there_is_nothing_to_advise_it_says_so(
    run: Run, house: Path, engine: Engine, capsys: Captured
) -> None:
    run("test", "semaphore", "--advice")

    assert capsys.readouterr().out == (
        "semaphore: pass\n\n  Advice   none: the rules find nothing.\n"
    )


def test_a_stub_that_cannot_be_put_back_is_told(
    run: Run, house: Path, capsys: Captured
) -> None:
    folder = house / "katas/semaphore"
    (folder / ".stub.py").write_text("# the stub\n")
    (house / "build").write_text("")

    assert run("reset", "semaphore") == 4
    assert capsys.readouterr().err == (
        f"{house}/build/reset cannot be written: Not a directory. Make room, or see who "
        "may write there.\n"
    )
    assert (folder / "semaphore.py").read_text() == "async def fetch_limited(): ...\n"
