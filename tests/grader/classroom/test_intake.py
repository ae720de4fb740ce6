"""What a class handed in, however it lies there; nothing is dropped."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.catalogue import Kata
from grader.classroom.intake import HandedIn, take_in_class
from grader.classroom.layouts import BadLayout
from grader.classroom.roster import Roster, Student
from grader.packages import student
from grader.packages.contents import unpacked

from .conftest import HandIn, zipped

CLASS = Roster(
    (
        Student("s-101", {"student": "s-101", "name": "A B", "canvas": "11"}),
        Student("s-102", {"student": "s-102", "email": "c@d.example"}),
    )
)


def answers(found: HandedIn) -> dict[tuple[str, str], str]:
    """Return the source of each answer that was taken in."""
    return {
        (entry.student.key, entry.kata): entry.submission.source.decode()
        for entry in found.entries
        if entry.submission is not None
    }


def refusals(found: HandedIn) -> dict[tuple[str, str], str]:
    return {
        (entry.student.key, entry.kata): entry.refusal
        for entry in found.entries
        if entry.refusal
    }


DAMAGED = (
    "s-102.zip is damaged, or is neither a zip nor a tar archive. "
    "Hand in your Python file, or pack it anew."
)
BOTH = {("s-101", "semaphore"): "one", ("s-101", "hello_await"): "two"}


@pytest.mark.parametrize(
    "files",
    [
        {"s-101/semaphore.py": "one", "s-101/hello_await.py": "two"},
        {
            "s-101/katas/semaphore/semaphore.py": "one",
            "s-101/katas/hello_await/hello_await.py": "two",
            "s-101/katas/hello_await/README.md": "beside it",
        },
        {"s-101.zip": zipped(semaphore="one", katas__hello_await="two")},
        {"s-101/semaphore.py": "one", "s-101/work.zip": zipped(hello_await="two")},
        {
            "ba_11_501_semaphore.py": "one",
            "ba_LATE_11_502_hello_await-2.py": "two",
        },
        {
            "A B_900_assignsubmission_file_/semaphore.py": "one",
            "A B_900_assignsubmission_file/hello_await.py": "two",
        },
        {
            "A B_900_assignsubmission_file_semaphore.py": "one",
            "A B_900_assignsubmission_file_hello_await (1).py": "two",
        },
    ],
    ids=[
        "a folder",
        "a starter repository",
        "an archive",
        "an archive in a folder",
        "Canvas",
        "Moodle with folders",
        "Moodle without folders",
    ],
)
def test_an_answer_is_found_wherever_a_host_puts_it(
    folder: Path, hand_in: HandIn, katas: list[Kata], files: dict[str, str | bytes]
) -> None:
    for place, content in files.items():
        hand_in(place, content)

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == BOTH
    assert found.silent == ["s-102"]
    assert (found.strangers, found.leftovers, found.unread) == ([], {}, {})


def test_gradescope_tells_who_and_when_for_each_member_of_a_group(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("submission_7/semaphore.py", "one")
    hand_in(
        "submission_metadata.yml",
        """---
submission_7:
  :submitters:
  - :name: A B
    :sid: s-101
    :email: a@b.example
  - :name: C D
    :sid: ''
    :email: c@d.example
  :created_at: 2026-11-01 12:30:00.5 Z
""",
    )

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {
        ("s-101", "semaphore"): "one",
        ("s-102", "semaphore"): "one",
    }
    moment = datetime(2026, 11, 1, 12, 30, 0, 500_000, tzinfo=UTC)
    assert {entry.at for entry in found.entries} == {moment}


@pytest.mark.parametrize(
    "submitters", ["[]", "[null]", "{}", "3"], ids=["nobody", "null", "a table", "3"]
)
def test_gradescope_may_tell_of_nobody(
    folder: Path, hand_in: HandIn, katas: list[Kata], submitters: str
) -> None:
    hand_in("submission_7/semaphore.py", "one")
    hand_in("submission_metadata.yml", f"submission_7:\n  :submitters: {submitters}\n")

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("submission_7", "semaphore"): "one"}


def test_two_students_of_one_name_stay_two(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("cd_21_501_semaphore.py", "one")
    hand_in("cd_22_502_semaphore.py", "two")

    found = take_in_class(folder, katas, Roster())

    assert answers(found) == {
        ("cd (21)", "semaphore"): "one",
        ("cd (22)", "semaphore"): "two",
    }


def test_a_number_of_moodle_finds_nobody(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("E F_11_assignsubmission_file_/semaphore.py", "one")
    hand_in("A B_12_assignsubmission_onlinetext_/onlinetext.html", "text")

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("E F (11)", "semaphore"): "one"}
    assert found.leftovers == {"s-101": ["onlinetext.html"]}


def test_a_link_that_leads_nowhere_ends_no_batch(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-102/semaphore.py", "one")
    (folder / "s-101").mkdir()
    (folder / "s-101" / "semaphore.py").symlink_to("z" * 300)
    (folder / "s-103").symlink_to("z" * 300)

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("s-102", "semaphore"): "one"}
    assert [*refusals(found)] == [("s-101", "semaphore")]


def test_who_has_an_empty_folder_handed_in_nothing(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-102/semaphore.py", "one")
    (folder / "s-101").mkdir()
    (folder / "s-103").mkdir()

    assert take_in_class(folder, katas, CLASS).silent == ["s-101", "s-103"]


def test_results_in_the_same_folder_are_no_student(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("build/semaphore.py", "one")

    found = take_in_class(folder, katas, Roster(), folder / "build")

    assert found == HandedIn()


def test_metadata_that_gradescope_did_not_write_is_refused(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("submission_metadata.yml", "- no\n")

    with pytest.raises(
        BadLayout, match="does not name submissions; download them anew"
    ):
        take_in_class(folder, katas, CLASS)


def test_what_canvas_calls_late_is_known_to_be_late(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("ba_LATE_11_502_semaphore.py", "one")

    (entry,) = take_in_class(folder, katas, CLASS).entries

    assert entry.late


def test_a_file_of_its_own_is_handed_in_when_it_was_last_changed(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    os.utime(hand_in("s-101/semaphore.py", "one"), (1_000_000, 1_000_000))
    os.utime(hand_in("s-102.zip", zipped(semaphore="two")), (2_000_000, 2_000_000))

    found = take_in_class(folder, katas, CLASS)

    assert [entry.at.timestamp() for entry in found.entries] == [1_000_000, 2_000_000]


def test_two_different_files_for_one_kata_are_told_and_neither_counts(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-101/semaphore.py", "one")
    hand_in("s-101/old/semaphore.py", "two")
    hand_in("s-101/hello_await.py", "three")

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("s-101", "hello_await"): "three"}
    assert refusals(found) == {
        ("s-101", "semaphore"): "several files for one kata: s-101/old/semaphore.py "
        "and s-101/semaphore.py. Keep the one that counts, and grade again."
    }


def test_the_same_file_twice_counts_once(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-101/semaphore.py", "one")
    hand_in("s-101/copy/semaphore.py", "one")

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("s-101", "semaphore"): "one"}


def test_a_file_for_no_kata_is_told_of(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-101/semaphore.py", "one")
    hand_in("s-101/notes.txt", "")
    hand_in("s-101/Semafore.py", "")
    hand_in("s-101/__pycache__/x.pyc", "")

    found = take_in_class(folder, katas, CLASS)

    assert found.leftovers == {"s-101": ["Semafore.py", "notes.txt"]}


def test_what_comes_with_a_starter_repository_is_no_leftover(
    folder: Path, katas: list[Kata]
) -> None:
    unpacked(student.files(katas), folder / "s-101" / "my repository")
    (folder / "s-101" / "my repository" / "notes.txt").touch()

    found = take_in_class(folder, katas, CLASS)

    assert {kata for _, kata in answers(found)} == {"semaphore", "hello_await"}
    assert found.leftovers == {"s-101": ["my repository/notes.txt"]}


def test_of_one_kata_a_python_file_that_is_alone_is_the_answer(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-101/my work.py", "one")
    hand_in("s-102/a.py", "two")
    hand_in("s-102/b.py", "three")

    found = take_in_class(folder, katas[:1], CLASS)

    assert answers(found) == {("s-101", "semaphore"): "one"}
    assert found.leftovers == {"s-102": ["a.py", "b.py"]}


def test_what_cannot_be_taken_in_is_told_and_the_others_are_kept(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-101/semaphore.py", "one")
    hand_in("s-102.zip", b"PK\x03\x04 and no more")
    (folder / "s-101" / "hello_await.py").symlink_to("/etc/passwd")

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("s-101", "semaphore"): "one"}
    assert refusals(found) == {
        ("s-101", "hello_await"): "s-101/hello_await.py is a link. "
        "Name the file that it points to."
    }
    assert found.unread == {"s-102": [DAMAGED]}


def test_who_is_not_on_the_roster_is_told_and_kept(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-999/semaphore.py", "one")

    found = take_in_class(folder, katas, CLASS)

    assert answers(found) == {("s-999", "semaphore"): "one"}
    assert found.strangers == ["s-999"]
    assert found.silent == ["s-101", "s-102"]


def test_without_a_roster_nobody_is_a_stranger(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s-999/semaphore.py", "one")

    assert take_in_class(folder, katas, Roster()).strangers == []


def test_a_name_with_control_characters_is_shown_in_plain(
    folder: Path, hand_in: HandIn, katas: list[Kata]
) -> None:
    hand_in("s\x1b[31m/semaphore.py", "one")

    (entry,) = take_in_class(folder, katas, Roster()).entries

    assert entry.student.key == "s\\x1b[31m"
