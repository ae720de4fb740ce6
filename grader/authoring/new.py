"""Begin a kata: a small whole one, whose texts say what to write in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.catalogue import Unknown, slug_complaints

SCAFFOLD = Path(__file__).with_name("scaffold")
"""A kata that keeps its contract, but for the words TODO in it."""

NAME = "my_kata"
"""What it is called there."""

TO_DO = "TODO"


class CannotBegin(Unknown):
    """There is no kata to begin under that name; the message says why."""


def new(slug: str, folder: Path) -> list[Path]:
    """Write the files of a kata called `slug` into `folder`; return them.

    Nothing is written over: raises `CannotBegin` if one of them is there.
    """
    if complaints := slug_complaints(slug):
        raise CannotBegin(f'"{slug}" cannot be its name: {complaints[0]}')
    files = {folder / name: text for name, text in _files(slug)}
    for file in files:
        if file.exists():
            raise CannotBegin(f"{file} is there already; choose another name")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return list(files)


def _files(slug: str) -> Iterator[tuple[Path, str]]:
    for file in sorted(SCAFFOLD.rglob("*")):
        if file.suffix in {".py", ".md", ".toml"}:
            name = str(file.relative_to(SCAFFOLD)).replace(NAME, slug)
            yield Path(name), file.read_text("utf-8").replace(NAME, slug)
