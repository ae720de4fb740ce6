from pathlib import Path

import pytest

from grader import catalogue
from grader.judge.report import Replay
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
