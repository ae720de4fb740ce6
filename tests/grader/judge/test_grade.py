from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from grader.catalogue import find, root
from grader.judge import warm
from grader.judge.bench import Bench
from grader.judge.drive import PlayerFault
from grader.judge.grade import Request, close, grade_all
from grader.judge.judging import last_line
from grader.submission import read
from grader.verdict import Verdict


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Traceback:\n  line 1\nKeyError: 'x'\n", "KeyError: 'x'"),
        ("", "it did not say how"),
        ("\n \n", "it did not say how"),
        ("x" * 1000, "x" * 200),
    ],
)
def test_of_any_account_of_a_fault_one_line_is_told(said: str, told: str) -> None:
    assert last_line(PlayerFault(said)) == told


KATA = "hello_await"


@pytest.fixture(autouse=True)
def cold() -> Iterator[None]:
    yield
    close()


def requests(*names: str) -> list[Request]:
    kata = find(KATA, root())
    return [
        Request(kata, read(kata.solutions / name), isolation="process")
        for name in names
    ]


def told(verdict: Verdict) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(verdict, seconds=0.0))


WRONG, RIGHT = "wrong/helper_task.py", "reference.py"


def kill_the_zygote_after(
    monkeypatch: pytest.MonkeyPatch, runs: int, times: int
) -> None:
    """Have the zygote end by itself after so many runs, and so many times."""
    counts = {"runs": 0, "killed": 0}
    run = Bench.run

    def counted(bench: Bench, *given: Any) -> Any:
        counts["runs"] += 1
        if counts["runs"] % runs == 0 and counts["killed"] < times:
            counts["killed"] += 1
            zygote = bench._sandbox._process
            assert zygote is not None
            zygote.kill()
            zygote.wait()
            bench.close()
            bench._sandbox.player()
        return run(bench, *given)

    monkeypatch.setattr(Bench, "run", counted)


def test_a_sandbox_that_has_served_long_is_replaced_between_two_gradings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_ever = grade_all(requests(WRONG, RIGHT, WRONG))
    close()
    monkeypatch.setattr(warm, "MAX_SUBMISSIONS", 1)

    assert list(map(told, grade_all(requests(WRONG, RIGHT, WRONG)))) == list(
        map(told, as_ever)
    )


def test_a_sandbox_that_fails_once_changes_no_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_ever = grade_all(requests(WRONG))
    kill_the_zygote_after(monkeypatch, runs=20, times=1)

    assert list(map(told, grade_all(requests(WRONG)))) == list(map(told, as_ever))


def test_a_sandbox_that_fails_again_is_our_fault_and_the_next_grading_has_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kill_the_zygote_after(monkeypatch, runs=20, times=2)

    failed, right = grade_all(requests(WRONG, RIGHT))

    assert failed.status == "fault"
    assert failed.problem is not None
    assert failed.problem.reason == "grader error"
    assert (right.status, right.points) == ("pass", 100)


def test_what_our_answer_did_on_the_same_inputs_stands_beside_it() -> None:
    wanted = Request(
        find("semaphore", root()),
        read(find("semaphore", root()).solutions / "wrong/batches.py"),
        laws=("free-slot-used",),
        isolation="process",
    )

    (law,) = grade_all([wanted])[0].laws

    assert law.timeline is not None
    assert law.ours is not None
    theirs, ours = (
        {lane.label: lane.start for lane in each.lanes}
        for each in (law.timeline, law.ours)
    )
    assert theirs.keys() == ours.keys()
    assert ours["fetch('page-3')"] < theirs["fetch('page-3')"]
    assert (law.ours.limit, law.ours.broken_from) == (law.timeline.limit, None)
