"""What a verdict depends on besides the submission, in a few letters."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import grader
from grader.catalogue import Kata

LENGTH = 16


@cache
def of_kata(kata: Kata) -> str:
    """Return what stands for the laws, the hidden tests and our own answer."""
    return _hash(
        [
            kata.folder / "kata.toml",
            *sorted(kata.laws_path.parent.glob("*.py")),
            kata.solutions / "reference.py",
        ]
    )


@cache
def of_grader() -> str:
    """Return what stands for the grader's own code and the Python that runs it."""
    home = Path(grader.__file__).parent
    return _hash(sorted(home.rglob("*.py")), platform.python_version())


def _hash(files: Iterable[Path], *words: str) -> str:
    digest = hashlib.sha256(" ".join(words).encode())
    for file in files:
        data = file.read_bytes() if file.exists() else b""
        digest.update(f"{file.name} {len(data)} ".encode() + data)
    return digest.hexdigest()[:LENGTH]
