from pathlib import Path
from types import SimpleNamespace

import pytest

from grader import catalogue, wire
from grader.judge.cases import Cases, LawTest, cases, make_case
from grader.judge.report import Replay, _given, _is_slip, decisive, tell
from grader.judge.trial import Result
from grader.submission import Submission


def group_of(*members: wire.Failure) -> wire.Failure:
    return wire.Failure("ExceptionGroup", "several", group=list(members))


@pytest.mark.parametrize(
    ("name", "path"),
    [("mine.py", "mine.py"), ("hw.zip/hw/semaphore.py", "hw.zip")],
)
def test_a_replay_names_what_can_be_handed_in_again(name: str, path: str) -> None:
    kata = catalogue.find("semaphore", catalogue.root())
    submission = Submission(name, Path(path), b"", "0" * 64)

    command = Replay(kata, submission, 0).command("at-most-limit", None)

    assert command == f"kata test semaphore --law at-most-limit --file {path}"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [("takes {take} s", "takes 2 s"), ("answers {text!r}", "answers ''")],
)
def test_inputs_are_said_in_words(sentence: str, shown: str) -> None:
    @cases(given=sentence)
    def item() -> None: ...

    case = make_case("item", {"take": 2.0, "text": ""}, ())

    assert _given(item.__law_test__, case) == shown  # type: ignore[attr-defined]


def test_the_given_of_a_case_may_name_a_part_of_a_value() -> None:
    spec = Cases({}, 0, (), None, "pages {site[0]}, links {site[1]:count}")
    test = LawTest("test_pages", print, spec)
    case = make_case("test_pages", {"site": [[1.0, "a"], [2, 3, 4]]}, ())

    assert _given(test, case) == "pages [1, a], links 3"


@pytest.mark.parametrize(
    ("error", "slip"),
    [
        (wire.Failure("NameError", "no x"), True),
        (wire.Failure("TypeError", "no x"), False),
        (group_of(wire.Failure("UnboundLocalError", "no x")), True),
        (group_of(group_of(wire.Failure("NameError", "no x"))), True),
        (group_of(wire.Failure("NameError", "x"), wire.Failure("OSError", "y")), False),
        (None, False),
    ],
)
def test_a_name_that_is_not_there_is_a_slip(
    error: wire.Failure | None,
    slip: bool,  # noqa: FBT001
) -> None:
    outcome = SimpleNamespace(error=error)
    judged = SimpleNamespace(run=SimpleNamespace(outcome=outcome))

    assert _is_slip(Result("broken", judged=judged)) is slip  # type: ignore[arg-type]
    assert not _is_slip(Result("broken"))


def test_of_several_tests_the_worst_is_told_with_the_cases_of_all() -> None:
    kata = catalogue.find("semaphore", catalogue.root())
    replay = Replay(kata, Submission("mine.py", Path("mine.py"), b"", "0" * 64), 0)
    law = kata.law("at-most-limit")
    held = tell(law, None, Result("holds", played=3), replay)
    lost = tell(law, None, Result("fault", "grader error", "lost", played=2), replay)

    told = decisive([held, lost]).law

    assert (told.outcome, told.message, told.cases) == ("fault", "lost", 5)
    assert decisive([lost, held]).law == told
