import asyncio
import os
from pathlib import Path

import pytest

from .merge_files import merge_files


def files(folder: Path, *contents: bytes) -> list[Path]:
    """Make files with these contents; return their paths."""
    paths = [folder / f"part-{number}" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.asyncio
async def test_bytes_stand_in_the_order_of_the_paths(tmp_path: Path) -> None:
    one, two, three = files(tmp_path, b"one\r\n", b"\xfftwo", b"three")

    number = await merge_files([three, one, two], tmp_path / "out", limit=2)

    assert (tmp_path / "out").read_bytes() == b"threeone\r\n\xfftwo"
    assert number == 14
    assert names(tmp_path) == ["out", "part-0", "part-1", "part-2"]


@pytest.mark.asyncio
async def test_out_may_be_one_of_the_files(tmp_path: Path) -> None:
    one, two = files(tmp_path, b"one", b"two")

    await merge_files([two, one], one, limit=1)

    assert one.read_bytes() == b"twoone"


@pytest.mark.asyncio
async def test_a_missing_file_changes_nothing(tmp_path: Path) -> None:
    (out,) = files(tmp_path, b"old")

    with pytest.raises(FileNotFoundError):
        await merge_files([out, tmp_path / "missing"], out, limit=2)

    assert out.read_bytes() == b"old"
    assert names(tmp_path) == ["part-0"]


@pytest.mark.asyncio
async def test_a_replacing_that_fails_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("somebody holds it")

    (one,) = files(tmp_path, b"one")
    for name in ("replace", "rename"):
        monkeypatch.setattr(os, name, refuse)

    with pytest.raises(PermissionError):
        await merge_files([one], tmp_path / "out", limit=1)

    assert names(tmp_path) == ["part-0"]


@pytest.mark.asyncio
async def test_a_merge_that_is_cancelled_changes_nothing(tmp_path: Path) -> None:
    one, out = files(tmp_path, b"one", b"old")
    merging = asyncio.create_task(merge_files([one], out, limit=1))
    await asyncio.sleep(0)

    merging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await merging
    await asyncio.sleep(0.05)

    assert out.read_bytes() == b"old"
    assert names(tmp_path) == ["part-0", "part-1"]


@pytest.mark.asyncio
async def test_a_limit_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="limit"):
        await merge_files([], tmp_path / "out", limit=0)
