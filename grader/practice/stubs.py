"""Put a learner's file back to what it was at first, and lose nothing."""

from __future__ import annotations

from pathlib import Path

from grader.catalogue import Kata


def put_back(kata: Kata, attic: Path) -> Path | None:
    """Write the stub anew; return where the learner's text is kept, None if none was.

    Copies are numbered: none is ever written over.
    """
    text = kata.stub.read_bytes() if kata.stub.exists() else None
    pristine = kata.pristine.read_bytes()
    kept = None
    if text is not None and text != pristine:
        attic.mkdir(parents=True, exist_ok=True)
        kept = _keep(text, kata.slug, attic)
    kata.stub.write_bytes(pristine)
    return kept


def _keep(text: bytes, slug: str, attic: Path) -> Path:
    number = 1
    while True:
        path = attic / f"{slug}-{number}.py"
        try:
            with path.open("xb") as file:
                file.write(text)
        except FileExistsError:
            number += 1
        else:
            return path
