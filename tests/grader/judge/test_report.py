from pathlib import Path

import pytest

from grader import catalogue
from grader.judge.cases import cases, make_case
from grader.judge.report import Replay, _given
from grader.submission import Submission


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
