import shutil
from pathlib import Path

import pytest

from grader import catalogue, cli
from grader.authoring import texts
from grader.authoring.new import SCAFFOLD, TO_DO, CannotBegin, new


def test_a_new_kata_lacks_only_what_is_to_be_written(tmp_path: Path) -> None:
    new("my_first", tmp_path)

    kata = catalogue.find("my_first", tmp_path)
    found = [*texts.unmatched(kata), *texts.faults(kata)]

    assert found
    assert [
        each for each in found if not each.endswith("write it and drop the word")
    ] == []
    assert found[0] == (
        "katas/my_first/README.md:1: says TODO; write it and drop the word"
    )


def test_a_new_kata_that_is_filled_in_keeps_its_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in new("my_first", tmp_path):
        file.write_text(file.read_text("utf-8").replace(f"{TO_DO}: ", ""), "utf-8")

    status = cli.main(["check", "--katas", str(tmp_path), "--seeds", "1"])

    assert (capsys.readouterr().out, status) == ("my_first: everything holds\n", 0)


def test_files_that_are_there_are_not_written_over(tmp_path: Path) -> None:
    first, *_ = new("my_first", tmp_path)

    with pytest.raises(CannotBegin) as caught:
        new("my_first", tmp_path)

    assert str(caught.value) == f"{first} is there already; choose another name"


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("My-Kata", "the folder must be a lower-case Python name; rename it"),
        (
            "asyncio",
            "import asyncio would find the kata, not the module; rename the folder",
        ),
    ],
)
def test_a_name_that_no_kata_may_have_is_refused(
    tmp_path: Path, slug: str, why: str
) -> None:
    with pytest.raises(CannotBegin) as caught:
        new(slug, tmp_path)

    assert str(caught.value) == f'"{slug}" cannot be its name: {why}'
    assert list(tmp_path.iterdir()) == []


def test_the_verb_names_the_files_and_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    cli.main(["new", "my_first"])

    out = capsys.readouterr().out
    assert "  katas/my_first/README.md\n" in out
    assert out.endswith(
        "  Next   kata check my_first --katas .   what is still to be written\n"
    )


# --- what the texts of a kata lack --------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The scaffold, with its words written."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SCAFFOLD, tmp_path, dirs_exist_ok=True, ignore=without)
    for file in tmp_path.rglob("*.*"):
        file.write_text(file.read_text("utf-8").replace(f"{TO_DO}: ", ""), "utf-8")
    return tmp_path


def edit(root: Path, name: str, old: str, new: str) -> list[str]:
    file = root / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    kata = catalogue.find("my_kata", root)
    return [*texts.unmatched(kata), *texts.faults(kata)]


def test_a_law_that_no_test_judges_is_named(root: Path) -> None:
    found = edit(
        root, "tests/katas/my_kata/test_laws.py", '"cancels-all"', '"cancel-all"'
    )

    assert found == [
        'test_laws.py: no test is marked @law("cancels-all"); write one, or drop the law',
        'test_laws.py: @law("cancel-all") is not in kata.toml; did you mean "cancels-all"?',
    ]


def test_a_section_that_is_missing_is_named(root: Path) -> None:
    found = edit(root, "katas/my_kata/README.md", "## Read on\n", "## See\n")

    assert found == ["README.md: there is no section Read on; add it"]


def test_a_law_that_the_statement_words_otherwise_is_named(root: Path) -> None:
    found = edit(root, "katas/my_kata/README.md", "| 20 |", "| 25 |")

    assert found == [
        (
            'README.md: the section Laws lacks "| cancelling the caller cancels every fetch '
            '| 20 |"'
        )
    ]


def test_an_error_that_the_statement_does_not_name_is_named(root: Path) -> None:
    found = edit(
        root,
        "tests/katas/my_kata/test_laws.py",
        'run.needs_operations("fetch")',
        'run.raises("TypeError", "No names must be refused")',
    )

    assert found == [
        (
            "README.md: a hidden test demands a TypeError; say in Bad input and "
            "cancellation when it is raised"
        )
    ]


def test_one_hint_is_not_enough_for_many_points(root: Path) -> None:
    found = edit(
        root,
        "katas/my_kata/kata.toml",
        '  "What becomes of a task when the one who made it is cancelled?",\n',
        "",
    )

    assert found == [
        (
            "kata.toml: law cancels-all has one hint for 20 points; write two to four, from "
            "a nudge to a near-answer"
        )
    ]


def test_a_stub_without_types_is_named(root: Path) -> None:
    edit(root, "katas/my_kata/.stub.py", " -> list[str]:", ":")
    found = edit(root, "katas/my_kata/my_kata.py", " -> list[str]:", ":")

    assert found == ["my_kata.py:6: fetch_all has no type for what it returns; add it"]


def test_a_stub_that_reset_would_not_put_back_is_named(root: Path) -> None:
    found = edit(root, "katas/my_kata/my_kata.py", "import", "import sys, ")

    assert found == [
        ".stub.py: is not my_kata.py; copy it there, for `kata reset`",
    ]


def test_a_law_without_a_test_is_told_before_anything_is_graded(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, "tests/katas/my_kata/test_laws.py", '"cancels-all"', '"all-at-once"')

    status = cli.main(["check", "--katas", str(root)])

    assert capsys.readouterr().err == (
        'my_kata: test_laws.py: no test is marked @law("cancels-all"); write one, or '
        "drop the law\n"
    )
    assert status == 1
