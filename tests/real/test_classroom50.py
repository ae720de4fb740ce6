"""The autograder as its host starts it: in a checkout, with the host's own Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.hosts.one import Settings
from grader.packages import classroom50, student
from grader.packages.contents import unpacked
from tests.grader.packages.test_hosts import HOST

KATA = find("hello_await", root())


@pytest.mark.timeout(400)
def test_a_right_answer_has_all_points(tmp_path: Path) -> None:
    place = tmp_path / "concurrency" / "autograders" / "hello"
    unpacked(classroom50.files([KATA], Settings(("hello_await",))), place)
    checkout = tmp_path / "checkout"
    unpacked(student.files([KATA]), checkout)
    answer = (KATA.solutions / "reference.py").read_bytes()
    (checkout / "katas" / "hello_await" / "hello_await.py").write_bytes(answer)
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    subprocess.run(
        [sys.executable, place / "autograder.py"],
        cwd=checkout,
        env=own | HOST,
        check=True,
        timeout=300,
    )

    told = json.loads((checkout / "result.json").read_bytes())
    assert (told["score"], told["max-score"]) == (100, 100)
    assert [test["passed"] for test in told["tests"]] == [True] * len(KATA.laws)
