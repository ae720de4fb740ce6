"""What is in a tar archive.

`tarfile` reads single headers only. Its way from one to the next is not for bytes from a
stranger: in releases that we support it goes in circles if a size is negative
(CVE-2025-8194), takes quadratic time over long digits (CVE-2024-6232), and recurses from
each extended header into the one after it.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from grader.submission.entries import LINK, SPECIAL, Entry, broken

_EXTENDED = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.XGLTYPE}
_LONG = {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
_FILES = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}
_DIGITS = 20
_LINKS = {tarfile.SYMTYPE, tarfile.LNKTYPE}


class _Bad(Exception):
    """No program that we know of writes such bytes."""


@dataclass
class _Said:
    """What extended headers say of the entry after them."""

    name: str | None = None
    size: int | None = None
    sparse: bool = False


def entries(unpacked: bytes, given: str) -> Iterator[Entry]:
    """Give what the archive lists; raise `Rejected` where it cannot be read on."""
    try:
        yield from _walk(unpacked)
    except _Bad:
        raise broken(given) from None


def _walk(data: bytes) -> Iterator[Entry]:
    offset, said = 0, _Said()
    while not _is_end(block := data[offset : offset + tarfile.BLOCKSIZE]):
        header = _header(block)
        start = offset + tarfile.BLOCKSIZE
        end = start + _size(header, said)
        if end > len(data):
            raise _Bad
        if header.type in _EXTENDED | _LONG:
            _listen(said, header.type, data[start:end])
        else:
            yield _entry(header, said, data[start:end])
            said = _Said()
        offset = end + -end % tarfile.BLOCKSIZE


def _is_end(block: bytes) -> bool:
    if len(block) < tarfile.BLOCKSIZE:
        raise _Bad
    return not any(block)


def _header(block: bytes) -> tarfile.TarInfo:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        raise _Bad from None


def _size(header: tarfile.TarInfo, said: _Said) -> int:
    """Return how many bytes follow the header; the size of a folder or link is none."""
    if header.type in _FILES and said.size is not None:
        return said.size
    if header.type not in _FILES | _EXTENDED | _LONG:
        return 0
    if header.size < 0:
        raise _Bad
    return header.size


def _listen(said: _Said, kind: bytes, payload: bytes) -> None:
    if kind == tarfile.GNUTYPE_LONGNAME:
        said.name = _text(payload.rstrip(b"\0"))
    if kind not in _EXTENDED:
        return
    for key, value in _records(payload):
        if kind == tarfile.XGLTYPE and key in {b"path", b"size"}:
            raise _Bad  # one name or size for all files
        if key == b"path":
            said.name = _text(value)
        elif key == b"size":
            said.size = _number(value)
        elif key.startswith(b"GNU.sparse."):
            said.sparse = True


def _records(payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the keys and values of lines such as `16 path=a/b.py`, length first."""
    start = 0
    while start < len(payload):
        space = payload.find(b" ", start, start + _DIGITS)
        end = start + _number(payload[start:space])
        key, equals, value = payload[space + 1 : end].partition(b"=")
        if end > len(payload) or not equals or not value.endswith(b"\n"):
            raise _Bad
        yield key, value[:-1]
        start = end


def _number(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > _DIGITS:
        raise _Bad
    return int(digits)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _entry(header: tarfile.TarInfo, said: _Said, content: bytes) -> Entry:
    name = header.name if said.name is None else said.name
    fault = SPECIAL if said.sparse else _fault(header.type)
    is_folder = header.type == tarfile.DIRTYPE
    return Entry(name, len(content), is_folder, fault, lambda: content)


def _fault(kind: bytes) -> str:
    if kind in _LINKS:
        return LINK
    return "" if kind in _FILES | {tarfile.DIRTYPE} else SPECIAL
