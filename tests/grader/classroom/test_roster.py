"""Who is in the class, out of whatever their host exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classroom.roster import BadRoster, Roster, read_roster

NO_NAMES = (
    "has no column that names a student; "
    "give its first line one called student, email or name."
)


def roster(tmp_path: Path, text: str | bytes) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roster(path)


def keys(found: Roster) -> list[str]:
    return [each.key for each in found.students]


def known_as(found: Roster, *names: str) -> str | None:
    student = found.find([("", name) for name in names])
    return student.key if student is not None else None


@pytest.mark.parametrize(
    "text",
    [
        "student,name\ns-101,A B\ns-102,C D\n",
        "student;name\r\ns-101;A B\r\ns-102;C D\r\n",
        "student\tname\ns-101\tA B\ns-102\tC D\n",
        "\ufeffstudent,name\ns-101,A B\n\n s-102 ,C D\n",
        "name,Student ID\nA B,s-101\nC D,s-102\n",
    ],
    ids=["commas", "semicolons", "tabs", "byte-order mark and blanks", "other order"],
)
def test_whatever_parts_the_columns_the_class_is_the_same(
    tmp_path: Path, text: str
) -> None:
    found = roster(tmp_path, text)

    assert keys(found) == ["s-101", "s-102"]
    assert known_as(found, "c d") == "s-102"


def test_a_file_that_excel_saved_as_unicode_text_is_read(tmp_path: Path) -> None:
    data = "student\tname\ns-101\tÄ B\n".encode("utf-16")

    assert known_as(roster(tmp_path, data), "ä b") == "s-101"


def test_an_export_of_canvas_names_people_by_number_login_and_name(
    tmp_path: Path,
) -> None:
    found = roster(
        tmp_path,
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        "    Points Possible,,,,\n"
        '"B, A",4711,s-101,ab,one\n',
    )

    assert keys(found) == ["s-101"]
    for name in ("4711", "ab", "B, A", "A B", "ba", "s-101"):
        assert known_as(found, name) == "s-101"


def test_an_export_of_moodle_names_people_by_number_email_and_name(
    tmp_path: Path,
) -> None:
    found = roster(
        tmp_path,
        "First name,Surname,ID number,Email address\nA,B,s-101,a@b.example\n",
    )

    assert keys(found) == ["s-101"]
    for name in ("A B", "a@B.example"):
        assert known_as(found, name) == "s-101"


def test_a_number_is_looked_for_in_the_column_that_it_is_of(tmp_path: Path) -> None:
    found = roster(tmp_path, "student,name,ID\n4711,A B,12\n4712,C D,4711\n")

    assert found.find([("canvas", "4711")]) == found.students[1]
    assert found.find([("canvas", "4712"), ("", "A B")]) == found.students[0]


def test_a_name_is_the_same_however_it_is_composed(tmp_path: Path) -> None:
    found = roster(tmp_path, "student,name\ns-101,J\u00fcrgen\n")

    assert known_as(found, "ju\u0308rgen") == "s-101"


def test_a_quote_that_is_never_closed_swallows_nobody(tmp_path: Path) -> None:
    with pytest.raises(BadRoster) as caught:
        roster(tmp_path, 'student,name\n"s-101,A\ns-102,B\n')

    assert str(caught.value).endswith(
        "line 3: unexpected end of data; mend its quotes."
    )


def test_a_name_that_two_students_have_finds_neither(tmp_path: Path) -> None:
    found = roster(tmp_path, "student,name\ns-101,A B\ns-102,A B\n")

    assert known_as(found, "A B") is None
    assert known_as(found, "A B", "s-102") == "s-102"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "colour\nred\n",
            NO_NAMES,
        ),
        (
            "",
            NO_NAMES,
        ),
        (
            "student\ns-101\nS-101\n",
            "names S-101 twice; drop one of the lines.",
        ),
        (b"student\n\xff\n", "is not UTF-8; save it as CSV UTF-8."),
        (
            "student,section\n,one\n",
            "line 2: nobody is named there; drop the line.",
        ),
    ],
    ids=["no names", "empty", "twice", "not UTF-8", "nobody"],
)
def test_a_roster_of_no_use_is_refused_with_what_to_do(
    tmp_path: Path, text: str | bytes, complaint: str
) -> None:
    with pytest.raises(BadRoster) as caught:
        roster(tmp_path, text)

    assert str(caught.value).endswith(complaint)
