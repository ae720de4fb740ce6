from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.verdict import Status, Verdict

if TYPE_CHECKING:
    from tests.grader.cli.conftest import Add, Engine, Run

Captured = pytest.CaptureFixture[str]


# --- exit codes ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"), [("pass", 0), ("fail", 1), ("unloadable", 3), ("fault", 4)]
)
def test_each_status_has_its_exit_code(
    run: Run, engine: Engine, capsys: Captured, status: Status, code: int
) -> None:
    engine.status = status

    assert run("test", "semaphore") == code
    assert capsys.readouterr() == (f"semaphore: {status}\n", "")


def test_an_unknown_kata_is_wrong_usage(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    assert run("test", "semafore") == 2
    assert capsys.readouterr() == (
        "",
        'no kata called "semafore"; did you mean "semaphore"?\n',
    )
    assert engine.calls == []


def test_an_unknown_law_is_wrong_usage(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    assert run("test", "semaphore", "--law", "at-most") == 2
    assert capsys.readouterr() == (
        "",
        'semaphore has no law called "at-most"; did you mean "at-most-limit"?\n',
    )
    assert engine.calls == []


def test_an_unknown_case_is_wrong_usage(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    engine.error = engine.UnknownCase("no case 1f is known here")

    assert run("test", "semaphore", "--case", "1f") == 2
    assert capsys.readouterr() == ("", "no case 1f is known here\n")
    assert engine.calls[-1] == "close"


def test_a_wrong_option_starts_no_sandbox(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    assert run("test", "semaphore", "--isolation", "weak") == 2
    assert capsys.readouterr().out == ""
    assert engine.calls == []


def test_isolation_that_cannot_be_had_is_our_fault(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    engine.error = engine.IsolationUnavailable("strong cannot be reached here")

    assert run("test", "semaphore", "--isolation", "strong") == 4
    assert capsys.readouterr() == ("", "strong cannot be reached here\n")
    assert engine.calls == ["warm up strong"]


def test_an_interrupt_closes_the_sandbox_and_says_one_line(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    engine.error = KeyboardInterrupt()

    assert run("test", "semaphore") == 130
    assert capsys.readouterr() == ("", "Interrupted.\n")
    assert engine.calls == ["warm up best", "grade", "close"]


def test_an_error_of_the_judge_is_a_fault_and_never_a_zero(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    engine.error = RuntimeError("no zygote")

    code = run("test", "semaphore", "--json")

    told = capsys.readouterr()
    verdict = msgspec.json.decode(told.out, type=Verdict)
    assert (code, verdict.status) == (4, "fault")
    assert verdict.problem is not None
    assert verdict.problem.message == "RuntimeError: no zygote"
    assert told.err.endswith("RuntimeError: no zygote\n")
    assert engine.calls[-1] == "close"


def test_a_malformed_kata_is_our_fault(
    run: Run, engine: Engine, house: Path, capsys: Captured
) -> None:
    (house / "katas/semaphore/kata.toml").write_text("level = 2")

    assert run("test", "semaphore") == 4
    assert capsys.readouterr().err == (
        "katas/semaphore/kata.toml: Object missing required field title\n"
    )
    assert engine.calls == []


# --- what is graded -----------------------------------------------------------


def test_the_stub_is_graded_unless_a_file_is_named(run: Run, engine: Engine) -> None:
    run("test", "semaphore")

    assert engine.request is not None
    assert engine.request.submission.name == "katas/semaphore/semaphore.py"


def test_a_named_file_is_graded_instead(run: Run, engine: Engine, house: Path) -> None:
    (house / "mine.py").write_text("x = 1\n")

    run("test", "semaphore", "--file", "mine.py")

    assert engine.request is not None
    assert engine.request.submission.source == b"x = 1\n"


def test_each_processor_is_used_for_the_one_answer(run: Run, engine: Engine) -> None:
    run("test", "semaphore")

    assert engine.judges == 3


def test_what_was_typed_reaches_the_judge(run: Run, engine: Engine) -> None:
    laws = ["--law", "nothing-left", "--law", "at-most-limit"]

    run(
        "test", "semaphore", *laws, "--case", "1f", "--seed", "7", "--isolation", "none"
    )

    assert engine.request is not None
    assert engine.request.laws == ("nothing-left", "at-most-limit")
    assert (engine.request.case, engine.request.seed) == ("1f", 7)
    assert engine.request.isolation == "none"
    assert engine.calls[0] == "warm up none"


def test_a_refused_file_has_a_verdict_too(
    run: Run, engine: Engine, capsys: Captured
) -> None:
    code = run("test", "semaphore", "--file", "nowhere.py", "--json", "--seed", "3")

    verdict = msgspec.json.decode(capsys.readouterr().out, type=Verdict)
    assert (code, verdict.status, verdict.corpus.seed) == (3, "unloadable", 3)
    assert (verdict.points, verdict.max_points) == (0, 100)
    assert verdict.problem is not None
    assert verdict.problem.reason == "missing"
    assert engine.calls == ["warm up best", "close"]


def test_a_refused_file_is_shown_on_the_same_screen(
    run: Run, engine: Engine, house: Path, capsys: Captured
) -> None:
    (house / "answers").mkdir()

    assert run("test", "semaphore", "--file", "answers") == 3
    assert capsys.readouterr() == ("semaphore: unloadable\n", "")
    assert engine.shown is not None
    assert engine.shown.problem is not None
    assert engine.shown.problem.message == (
        "answers holds no semaphore.py and no other Python file, neither itself nor "
        "one folder down. Put your answer there, or name the right file."
    )


def test_of_a_folder_the_file_named_like_the_kata_is_graded(
    run: Run, engine: Engine, house: Path
) -> None:
    (house / "answers").mkdir()
    (house / "answers" / "time_limit.py").touch()
    (house / "answers" / "semaphore.py").touch()

    run("test", "semaphore", "--file", "answers")

    assert engine.request is not None
    assert engine.request.submission.name == "answers/semaphore.py"


def test_advice_goes_to_stderr(
    run: Run, engine: Engine, house: Path, capsys: Captured
) -> None:
    (house / "asyncio.py").touch()

    run("test", "semaphore", "--file", "asyncio.py", "--json")

    told = capsys.readouterr()
    assert json.loads(told.out)["status"] == "pass"
    assert told.err.startswith("asyncio.py has the name of a standard module")


def test_quiet_leaves_advice_out(
    run: Run, engine: Engine, house: Path, capsys: Captured
) -> None:
    (house / "asyncio.py").touch()

    run("test", "semaphore", "--file", "asyncio.py", "--quiet")

    assert capsys.readouterr().err == ""


# --- how it is shown ----------------------------------------------------------


def test_json_is_the_verdict_alone(run: Run, engine: Engine, capsys: Captured) -> None:
    run("test", "semaphore", "--json")

    told = capsys.readouterr()
    assert msgspec.json.decode(told.out, type=Verdict).status == "pass"
    assert told.out.count("\n") == 1
    assert told.err == ""


def test_the_screen_looks_as_asked(run: Run, engine: Engine) -> None:
    run("test", "semaphore", "--quiet", "--color", "never", "--ascii")

    assert engine.look is not None
    assert (engine.look.quiet, engine.look.ascii) == (True, True)
    assert engine.look.color == "never"


def test_one_law_alone_is_told_to_the_screen(run: Run, engine: Engine) -> None:
    run("test", "semaphore", "--law", "nothing-left")

    assert engine.look is not None
    assert engine.look.law == "nothing-left"


def test_two_laws_are_no_single_law(run: Run, engine: Engine) -> None:
    run("test", "semaphore", "--law", "nothing-left", "--law", "at-most-limit")

    assert engine.look is not None
    assert engine.look.law is None


# --- what comes next ----------------------------------------------------------


def test_a_pass_names_the_next_kata(run: Run, engine: Engine) -> None:
    run("test", "semaphore")

    assert engine.look is not None
    assert engine.look.next_kata == "time_limit"


def test_the_last_kata_has_no_next(run: Run, engine: Engine) -> None:
    run("test", "time_limit")

    assert engine.look is not None
    assert engine.look.next_kata is None


def test_a_failure_names_no_next_kata(run: Run, engine: Engine) -> None:
    engine.status = "fail"

    run("test", "semaphore")

    assert engine.look is not None
    assert engine.look.next_kata is None


def test_a_law_that_holds_is_no_pass_yet(run: Run, engine: Engine) -> None:
    run("test", "semaphore", "--law", "nothing-left")

    assert engine.look is not None
    assert engine.look.next_kata is None


def test_a_malformed_neighbour_does_not_spoil_a_pass(
    run: Run, engine: Engine, add: Add
) -> None:
    add("broken", track="nowhere")

    assert run("test", "semaphore") == 0
    assert engine.look is not None
    assert engine.look.next_kata is None
