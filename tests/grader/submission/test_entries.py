from pathlib import Path

import pytest

from .handed import (
    SOURCE,
    listed,
    member,
    refusal_of,
    taken,
    tar_up,
    zip_up,
)


def refusal_from(*names: str) -> tuple[str, str]:
    Path("a.zip").write_bytes(zip_up(*map(listed, names)))
    return refusal_of("a.zip")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/x.py", "/etc/x.py, which has an absolute path"),
        ("C:/x.py", "C:/x.py, which has a drive letter in its path"),
        ("../x.py", '../x.py, which leads out of its folder by ".."'),
        ("a/..", 'a/.., which leads out of its folder by ".."'),
        ("a\\x.py", "a\\x.py, which has a backslash in its name"),
        ("x\0.py", r"x\x00.py, which has a control character in its name"),
        ("\x1b[2J.py", r"\x1b[2J.py, which has a control character in its name"),
        ("\x85.py", r"\x85.py, which has a control character in its name"),
        ("", "an entry, which has no name"),
        ("x" * 256, f"{'x' * 60}..., which has a name of more than 255 letters"),
    ],
)
def test_a_name_is_held_against_the_rules(name: str, said: str) -> None:
    assert refusal_from("semaphore.py", name) == (
        "unsafe archive",
        f"a.zip holds {said}. Pack your Python file alone.",
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("a.py", "a.py", "a.py, which is there twice"),
        ("a.py", "./a.py", "a.py, which is there twice"),
        ("a", "a/b.py", "a, which is there twice"),
        ("a.py", "A.py", "A.py, which some systems cannot tell from a.py"),
        ("a/x.py", "A/y.py", "A, which some systems cannot tell from a"),
        ("ß.py", "SS.py", "SS.py, which some systems cannot tell from ß.py"),
        ("é.py", "e\u0301.py", "e\u0301.py, which some systems cannot tell from é.py"),
    ],
)
def test_no_two_entries_have_one_name(first: str, second: str, said: str) -> None:
    assert refusal_from(first, second) == (
        "unsafe archive",
        f"a.zip holds {said}. Pack your Python file alone.",
    )


def test_a_bad_entry_counts_even_where_it_would_be_ignored() -> None:
    assert refusal_from("semaphore.py", ".git/../../x")[0] == "unsafe archive"


def test_a_folder_may_be_listed_twice() -> None:
    Path("a.zip").write_bytes(zip_up("./", "a/", "a/", "a/semaphore.py"))

    assert taken("a.zip").source == SOURCE


def test_two_dots_within_a_name_are_no_way_out() -> None:
    Path("a.zip").write_bytes(zip_up("a..b/semaphore.py"))

    assert taken("a.zip").source == SOURCE


def test_a_thousand_entries_are_taken_in() -> None:
    members = [member(f"{number}.txt", b"") for number in range(999)]
    Path("a.tar").write_bytes(tar_up(*members, member("semaphore.py")))

    assert taken("a.tar").source == SOURCE


@pytest.mark.parametrize(
    "packed",
    [
        tar_up(*(member(f"{number}.txt", b"") for number in range(1001))),
        zip_up(*(f"{number}.txt" for number in range(1001))),
    ],
    ids=["tar", "zip"],
)
def test_more_than_a_thousand_are_refused(packed: bytes) -> None:
    Path("a.zip").write_bytes(packed)

    assert refusal_of("a.zip") == (
        "too large",
        "a.zip holds more than 1000 files and folders. Hand in your Python file alone.",
    )


def test_what_the_entries_say_they_hold_has_a_limit() -> None:
    large = zip_up("a.txt", content=bytes((20 << 20) + 1))
    Path("a.zip").write_bytes(large)

    assert refusal_of("a.zip") == (
        "too large",
        "a.zip unpacks to more than 20 MiB. Pack your Python file alone.",
    )
