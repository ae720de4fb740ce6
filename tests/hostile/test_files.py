"""A kata that is allowed files: a folder of its own, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.capabilities import FOLDER_BYTES
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import Level, walls

from .conftest import standing
from .playing import Stand


@pytest.fixture(scope="module")
def sandbox(level: Level) -> Iterator[Sandbox]:
    with Sandbox(walls(level, ["files"])) as started:
        _ = started.folder
        yield started


@pytest.fixture
def stand(sandbox: Sandbox, tmp_path: Path) -> Iterator[Stand]:
    yield from standing(sandbox, tmp_path)
    sandbox.folder.lay_out({})
    assert sandbox.folder.contents() == {}


def test_a_submission_reads_what_the_judge_laid_out(stand: Stand) -> None:
    stand.files.lay_out({"a": b"1", "in/b": b"2"})

    told = stand.run("""
        from pathlib import Path
        def f(world):
            return Path("a").read_bytes() + open("in/b", "rb").read()
        """)

    assert told == "returned b'12'"


def test_the_judge_reads_what_a_submission_wrote(stand: Stand) -> None:
    stand.files.lay_out({"old": b"1", "gone": b"2"})

    told = stand.run("""
        import os, pathlib, tempfile
        def f(world):
            pathlib.Path("old").write_bytes(b"3")
            with tempfile.NamedTemporaryFile(dir=".", delete=False) as file:
                file.write(b"4")
            os.replace(file.name, "new")
            os.remove("gone")
            os.makedirs("deep/er")
        """)

    assert told == "returned None"
    assert stand.files.contents() == {
        "old": b"3",
        "new": b"4",
        "deep/": None,
        "deep/er/": None,
    }


def test_an_atomic_write_through_the_usual_libraries_works(stand: Stand) -> None:
    stand.files.lay_out({"a": b"x" * 100_000})

    told = stand.run("""
        import asyncio, os, aiofiles
        async def f(world):
            async with aiofiles.open("a", "rb") as file:
                data = await file.read()
            async with aiofiles.open("b.tmp", "wb") as file:
                await file.write(data)
            await asyncio.to_thread(os.replace, "b.tmp", "b")
            return len(data)
        """)

    assert told == "returned 100000"
    assert sorted(stand.files.contents()) == ["a", "b"]


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/tmp/left-by-a-kata', 'w')",
        "open('/dev/shm/left', 'w')",
        "open('../left', 'w')",
        "open('/left', 'w')",
        "os.rename('a', '/tmp/left-by-a-kata')",
        "os.link('/etc/passwd', 'link')",
        "open('/etc/passwd')",
        "os.chmod('a', 0o777)",
        "os.mkfifo('/tmp/left-by-a-kata')",
        "os.fork()",
        "os.execv('a', ['a'])",
    ],
)
def test_nothing_else_can_be_written(stand: Stand, attempt: str) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")
    stand.files.lay_out({"a": b"#!/bin/true"})

    told = stand.run(f"""
        import os
        def f(world):
            try:
                {attempt}
            except OSError:
                return "blocked"
        """)

    assert told == "returned 'blocked'"


def test_a_link_that_was_left_is_not_followed(stand: Stand) -> None:
    told = stand.run("""
        import os
        def f(world):
            os.symlink("/etc/passwd", "passwd")
            os.symlink("/etc", "etc")
            os.symlink("..", "up")
            os.mkfifo("pipe")
        """)

    assert told == "returned None"
    assert stand.files.contents() == {
        "passwd": None,
        "etc": None,
        "up": None,
        "pipe": None,
    }


def test_a_file_that_is_too_long_is_refused(stand: Stand) -> None:
    told = stand.run("""
        def f(world):
            with open("long", "wb") as file:
                for _ in range(100):
                    file.write(bytes(1 << 16))
        """)

    assert told == "raised OSError"
    assert sum(len(data or b"") for data in stand.files.contents().values()) <= 1 << 20


def test_behind_strong_walls_the_folder_fills_up(stand: Stand) -> None:
    if stand.level != "strong":
        pytest.skip("elsewhere the folder lies on the machine's own disk")

    told = stand.run("""
        def f(world):
            for number in range(100):
                with open(str(number), "wb") as file:
                    file.write(bytes(1 << 19))
        """)

    assert told == "raised OSError"
    kept = [data or b"" for data in stand.files.contents().values()]
    assert sum(map(len, kept)) <= FOLDER_BYTES


@pytest.mark.parametrize(
    "mess",
    [
        "[open(str(n), 'w').close() for n in range(300)]",
        "[(os.mkdir('d'), os.chdir('d')) for n in range(800)]",
        "(os.mkdir('d', 0o300), open('d/x', 'w').close(), os.mkdir('d/e', 0o300))",
        "(os.makedirs('a'), os.mkdir('a/b', 0), os.mkdir('a/c', 0o300))",
        "(os.umask(0o777), os.mkdir('d'), os.mkdir('e'))",
        "(os.mkdir('d'), os.symlink('..', 'd/up'), os.symlink('d', 'd2'))",
        "(os.mkdir('x' * 255), open('x' * 255 + '/' + 'y' * 255, 'w').close())",
        "open(b'\\xff\\xfe', 'w').close()",
    ],
)
def test_whatever_is_left_can_be_cleared_away(stand: Stand, mess: str) -> None:
    told = stand.run(f"""
        import os
        def f(world):
            {mess}
        """)
    stand.files.contents()
    stand.files.lay_out({"a": b"1"})

    assert told == "returned None"
    assert stand.files.contents() == {"a": b"1"}


def test_what_is_allowed_is_not_told_as_an_attempt(stand: Stand) -> None:
    stand.files.lay_out({"a": b"1"})
    stand.run("""
        import os
        from pathlib import Path
        def f(world):
            open("a").close()
            Path("b").write_text("x")
            os.replace(Path("b"), Path("c"))
            try:
                open("/etc/hostname")
            except OSError:
                pass
        """)

    assert stand.last is not None
    assert stand.last.ended is not None
    assert [(each.what, each.line) for each in stand.last.ended.tried] == [
        ("reads a file", 8)
    ]
