"""What is in a zip archive."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

from grader.submission.choice import MAX_ENTRIES, too_many
from grader.submission.entries import LINK, SPECIAL, Entry, broken
from grader.submission.record import MAX_BYTES

SIGNS = (b"PK\x03\x04", b"PK\x05\x06")

_LISTED = b"PK\x01\x02"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
# The others are unpacked without a bound: some hundred bytes may become a gigabyte.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` is known to raise for bytes that are no good archive."""


def entries(packed: bytes, given: str) -> Iterator[Entry]:
    """Give what the archive lists; raise `Rejected` if it cannot be read."""
    # zipfile makes an object of each entry before it can be asked how many there are.
    if packed.count(_LISTED) > MAX_ENTRIES:
        raise too_many(given)
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
    except _BROKEN:
        raise broken(given) from None
    for info in archive.infolist():
        yield _entry(archive, info, given)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, given: str) -> Entry:
    # `filename` ends at a NUL, and may come from an extra field.
    name = info.orig_filename
    is_folder = name.endswith("/")
    read = partial(_read, archive, info, given)
    return Entry(name, info.file_size, is_folder, _fault(info), read)


def _fault(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return LINK
    folders = {stat.S_IFDIR} if info.orig_filename.endswith("/") else set()
    if kind not in {0, stat.S_IFREG} | folders:
        return SPECIAL
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed by a method other than deflate"
    return ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, given: str) -> bytes:
    try:
        with archive.open(info) as file:
            return file.read(MAX_BYTES + 1)
    except _BROKEN:
        raise broken(given) from None
