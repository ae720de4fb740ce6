import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.submission import MAX_BYTES, Submission

from .handed import (
    SOURCE,
    member,
    refusal_of,
    taken,
    tar_up,
    zip_up,
)

DAMAGED = (
    "broken archive",
    (
        "a.tar.gz is damaged, or is neither a zip nor a tar archive. "
        "Hand in your Python file, or pack it anew."
    ),
)


def taken_from(packed: bytes, name: str) -> Submission:
    Path(name).write_bytes(packed)
    return taken(name)


def refusal_from(packed: bytes, name: str = "a.tar.gz") -> tuple[str, str]:
    Path(name).write_bytes(packed)
    return refusal_of(name)


Pack = Callable[[bytes], bytes]
PACKINGS: list[tuple[str, Pack]] = [
    ("a.tar", bytes),
    ("a.tar.gz", gzip.compress),
    ("a.TGZ", gzip.compress),
    ("a.tar.bz2", bz2.compress),
    ("a.tar.xz", lzma.compress),
    ("a.zip", gzip.compress),
]


@pytest.mark.parametrize(("name", "pack"), PACKINGS)
def test_a_file_in_a_tar_archive_is_taken_in(name: str, pack: Pack) -> None:
    packed = pack(tar_up(member("week-2/semaphore.py")))

    submission = taken_from(packed, name)

    assert submission.name == f"{name}/week-2/semaphore.py"
    assert submission.path == Path(name)
    assert submission.source == SOURCE


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_a_file_in_a_zip_archive_is_taken_in(name: str) -> None:
    submission = taken_from(zip_up("notes.txt", "./semaphore.py"), name)

    assert submission.name == f"{name}/semaphore.py"
    assert submission.source == SOURCE


def test_an_empty_file_in_an_archive_is_taken_in() -> None:
    assert taken_from(zip_up("semaphore.py", content=b""), "a.zip").source == b""


def test_what_tools_leave_in_an_archive_is_ignored() -> None:
    packed = zip_up(
        "mine.py", "__MACOSX/._mine.py", "conftest.py", "x/__pycache__/y.py"
    )

    assert taken_from(packed, "a.zip").name == "a.zip/mine.py"


def test_the_name_of_an_entry_is_escaped() -> None:
    packed = tar_up(member("\udcff\u202e.py"))

    assert taken_from(packed, "a.tar").name == r"a.tar/\udcff\u202e.py"


# --- refused ------------------------------------------------------------------


def test_several_files_in_an_archive_are_refused() -> None:
    assert refusal_from(zip_up("a/semaphore.py", "b/semaphore.py"), "a.zip") == (
        "several files",
        (
            "a.zip holds several files called semaphore.py: a/semaphore.py, "
            "b/semaphore.py. Hand in one of them."
        ),
    )


def test_an_archive_without_python_files_is_refused() -> None:
    assert refusal_from(zip_up("a/b/semaphore.py"), "a.zip") == (
        "missing",
        (
            "a.zip holds no semaphore.py and no other Python file, neither itself nor one "
            "folder down. Put your answer there, or name the right file."
        ),
    )


def test_an_archive_in_an_archive_is_not_opened() -> None:
    assert refusal_from(zip_up("inner.zip", "README.md"), "a.zip") == (
        "missing",
        (
            "a.zip holds no Python file, only a further archive: inner.zip. "
            "Unpack it, and hand in the Python file."
        ),
    )


def test_a_file_over_the_limit_in_an_archive_is_refused() -> None:
    packed = zip_up("semaphore.py", content=b"#" * (MAX_BYTES + 1))

    assert refusal_from(packed, "a.zip") == (
        "too large",
        "a.zip/semaphore.py is larger than 1 MiB. Hand in your source code alone.",
    )


def test_an_archive_over_the_limit_is_refused() -> None:
    assert refusal_from(bytes((20 << 20) + 1)) == (
        "too large",
        "a.tar.gz is larger than 20 MiB. Pack your Python file alone.",
    )


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_an_archive_that_unpacks_to_too_much_is_refused(pack: Pack) -> None:
    assert refusal_from(pack(bytes((20 << 20) + 1))) == (
        "too large",
        "a.tar.gz unpacks to more than 20 MiB. Pack your Python file alone.",
    )


def test_memory_that_an_archive_asks_for_has_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.submission.compression.XZ_MEMORY", 1 << 20)

    assert refusal_from(lzma.compress(tar_up(member("semaphore.py")))) == DAMAGED


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_an_archive_that_was_cut_off_is_refused(pack: Pack) -> None:
    packed = pack(tar_up(member("semaphore.py")))

    assert refusal_from(packed[: len(packed) // 3]) == DAMAGED


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_second_stream_is_refused(pack: Pack) -> None:
    packed = pack(tar_up(member("semaphore.py")))

    assert refusal_from(packed + packed) == DAMAGED


@pytest.mark.parametrize(
    "packed",
    [b"", SOURCE, b"7z\xbc\xaf\x27\x1c", gzip.compress(SOURCE), b"PK\x03\x04"],
    ids=["nothing", "a source", "7z", "gzip of a source", "a zip cut off"],
)
def test_what_is_no_archive_is_refused(packed: bytes) -> None:
    assert refusal_from(packed) == DAMAGED


@pytest.mark.parametrize("name", ["a.7z", "a.rar", "semaphore.py.gz"])
def test_other_archives_are_not_taken_for_source(name: str) -> None:
    assert refusal_from(SOURCE, name)[0] == "broken archive"
