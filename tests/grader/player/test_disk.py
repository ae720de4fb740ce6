"""Files that take time of the world, however they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from grader import values
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import unwalled
from grader.world.disk import Disk
from grader.world.record import Run

from .performing import Perform


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(unwalled("process", ["files"])) as started:
        yield started


@pytest.fixture(autouse=True)
def _files(sandbox: Sandbox) -> None:
    sandbox.folder.lay_out({"a": b"one", "in/b": b"two"})


def outcome(run: Run) -> Any:
    assert run.outcome is not None
    assert run.outcome.kind == "returned", run.outcome
    return values.unpack(run.outcome.value)


def uses(run: Run) -> list[tuple[str, Any]]:
    """Return each use of a file and the path it was of."""
    return [(call.name.removeprefix("disk."), call.args[0]) for call in run.operations]


READING = {
    "open": "open('a', 'rb').read()",
    "a with": "reading()",
    "text": "open('a', encoding='utf-8').read().encode()",
    "pathlib": "pathlib.Path('a').read_bytes()",
    "an absolute path": "pathlib.Path('a').absolute().read_bytes()",
    "without a buffer": "open('a', 'rb', buffering=0).read()",
    "a descriptor": "os.read(fd := os.open('a', os.O_RDONLY), 10) + (os.close(fd) or b'')",
    "at a place": "os.pread(fd := os.open('a', os.O_RDONLY), 10, 0) + (os.close(fd) or b'')",
    "line by line": "b''.join(open('a', 'rb'))",
    "a file of a descriptor": "os.fdopen(os.open('a', os.O_RDONLY), 'rb').read()",
}

SOURCE = """
import aiofiles, asyncio, os, pathlib
def reading():
    with open('a', 'rb') as file:
        return file.read()
def f(world):
    return {expression}
"""


@pytest.mark.parametrize("way", READING)
def test_reading_is_opening_reading_and_closing(perform: Perform, way: str) -> None:
    source = SOURCE.format(expression=READING[way])

    run = perform(source, {"disk": Disk(opens=1, reads=0.5)})

    assert outcome(run) == b"one"
    names = [verb for verb, _ in uses(run)]
    assert (names[0], set(names[1:-1]), names[-1]) == ("open", {"read"}, "close")
    assert {path for _, path in uses(run)} == {"a"}
    assert run.operations[1].began.at == 1_000_000_000
    assert run.outcome is not None
    assert run.outcome.when.at >= 1_500_000_000


def test_threads_read_side_by_side(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        from pathlib import Path
        async def f(world):
            calls = (asyncio.to_thread(Path(p).read_bytes) for p in ("a", "in/b"))
            found = await asyncio.gather(*calls)
            return found, asyncio.get_running_loop().time() - 1000
        """,
        {"disk": Disk(opens=1, reads=0, slow={"in/b": 3})},
    )

    assert outcome(run) == ([b"one", b"two"], 3.0)
    assert run.blocked == []


def test_aiofiles_uses_the_disk_from_its_threads(perform: Perform) -> None:
    run = perform(
        """
        import aiofiles, aiofiles.os, asyncio
        async def f(world):
            async with aiofiles.open("new", "wb") as file:
                await file.write(b"three")
            await aiofiles.os.replace("new", "out")
            async with aiofiles.open("out") as file:
                return await file.read()
        """,
        {"disk": Disk()},
    )

    assert outcome(run) == "three"
    assert [verb for verb, _ in uses(run)][:4] == ["open", "write", "close", "replace"]
    assert run.blocked == []


def test_a_file_used_on_the_loop_stops_it(perform: Perform) -> None:
    run = perform(
        """
        async def f(world):
            with open("a") as file:
                return file.read()
        """,
        {"disk": Disk()},
    )

    assert outcome(run) == "one"
    assert {each.line for _, each in run.blocked} == {2, 3}
    assert {each.what for _, each in run.blocked} == {"the disk"}


def test_what_is_written_is_there_and_a_temporary_file_is_one_of_them(
    perform: Perform, sandbox: Sandbox
) -> None:
    run = perform(
        """
        import os, tempfile
        def f(world):
            with tempfile.NamedTemporaryFile(dir=".", prefix="t", delete=False) as file:
                file.write(b"x" * 20_000)
            os.replace(file.name, "out")
            os.remove("a")
        """,
        {"disk": Disk()},
    )

    assert outcome(run) is None
    assert sandbox.folder.contents() == {
        "in/": None,
        "in/b": b"two",
        "out": b"x" * 20_000,
    }
    verbs = [verb for verb, _ in uses(run)]
    assert verbs[0] == "open"
    assert verbs[-3:] == ["close", "replace", "remove"]


def test_a_missing_file_is_missing_after_it_was_looked_for(perform: Perform) -> None:
    run = perform(
        """
        import time
        def f(world):
            try:
                open("nowhere")
            except FileNotFoundError:
                return time.monotonic() - 1000
        """,
        {"disk": Disk(opens=2)},
    )

    assert outcome(run) == 2.0
    assert [verb for verb, _ in uses(run)] == ["open", "close"]


@pytest.mark.parametrize(
    "call",
    [
        "open('a', 'rw')",
        "open('a', 'q')",
        "open('a', 'rb', encoding='utf-8')",
        "open('a', 'r', 0)",
        "open(3.5)",
    ],
)
def test_what_open_refuses_is_refused_here_too(perform: Perform, call: str) -> None:
    run = perform(
        f"""
        def f(world):
            try:
                {call}
            except (TypeError, ValueError):
                return True
        """,
        {"disk": Disk()},
    )

    assert outcome(run) is True


def test_without_a_disk_files_take_no_time(perform: Perform) -> None:
    run = perform("""
        def f(world):
            with open("a") as file:
                return file.read()
        """)

    assert outcome(run) == "one"
    assert run.end.at == 0


WRITING = {
    "open": "open('a', 'wb').write(b'new')",
    "both": "open('a', 'r+b').write(b'new')",
    "text": "open('a', 'w').write('new')",
    "pathlib": "pathlib.Path('a').write_bytes(b'new')",
    "a descriptor": "(os.write(fd := os.open('a', os.O_WRONLY), b'new'), os.close(fd))",
    "at a place": "(os.pwrite(fd := os.open('a', os.O_WRONLY), b'new', 0), os.close(fd))",
    "shutil": "shutil.copyfile('in/b', 'a')",
    "copied objects": "shutil.copyfileobj(open('in/b', 'rb'), open('a', 'wb'))",
}


@pytest.mark.parametrize("way", WRITING)
def test_writing_is_opening_writing_and_closing(
    perform: Perform, sandbox: Sandbox, way: str
) -> None:
    source = f"""
        import os, pathlib, shutil
        def f(world):
            {WRITING[way]}
        """

    run = perform(source, {"disk": Disk()})

    assert outcome(run) is None
    assert sandbox.folder.contents()["a"] in {b"new", b"two"}
    written = [verb for verb, path in uses(run) if path == "a"]
    assert (written[0], set(written[1:-1]), written[-1]) == ("open", {"write"}, "close")
    opened = [call.args[2] for call in run.named("disk.open") if call.args[0] == "a"]
    assert opened == ["w"]


CHANGING = {
    "os.replace('a', 'c')": ["replace"],
    "os.replace(src='a', dst='c')": ["replace"],
    "os.rename('a', 'c')": ["replace"],
    "pathlib.Path('a').replace('c')": ["replace"],
    "pathlib.Path('a').rename(pathlib.Path('c').absolute())": ["replace"],
    "shutil.move('a', 'c')": ["replace"],
    "os.link('a', 'c')": ["link"],
    "pathlib.Path('c').hardlink_to('a')": ["link"],
    "os.remove('a')": ["remove"],
    "pathlib.Path('a').unlink()": ["remove"],
    "os.unlink(path='a')": ["remove"],
    "os.truncate('a', 1)": ["write"],
    "os.stat('a')": [],
    "os.listdir('.')": [],
    "os.open('in', os.O_RDONLY)": [],
    "os.mkdir('d')": [],
}


@pytest.mark.parametrize("call", CHANGING)
def test_what_changes_a_file_by_its_name_takes_its_time(
    perform: Perform, call: str
) -> None:
    run = perform(
        f"""
        import os, pathlib, shutil
        def f(world):
            {call}
        """,
        {"disk": Disk()},
    )

    assert outcome(run) is None
    assert uses(run) == [(verb, "a") for verb in CHANGING[call]]


def test_to_wait_for_the_disk_takes_as_long_as_to_write(perform: Perform) -> None:
    run = perform(
        """
        import os
        def f(world):
            with open("a", "wb") as file:
                os.fsync(file)
                os.fdatasync(file.fileno())
                file.truncate(2)
        """,
        {"disk": Disk(opens=0, writes=1)},
    )

    assert [verb for verb, _ in uses(run)] == ["open", "sync", "sync", "write", "close"]
    assert run.end.at == 3_000_000_000


@pytest.mark.parametrize(
    ("disk", "call", "told"),
    [
        (Disk(missing=["a"]), "open('a')", "FileNotFoundError ENOENT a"),
        (Disk(unreadable=["a"]), "open('a').read()", "OSError EIO a"),
        (Disk(full=True), "pathlib.Path('a').write_text('x')", "OSError ENOSPC a"),
        (Disk(read_only=True), "open('a', 'wb')", "OSError EROFS a"),
        (Disk(read_only=True), "open('a').read()", "nothing"),
        (Disk(mounts=["in"]), "os.replace('a', 'in/b')", "OSError EXDEV a"),
        (Disk(mounts=["in"]), "os.link('in/b', 'c')", "OSError EXDEV in/b"),
        (Disk(mounts=["in"]), "os.replace('in/b', 'in/c')", "nothing"),
        (Disk(), "os.replace('/somewhere/else', 'a')", "OSError EXDEV ../else"),
    ],
)
def test_what_a_disk_refuses_looks_as_if_the_system_did(
    perform: Perform, disk: Disk, call: str, told: str
) -> None:
    run = perform(
        f"""
        import errno, os, pathlib
        def f(world):
            try:
                {call}
            except OSError as error:
                name = errno.errorcode[error.errno]
                return f"{{type(error).__name__}} {{name}} {{error.filename}}"
            return "nothing"
        """,
        {"disk": disk},
    )

    assert outcome(run) == told


def test_a_disk_that_is_full_leaves_what_was_there(
    perform: Perform, sandbox: Sandbox
) -> None:
    run = perform(
        """
        def f(world):
            with open("a", "r+b") as file:
                file.write(b"new")
        """,
        {"disk": Disk(full=True)},
    )

    assert run.outcome is not None
    assert run.outcome.kind == "raised"
    assert sandbox.folder.contents()["a"] == b"one"


def test_names_of_temporary_files_are_the_same_in_each_run(perform: Perform) -> None:
    source = """
        import os, secrets, tempfile, uuid
        def f(world):
            named = tempfile.NamedTemporaryFile().name
            made = os.path.relpath(tempfile.mkstemp()[1])
            os.remove(made)
            drawn = secrets.token_hex(8), uuid.uuid4().hex, os.urandom(4)
            return os.path.relpath(named), made, drawn
        """

    found = [outcome(perform(source, {"disk": Disk()})) for _ in range(2)]

    assert found[0] == found[1]
    assert not any("/" in name for name in found[0][:2])


def test_who_closes_a_file_that_is_being_written_waits(perform: Perform) -> None:
    run = perform(
        """
        import aiofiles, asyncio
        async def f(world):
            async def write():
                async with aiofiles.open("new", "wb") as file:
                    await file.write(b"x" * 20_000)
            writing = asyncio.create_task(write())
            await asyncio.sleep(1.5)
            writing.cancel()
            try:
                await writing
            except asyncio.CancelledError:
                return asyncio.get_running_loop().time() - 1000
        """,
        {"disk": Disk(opens=1, writes=2)},
    )

    assert outcome(run) == 3.0
    assert run.blocked == []


def test_a_file_that_two_threads_write_to_is_written_by_one_after_the_other(
    perform: Perform, sandbox: Sandbox
) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            file = open("a", "wb")
            parts = b"x" * 9000, b"y" * 9000
            await asyncio.gather(*(asyncio.to_thread(file.write, p) for p in parts))
            await asyncio.to_thread(file.close)
        """,
        {"disk": Disk(opens=0, writes=1)},
    )

    assert outcome(run) is None
    assert sandbox.folder.contents()["a"] == b"x" * 9000 + b"y" * 9000


def test_the_temporary_files_of_aiofiles_use_the_disk(perform: Perform) -> None:
    run = perform(
        """
        import aiofiles.os, aiofiles.tempfile
        async def f(world):
            made = aiofiles.tempfile.NamedTemporaryFile(dir=".", delete=False)
            async with made as file:
                await file.write(b"three")
            await aiofiles.os.replace(file.name, "out")
        """,
        {"disk": Disk()},
    )

    assert outcome(run) is None
    assert [verb for verb, _ in uses(run)] == ["open", "write", "close", "replace"]
    assert run.blocked == []
