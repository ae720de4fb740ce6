import io
import tarfile
from pathlib import Path

import pytest

from .handed import (
    SOURCE,
    header,
    member,
    refusal_of,
    taken,
    tar_up,
)

GOOD = member("semaphore.py")
DAMAGED = (
    "broken archive",
    (
        "a.tar is damaged, or is neither a zip nor a tar archive. "
        "Hand in your Python file, or pack it anew."
    ),
)


def refusal_from(*members: bytes) -> tuple[str, str]:
    Path("a.tar").write_bytes(tar_up(*members))
    return refusal_of("a.tar")


def name_from(*members: bytes) -> str:
    Path("a.tar").write_bytes(tar_up(*members))
    return taken("a.tar").name


def pax(text: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return member("pax", text, kind)


def unsafe(name: str, fault: str) -> tuple[str, str]:
    message = f"a.tar holds {name}, which {fault}. Pack your Python file alone."
    return "unsafe archive", message


@pytest.mark.parametrize(
    "dialect", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
)
def test_what_tarfile_writes_is_taken_in(dialect: int) -> None:
    folder = "a" * 90 + "é" * 10
    info = tarfile.TarInfo(f"{folder}/semaphore.py")
    info.size = len(SOURCE)
    with tarfile.open("a.tar", "w", format=dialect) as archive:
        archive.add(".", recursive=False)
        archive.addfile(info, io.BytesIO(SOURCE))

    submission = taken("a.tar")

    assert (submission.name, submission.source) == (f"a.tar/{info.name}", SOURCE)


def test_a_comment_on_all_files_does_no_harm() -> None:
    comment = pax(b"18 comment=abcdef\n", tarfile.XGLTYPE)

    assert name_from(comment, GOOD) == "a.tar/semaphore.py"


def test_an_extended_header_is_about_the_next_entry_only() -> None:
    path = pax(b"14 path=a.txt\n")

    assert name_from(path, member("x.py"), GOOD) == "a.tar/semaphore.py"


def test_an_extended_header_may_give_the_size() -> None:
    size = pax(b"11 size=10\n")
    block = header("semaphore.py", size=0)

    assert name_from(size, block, SOURCE.ljust(512, b"\0")) == "a.tar/semaphore.py"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_is_refused(kind: bytes) -> None:
    link = header("semaphore.py", kind, linkname="/etc/passwd")

    assert refusal_from(link) == unsafe("semaphore.py", "is a link")


@pytest.mark.parametrize(
    "kind",
    [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.GNUTYPE_SPARSE, b"V"],
)
def test_what_is_no_file_is_refused(kind: bytes) -> None:
    assert refusal_from(GOOD, header("a.txt", kind)) == unsafe(
        "a.txt", "is neither a file nor a folder"
    )


def test_a_file_with_holes_is_refused() -> None:
    sparse = pax(b"22 GNU.sparse.major=1\n")

    assert refusal_from(sparse, GOOD) == unsafe(
        "semaphore.py", "is neither a file nor a folder"
    )


def test_a_long_name_is_held_against_the_rules() -> None:
    long_name = member("x", b"a\0b.py\0", tarfile.GNUTYPE_LONGNAME)

    assert refusal_from(long_name, GOOD) == unsafe(
        r"a\x00b.py", "has a control character in its name"
    )


@pytest.mark.parametrize(
    "member",
    [
        header("semaphore.py", size=-512),
        header("semaphore.py", size=1 << 60),
        header("semaphore.py").replace(b"semaphore", b"samaphore"),
        pax(b"9 size=-5\n") + GOOD,
        pax(b"20 path=a.py\n") + GOOD,
        pax(b"0 path=a.py\n") + GOOD,
        pax(b"13 path a.py\n") + GOOD,
        pax(b"path=a.py\n") + GOOD,
        pax(b"1" * 5000) + GOOD,
        pax(b"13 path=a.py\n", tarfile.XGLTYPE) + GOOD,
    ],
)
def test_a_header_that_nobody_writes_is_refused(member: bytes) -> None:
    assert refusal_from(member) == DAMAGED


def test_headers_about_headers_end() -> None:
    assert refusal_from(*[pax(b"13 path=a.py\n")] * 5000)[0] == "missing"


def test_an_archive_without_an_end_is_refused() -> None:
    Path("a.tar").write_bytes(GOOD)

    assert refusal_of("a.tar") == DAMAGED
