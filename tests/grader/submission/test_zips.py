import stat
import zipfile
from pathlib import Path

import pytest

from .handed import SOURCE, listed, refusal_of, taken, zip_up

METHODS = [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


def refusal_from(packed: bytes) -> tuple[str, str]:
    Path("a.zip").write_bytes(packed)
    return refusal_of("a.zip")


def unsafe(name: str, fault: str) -> tuple[str, str]:
    message = f"a.zip holds {name}, which {fault}. Pack your Python file alone."
    return "unsafe archive", message


DAMAGED = (
    "broken archive",
    (
        "a.zip is damaged, or is neither a zip nor a tar archive. "
        "Hand in your Python file, or pack it anew."
    ),
)


def test_a_link_is_refused() -> None:
    entry = listed("semaphore.py", external_attr=(stat.S_IFLNK | 0o777) << 16)

    assert refusal_from(zip_up(entry)) == unsafe("semaphore.py", "is a link")


@pytest.mark.parametrize(
    "kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK, stat.S_IFDIR]
)
def test_what_is_no_file_is_refused(kind: int) -> None:
    entry = listed("a.txt", external_attr=kind << 16)

    assert refusal_from(zip_up("semaphore.py", entry)) == unsafe(
        "a.txt", "is neither a file nor a folder"
    )


def test_what_is_encrypted_is_refused() -> None:
    packed = bytearray(zip_up("semaphore.py"))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1

    assert refusal_from(bytes(packed)) == unsafe("semaphore.py", "is encrypted")


@pytest.mark.parametrize("method", METHODS)
def test_methods_that_unpack_without_a_bound_are_refused(method: int) -> None:
    entry = listed("semaphore.py", compress_type=method)

    assert refusal_from(zip_up(entry)) == unsafe(
        "semaphore.py", "is packed by a method other than deflate"
    )


def test_a_stored_file_is_taken_in() -> None:
    Path("a.zip").write_bytes(zip_up(listed("semaphore.py", compress_type=0)))

    assert taken("a.zip").source == SOURCE


def test_a_comment_does_no_harm() -> None:
    packed = zip_up("semaphore.py")[:-2] + b"\x03\x00abc"
    Path("a.zip").write_bytes(packed)

    assert taken("a.zip").source == SOURCE


def test_a_file_that_was_changed_is_refused() -> None:
    packed = zip_up(listed("semaphore.py", compress_type=0))

    assert refusal_from(packed.replace(b"limit = 3", b"limit = 4")) == DAMAGED


def test_a_size_that_is_told_too_small_gives_no_more() -> None:
    packed = bytearray(zip_up("semaphore.py", content=bytes(5000)))
    at = packed.index(b"PK\x01\x02") + 24
    packed[at : at + 4] = (10).to_bytes(4, "little")

    assert refusal_from(bytes(packed)) == DAMAGED


def test_two_names_for_one_file_are_refused() -> None:
    packed = zip_up("semaphore.py")

    assert refusal_from(packed.replace(b"semaphore.py", b"innocent.py.", 1)) == DAMAGED


def test_names_that_are_not_what_they_say_are_refused() -> None:
    packed = zip_up("sémaphore.py").replace("é".encode(), b"\xff\xff")

    assert refusal_from(packed) == DAMAGED
