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
    return [
        (
            call.name.removeprefix("disk."),
            call.args[0] if isinstance(call.args[0], str) else call.args[1],
        )
        for call in run.operations
    ]


READING = {
    "open": "open('a', 'rb').read()",
    "a with": "reading()",
    "text": "open('a', encoding='utf-8').read().encode()",
    "pathlib": "pathlib.Path('a').read_bytes()",
    "an absolute path": "pathlib.Path('a').absolute().read_bytes()",
    "without a buffer": "open('a', 'rb', buffering=0).read()",
    "a descriptor": "os.read(fd := os.open('a', os.O_RDONLY), 10) + (os.close(fd) or b'')",
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
