"""The files of the project that go into a package."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from grader.catalogue import HOME, Kata

_BESIDE = ("kata.toml", "test_examples.py")
_SKIPPED = {"__pycache__"}
_DATE = (1980, 1, 1, 0, 0, 0)


class File(NamedTuple):
    """A file of a package, by its place in it."""

    place: str
    data: bytes
    executable: bool = False


def grader() -> Iterator[File]:
    """Yield the grader's own code, its lock and its licence."""
    for name in ("pyproject.toml", "requirements.lock", "LICENSE"):
        yield File(name, (HOME / name).read_bytes())
    yield from _below(HOME, "grader")


def folder(kata: Kata) -> Iterator[File]:
    """Yield what a learner gets of a kata: stub, statement, examples, description."""
    needed = (kata.stub, kata.readme, *map(kata.folder.joinpath, _BESIDE))
    kept = [kata.pristine] if kata.pristine.exists() else []
    for path in (*needed, *kept):
        yield File(path.relative_to(kata.root).as_posix(), path.read_bytes())


def laws(kata: Kata) -> Iterator[File]:
    """Yield the hidden tests of a kata."""
    yield from _below(kata.root, f"tests/katas/{kata.slug}")


def reference(kata: Kata) -> Iterator[File]:
    """Yield our own answer: by it our faults are told from a submission's."""
    yield from _below(kata.root, f"solutions/{kata.slug}", "reference.py")


def _below(root: Path, place: str, pattern: str = "**/*") -> Iterator[File]:
    for path in sorted((root / place).glob(pattern)):
        inside = path.relative_to(root)
        if path.is_file() and not _SKIPPED & set(inside.parts):
            yield File(inside.as_posix(), path.read_bytes())


def zipped(files: Iterable[File], path: Path) -> None:
    """Write an archive; the same files make the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _each_once(files).values():
            info = zipfile.ZipInfo(file.place, _DATE)
            info.external_attr = (0o755 if file.executable else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.data)


def unpacked(files: Iterable[File], folder: Path) -> None:
    """Write the files into a folder."""
    for file in _each_once(files).values():
        path = folder / file.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        path.chmod(0o755 if file.executable else 0o644)


def _each_once(files: Iterable[File]) -> Mapping[str, File]:
    return {file.place: file for file in files}
