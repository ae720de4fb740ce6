from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.catalogue import Kata, find, root

HandIn = Callable[[str, str | bytes], Path]


@pytest.fixture
def katas() -> list[Kata]:
    return [find(slug, root()) for slug in ("semaphore", "hello_await")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


@pytest.fixture
def hand_in(folder: Path) -> HandIn:
    """Write a file of the folder of submissions."""

    def write(place: str, content: str | bytes) -> Path:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def zipped(**files: str) -> bytes:
    """Return an archive; a name's double underscores stand for slashes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name.replace('__', '/')}.py", content)
    return packed.getvalue()
