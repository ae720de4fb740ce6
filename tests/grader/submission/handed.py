"""Folders and archives as they are handed in, good ones and bad ones."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.submission import Rejected, Submission, take_in

SOURCE = b"limit = 3\n"


def taken(path: str | Path) -> Submission:
    return take_in(path, "semaphore.py")


def refusal_of(path: str | Path) -> tuple[str, str]:
    """The reason and the message; the refusal names what was handed in."""
    with pytest.raises(Rejected) as caught:
        taken(path)
    assert caught.value.name in str(caught.value)
    return caught.value.reason, str(caught.value)


def lay(*places: str) -> None:
    """Write `SOURCE` to each of the places, below the current folder."""
    for place in places:
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).write_bytes(SOURCE)


def listed(name: str, **about: int) -> zipfile.ZipInfo:
    """An entry of a zip archive, exactly as said."""
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    for key, value in about.items():
        setattr(info, key, value)
    return info


def zip_up(*entries: str | zipfile.ZipInfo, content: bytes = SOURCE) -> bytes:
    """A zip archive whose entries all hold the same."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            archive.writestr(entry, content)
            archive.NameToInfo.clear()  # else it warns of names that come twice
    return file.getvalue()


def header(name: str, kind: bytes = tarfile.REGTYPE, **about: str | int) -> bytes:
    """One block of a tar archive."""
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in about.items():
        setattr(info, key, value)
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def member(name: str, content: bytes = SOURCE, kind: bytes = tarfile.REGTYPE) -> bytes:
    """A file in a tar archive."""
    block = header(name, kind, size=len(content))
    return block + content + bytes(-len(content) % 512)


def tar_up(*members: bytes) -> bytes:
    """A tar archive of these members."""
    return b"".join(members) + bytes(1024)
