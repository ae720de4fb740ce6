"""Real files and, where a file must be slow, named pipes: they wait for the test."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from .waiting import others, until

OLD = b"as it was\n"

# Who is cancelled while aiofiles opens a file never sees that file, and cannot close it.
# Python does, and says so.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Have Python close such a file, and say so, in the test that it belongs to."""
    yield
    gc.collect()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The file that is to be replaced; it is not empty."""
    path = tmp_path / "merged" / "out"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files of many sizes; some are no text, one is empty."""
    paths = [tmp_path / f"in-{number}" for number in range(20)]
    for number, path in enumerate(paths):
        path.write_bytes(bytes(range(256)) * (number * number) + b"\r\n\x00" * number)
    return paths


class Pipes:
    """Files that are open while somebody reads them, and end when the test says so."""

    def __init__(self, folder: Path, number: int) -> None:
        self.paths = [folder / f"pipe-{index}" for index in range(number)]
        for path in self.paths:
            os.mkfifo(path)
        self._waiting = [*self.paths]
        self._held: dict[Path, int] = {}

    def opened(self) -> int:
        """Return how many have been opened so far; keep those from ending."""
        for path in [*self._waiting]:
            try:
                # Without a reader this fails at once.
                held = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                continue
            self._held[path] = held
            self._waiting.remove(path)
        return len(self.paths) - len(self._waiting)

    def end(self, path: Path | None = None) -> None:
        """Let the one that was opened last, or a given one, end with its own name."""
        chosen = path or [*self._held][-1]
        held = self._held.pop(chosen)
        with suppress(BrokenPipeError):  # nobody wants to know it any more
            os.write(held, chosen.name.encode())
        os.close(held)

    def end_all(self) -> None:
        """Let all end, now and in future, so that no thread is left with one."""
        for path in [*self._held]:
            self.end(path)
        for path in self._waiting:
            os.close(os.open(path, os.O_RDWR))  # waits for nobody, and wakes who waits


@pytest.fixture
def pipes(tmp_path: Path) -> Iterator[Pipes]:
    made = Pipes(tmp_path, 6)
    yield made
    made.end_all()


def assert_untouched(out: Path) -> None:
    assert out.read_bytes() == OLD
    assert [*out.parent.iterdir()] == [out]


@pytest.mark.asyncio
async def test_the_bytes_of_all_files_are_in_out_in_their_order(
    answer: Any, files: list[Path], out: Path
) -> None:
    together = b"".join(path.read_bytes() for path in files)

    size = await answer.merge_files(files, out, limit=3)

    assert size == len(together)
    assert out.read_bytes() == together
    assert [*out.parent.iterdir()] == [out]
    assert others() == set()


@pytest.mark.asyncio
async def test_who_looks_meanwhile_sees_the_old_bytes_or_the_new(
    answer: Any, tmp_path: Path, out: Path
) -> None:
    big = tmp_path / "big"
    big.write_bytes(os.urandom(1 << 20))
    whole = {OLD, big.read_bytes() * 8}
    seen = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(out.read_bytes())

    with out.open("rb") as opened_before:
        looking = asyncio.create_task(asyncio.to_thread(look))
        await answer.merge_files([big] * 8, out, limit=2)
        done.set()
        await looking
        assert opened_before.read() == OLD

    assert {*seen} <= whole
    assert out.read_bytes() in whole - {OLD}


@pytest.mark.asyncio
async def test_out_may_be_new_and_may_be_one_of_the_files(
    answer: Any, files: list[Path], out: Path
) -> None:
    new = out.with_name("new")
    await answer.merge_files(files[:3], new, limit=2)
    together = new.read_bytes()

    await answer.merge_files([files[3], new, files[4], new], new, limit=2)

    assert new.read_bytes() == (
        files[3].read_bytes() + together + files[4].read_bytes() + together
    )
    assert {*out.parent.iterdir()} == {out, new}


@pytest.mark.asyncio
async def test_as_many_files_are_open_as_the_limit_says(
    answer: Any, pipes: Pipes, out: Path
) -> None:
    task = asyncio.create_task(answer.merge_files(pipes.paths, out, limit=3))
    for ended in range(4):
        await until(lambda: pipes.opened() >= 3 + ended)  # noqa: B023
        await asyncio.sleep(0.05)  # for those that should not come
        assert pipes.opened() == 3 + ended
        assert out.read_bytes() == OLD
        pipes.end()
    pipes.end()
    pipes.end()
    await task

    assert out.read_bytes() == b"".join(path.name.encode() for path in pipes.paths)


@pytest.mark.parametrize("place", [0, 10, 20])
@pytest.mark.asyncio
async def test_without_one_of_the_files_nothing_is_changed(
    answer: Any, files: list[Path], out: Path, place: int
) -> None:
    files.insert(place, out.with_name("missing"))

    with pytest.raises(FileNotFoundError):
        await answer.merge_files(files, out, limit=4)

    await until(lambda: [*out.parent.iterdir()] == [out])
    assert_untouched(out)


@pytest.mark.asyncio
async def test_a_folder_cannot_be_replaced(
    answer: Any, files: list[Path], out: Path
) -> None:
    folder = out.with_name("folder")
    (folder / "within").mkdir(parents=True)

    with pytest.raises(OSError, match="folder"):
        await answer.merge_files(files, folder, limit=4)

    await until(lambda: {*out.parent.iterdir()} == {out, folder})
    assert [*folder.iterdir()] == [folder / "within"]


@pytest.mark.asyncio
async def test_a_disk_that_is_full_is_an_error(
    answer: Any, files: list[Path], out: Path
) -> None:
    # A limit of the process stands for the disk; Python ignores the signal that goes
    # with it, so that the write fails.
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            await answer.merge_files(files, out, limit=4)
        await until(lambda: [*out.parent.iterdir()] == [out])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert_untouched(out)


@pytest.mark.asyncio
async def test_a_cancelled_call_changes_nothing_and_opens_no_more(
    answer: Any, pipes: Pipes, out: Path
) -> None:
    task = asyncio.create_task(answer.merge_files(pipes.paths, out, limit=2))
    await until(lambda: pipes.opened() == 2)
    task.cancel()
    await asyncio.sleep(0.01)
    pipes.end()
    pipes.end()
    with pytest.raises(asyncio.CancelledError):
        await task
    # A thread that was at work may still have to end.
    await until(lambda: [*out.parent.iterdir()] == [out])

    assert pipes.opened() == 2
    assert_untouched(out)
    assert others() == set()


@pytest.mark.asyncio
async def test_two_calls_for_one_out_do_not_mix(
    answer: Any, files: list[Path], out: Path
) -> None:
    one, other = files[10:], files[:10]

    await asyncio.gather(
        answer.merge_files(one, out, limit=2), answer.merge_files(other, out, limit=2)
    )

    assert out.read_bytes() in {
        b"".join(path.read_bytes() for path in paths) for paths in (one, other)
    }
    assert [*out.parent.iterdir()] == [out]
