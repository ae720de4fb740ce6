import errno
import hashlib
import os
import socket
from pathlib import Path

import pytest

from grader.submission import MAX_BYTES, Rejected, name_of, read


def refusal_of(path: str | Path) -> tuple[str, str, str]:
    with pytest.raises(Rejected) as caught:
        read(path)
    return caught.value.name, caught.value.reason, str(caught.value)


def test_a_file_is_taken_in_byte_by_byte(here: Path) -> None:
    (here / "semaphore.py").write_bytes(b"\xff\x00\r\n")

    taken = read("semaphore.py")

    assert taken.source == b"\xff\x00\r\n"
    assert taken.sha256 == hashlib.sha256(b"\xff\x00\r\n").hexdigest()
    assert taken.path == Path("semaphore.py")
    assert taken.advice == ""


def test_an_empty_file_is_taken_in(here: Path) -> None:
    (here / "empty.py").touch()

    assert read("empty.py").source == b""


def test_a_file_of_exactly_the_limit_is_taken_in(here: Path) -> None:
    (here / "large.py").write_bytes(b"#" * MAX_BYTES)

    assert len(read("large.py").source) == MAX_BYTES


def test_a_missing_file_is_refused() -> None:
    assert refusal_of("semaphor.py") == (
        "semaphor.py",
        "missing",
        "There is no semaphor.py. Write your answer there, or name the right file.",
    )


def test_a_path_through_a_file_is_missing(here: Path) -> None:
    (here / "a.py").touch()

    assert refusal_of("a.py/b.py")[1] == "missing"


def test_a_folder_is_refused(here: Path) -> None:
    (here / "answers").mkdir()

    assert refusal_of("answers") == (
        "answers",
        "directory",
        "answers is a folder. Name the Python file in it.",
    )


def test_a_file_over_the_limit_is_refused(here: Path) -> None:
    (here / "large.py").write_bytes(b"#" * (MAX_BYTES + 1))

    assert refusal_of("large.py") == (
        "large.py",
        "too large",
        "large.py is larger than 1 MiB. Hand in your source code alone.",
    )


def test_a_link_is_refused_even_to_a_good_file(here: Path) -> None:
    (here / "real.py").touch()
    (here / "link.py").symlink_to("real.py")

    assert refusal_of("link.py") == (
        "link.py",
        "not a regular file",
        "link.py is a link. Name the file that it points to.",
    )


def test_a_file_in_a_linked_folder_is_taken_in(here: Path) -> None:
    (here / "real").mkdir()
    (here / "real" / "a.py").touch()
    (here / "link").symlink_to("real")

    assert read("link/a.py").name == "link/a.py"


def test_a_pipe_is_refused_at_once(here: Path) -> None:
    os.mkfifo(here / "pipe.py")

    assert refusal_of("pipe.py") == (
        "pipe.py",
        "not a regular file",
        "pipe.py is not a regular file. Name a Python file.",
    )


def test_a_socket_is_refused() -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.py")

        assert refusal_of("s.py")[1] == "not a regular file"


def test_a_device_is_refused() -> None:
    assert refusal_of(os.devnull)[1] == "not a regular file"


def test_a_file_without_permission_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", forbid)

    assert refusal_of("a.py") == (
        "a.py",
        "unreadable",
        "a.py cannot be read: Permission denied. Make it readable, or name another file.",
    )


def test_a_path_with_a_nul_is_refused() -> None:
    assert refusal_of("a\0.py")[:2] == (r"a\x00.py", "unreadable")


def test_a_refused_file_is_closed_again(here: Path) -> None:
    (here / "answers").mkdir()
    before = sorted(Path("/dev/fd").iterdir())

    refusal_of("answers")

    assert sorted(Path("/dev/fd").iterdir()) == before


def test_the_name_is_relative_where_that_is_shorter(here: Path) -> None:
    assert name_of(here / "katas" / "a.py") == "katas/a.py"
    assert name_of("./a.py") == "a.py"


def test_the_name_is_absolute_where_that_is_shorter() -> None:
    assert name_of("/a.py") == "/a.py"


def test_the_name_holds_only_what_can_be_printed() -> None:
    assert name_of("a\x1b[31m\n.py") == r"a\x1b[31m\n.py"
    assert name_of(os.fsdecode(b"\xff.py")) == r"\udcff.py"


def test_the_name_of_a_standard_module_is_advised_against(here: Path) -> None:
    (here / "asyncio.py").touch()

    assert read("asyncio.py").advice == (
        "asyncio.py has the name of a standard module: it is graded all the same, but "
        "Python finds it in place of that module when you run code beside it."
    )
