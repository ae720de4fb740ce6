import os
from pathlib import Path

import pytest

from grader.submission import MAX_BYTES

from .handed import SOURCE, lay, refusal_of, taken


def test_a_file_is_taken_whatever_it_is_called() -> None:
    lay("mine.py")

    assert (taken("mine.py").name, taken("mine.py").source) == ("mine.py", SOURCE)


def test_the_file_with_the_name_of_the_kata_is_the_answer() -> None:
    lay("answers/semaphore.py", "answers/test_semaphore.py", "answers/README.md")

    submission = taken("answers")

    assert submission.name == "answers/semaphore.py"
    assert submission.path == Path("answers/semaphore.py")
    assert submission.source == SOURCE


def test_where_we_are_is_a_folder_like_any_other() -> None:
    lay("semaphore.py")

    assert taken(".").name == "semaphore.py"


def test_it_is_found_one_folder_down() -> None:
    lay("answers/week-2/semaphore.py", "answers/other.py")

    assert taken("answers").name == "answers/week-2/semaphore.py"


def test_the_folder_itself_goes_first() -> None:
    lay("answers/old/semaphore.py", "answers/semaphore.py")

    assert taken("answers").name == "answers/semaphore.py"


@pytest.mark.parametrize("place", ["answers/mine.py", "answers/week-2/mine.py"])
def test_a_python_file_that_is_alone_is_the_answer(place: str) -> None:
    lay(place, "answers/notes.txt")

    assert taken("answers").name == place


@pytest.mark.parametrize(
    "place",
    [
        "__init__.py",
        "conftest.py",
        "sitecustomize.py",
        "usercustomize.py",
        "._semaphore.py",
        ".DS_Store",
        ".git/hook.py",
        "__MACOSX/other.py",
        "__pycache__/other.py",
        "other.pyc",
        "other.pth",
    ],
)
def test_what_tools_leave_is_ignored(place: str) -> None:
    lay("answers/mine.py", f"answers/{place}")

    assert taken("answers").name == "answers/mine.py"


def test_a_hard_link_in_a_folder_is_taken_in() -> None:
    lay("elsewhere.py", "answers/notes.txt")
    os.link("elsewhere.py", "answers/semaphore.py")

    assert taken("answers").source == SOURCE


def test_an_empty_file_is_taken_in() -> None:
    lay("answers/notes.txt")
    Path("answers/semaphore.py").touch()

    assert taken("answers").source == b""


def test_names_that_are_not_utf_8_are_taken_and_escaped() -> None:
    lay("answers/notes.txt")
    Path(os.fsdecode(b"answers/\xff\x1b.py")).touch()

    assert taken("answers").name == r"answers/\udcff\x1b.py"


def test_the_name_of_a_standard_module_is_advised_against() -> None:
    lay("answers/asyncio.py")

    assert taken("answers").advice.startswith(
        "answers/asyncio.py has the name of a standard module:"
    )


# --- refused ------------------------------------------------------------------


def test_a_missing_path_is_refused() -> None:
    assert refusal_of("nowhere") == (
        "missing",
        "There is no nowhere. Write your answer there, or name the right file.",
    )


def test_a_folder_without_python_files_is_refused() -> None:
    lay("answers/notes.txt", "answers/a/b/semaphore.py")

    assert refusal_of("answers") == (
        "missing",
        (
            "answers holds no semaphore.py and no other Python file, neither itself nor "
            "one folder down. Put your answer there, or name the right file."
        ),
    )


def test_a_folder_of_one_archive_names_it() -> None:
    lay("answers/mine.tar.gz")

    assert refusal_of("answers") == (
        "missing",
        (
            "answers holds no Python file, only a further archive: mine.tar.gz. "
            "Unpack it, and hand in the Python file."
        ),
    )


def test_several_files_with_the_name_are_refused() -> None:
    lay("answers/b/semaphore.py", "answers/a/semaphore.py", "answers/x.py")

    assert refusal_of("answers") == (
        "several files",
        (
            "answers holds several files called semaphore.py: a/semaphore.py, "
            "b/semaphore.py. Hand in one of them."
        ),
    )


def test_several_python_files_are_refused() -> None:
    lay("answers/a.py", "answers/week-2/b.py")

    assert refusal_of("answers") == (
        "several files",
        (
            "answers holds several Python files, but no semaphore.py: a.py, week-2/b.py. "
            "Call your answer semaphore.py."
        ),
    )


def test_of_very_many_python_files_five_are_named() -> None:
    lay(*(f"answers/a{number}.py" for number in range(9)))

    assert refusal_of("answers")[1] == (
        "answers holds several Python files, but no semaphore.py: a0.py, a1.py, a2.py, "
        "a3.py, a4.py and 4 more. Call your answer semaphore.py."
    )


def test_a_link_to_a_good_file_is_refused() -> None:
    lay("elsewhere.py", "answers/notes.txt")
    Path("answers/semaphore.py").symlink_to("../elsewhere.py")

    assert refusal_of("answers") == (
        "not a regular file",
        "answers/semaphore.py is a link. Name the file that it points to.",
    )


def test_a_link_to_a_folder_is_not_gone_through() -> None:
    lay("elsewhere/semaphore.py", "answers/notes.txt")
    Path("answers/week-2").symlink_to("../elsewhere")

    assert refusal_of("answers")[0] == "missing"


def test_a_folder_that_becomes_a_link_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay("elsewhere/semaphore.py", "answers/notes.txt")
    Path("answers/week-2").symlink_to("../elsewhere")
    monkeypatch.setattr(
        "grader.submission.folder._is_folder", lambda entry: entry.name == "week-2"
    )

    assert refusal_of("answers") == (
        "not a regular file",
        "answers/week-2 is a link. Name the file that it points to.",
    )


def test_a_link_to_the_folder_is_refused() -> None:
    lay("answers/semaphore.py")
    Path("link").symlink_to("answers")

    assert refusal_of("link") == (
        "not a regular file",
        "link is a link. Name the file that it points to.",
    )


def test_a_pipe_in_a_folder_is_refused_at_once() -> None:
    lay("answers/notes.txt")
    os.mkfifo("answers/semaphore.py")

    assert refusal_of("answers") == (
        "not a regular file",
        "answers/semaphore.py is not a regular file. Name a Python file.",
    )


def test_a_file_over_the_limit_is_refused() -> None:
    lay("answers/semaphore.py")
    Path("answers/semaphore.py").write_bytes(b"#" * (MAX_BYTES + 1))

    assert refusal_of("answers") == (
        "too large",
        "answers/semaphore.py is larger than 1 MiB. Hand in your source code alone.",
    )


def test_a_folder_of_too_many_files_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.submission.folder.MAX_ENTRIES", 3)
    lay("answers/a/1.txt", "answers/b/.2", "answers/b/mine.py")

    assert refusal_of("answers") == (
        "too large",
        (
            "answers holds more than 1000 files and folders. "
            "Hand in your Python file alone."
        ),
    )


def test_every_folder_is_closed_again() -> None:
    lay("answers/a/mine.py", "answers/b/notes.txt")
    before = sorted(Path("/dev/fd").iterdir())

    taken("answers")

    assert sorted(Path("/dev/fd").iterdir()) == before
