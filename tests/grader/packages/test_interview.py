"""What a candidate gets: nothing that could be read before the interview begins."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.interview import FILE, log
from grader.interview.log import Graded, only
from grader.judge.grade import Request, close, grade
from grader.judge.hidden import Hidden, Sealed, hidden, seal, unseal
from grader.packages import interview
from grader.packages.contents import unpacked
from grader.submission import read

KATA = Path(sys.executable).with_name("kata")
WORDS = "Blue Horse"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    kata = find("hello_await", root())
    unpacked(interview.files(kata, WORDS, 0.1), folder)
    shutil.rmtree(folder / "grader")  # ours is the same
    return folder


def test_it_holds_the_task_and_what_is_sealed(package: Path) -> None:
    places = sorted(path.relative_to(package) for path in package.rglob("*"))

    assert [str(each) for each in places if (package / each).is_file()] == [
        ".gitignore",
        "LICENSE",
        "Makefile",
        "README.md",
        "katas/hello_await/.stub.py",
        "katas/hello_await/README.md",
        "katas/hello_await/hello_await.py",
        "katas/hello_await/kata.toml",
        "katas/hello_await/test_examples.py",
        "pyproject.toml",
        "requirements.lock",
        "tests/katas/hello_await/laws.sealed",
    ]


def test_neither_hints_nor_diagnoses_nor_laws_can_be_read(package: Path) -> None:
    ours = find("hello_await", root())
    theirs = find("hello_await", package)
    files = {path for path in package.rglob("*") if path.is_file()} - {theirs.readme}
    texts = b"".join(path.read_bytes() for path in files)
    told = [hint for law in ours.laws for hint in law.hints]
    told += [each.text for each in ours.diagnoses]

    assert not [each for each in told if each.encode() in texts]
    assert b"import" in hidden(ours).laws
    assert b"@law" not in texts
    assert [law.says for law in theirs.laws] == [law.says for law in ours.laws]
    assert not [hint for law in theirs.laws for hint in law.hints]


def test_the_words_open_it_and_the_verdict_is_the_usual_one(package: Path) -> None:
    ours = find("hello_await", root())
    theirs = find("hello_await", package)
    answer = read(ours.solutions / "wrong/late_hello.py")

    usual = grade(Request(ours, answer, isolation="process"), 2)
    sealed = grade(Request(theirs, answer, isolation="process", key="  BLUE horse"), 2)
    close()

    outcomes = [(law.id, law.outcome, law.message) for law in usual.laws]
    assert [(law.id, law.outcome, law.message) for law in sealed.laws] == outcomes
    assert (sealed.points, sealed.corpus) == (90, usual.corpus)


@pytest.mark.parametrize("words", ["", "red horse", "bluehorse"])
def test_other_words_do_not_open_it(package: Path, words: str) -> None:
    kata = find("hello_await", package)

    with pytest.raises(Sealed, match="The hidden tests are sealed"):
        hidden(kata, words)
    assert not [each for each in package.rglob("*.py") if each.name == "test_laws.py"]


def test_what_was_sealed_comes_out_as_it_went_in() -> None:
    texts = Hidden(b"laws", "scenarios", "")

    assert unseal(seal(texts, WORDS), WORDS) == texts
    assert seal(texts, WORDS) != seal(texts, WORDS)


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 200])
def test_what_was_never_sealed_does_not_open(data: bytes) -> None:
    with pytest.raises(Sealed):
        unseal(data, WORDS)


def kata(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KATA, *words, "--katas", package], capture_output=True, text=True, check=False
    )


def test_before_the_interview_nothing_is_graded(package: Path) -> None:
    told = kata(package, "test", "hello_await")

    assert told.returncode == 2
    assert told.stderr == (
        "The hidden tests are sealed: they open in `kata interview start`.\n"
    )
    assert (
        kata(package, "hint", "hello_await").stderr
        == "hello_await has no hints here.\n"
    )


def test_a_candidate_is_graded_when_the_words_were_said(package: Path) -> None:
    wrong = kata(package, "interview", "start", "--nonce", "red horse")
    assert wrong.returncode == 2
    assert (
        wrong.stderr
        == "The hidden tests are sealed, and these words do not open them.\n"
    )
    assert not (package / FILE).exists()

    right = kata(package, "interview", "start", "--nonce", WORDS, "--minutes", "0.02")

    assert right.returncode == 0
    assert "Time is up." in right.stdout
    assert only(log.read(package / FILE), Graded)
    assert not [each for each in package.rglob("*") if each.name == "test_laws.py"]


@pytest.mark.parametrize(
    "words", [["hello_await"], ["hello_await", "semaphore", "--nonce", "x"]]
)
def test_an_interview_is_on_one_kata_and_begins_with_words(
    words: list[str], tmp_path: Path
) -> None:
    told = subprocess.run(
        [KATA, "package", "interview", *words, "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
        cwd=root(),
    )

    assert told.returncode == 2
    assert told.stderr == (
        "An interview is on one kata, and begins with words: --nonce TEXT.\n"
    )


def test_words_open_it_in_whatever_way_their_letters_are_typed(tmp_path: Path) -> None:
    texts = Hidden(b"laws", "scenarios", "")

    assert unseal(seal(texts, "Gr\u00f6\u00dfe"), "gro\u0308sse") == texts


@pytest.mark.parametrize("verb", ["trace", "test"])
def test_each_verb_says_that_the_tests_are_sealed(package: Path, verb: str) -> None:
    assert kata(package, verb, "hello_await").stderr == (
        "The hidden tests are sealed: they open in `kata interview start`.\n"
    )
