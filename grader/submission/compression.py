"""What one stream of gzip, bzip2 or xz holds."""

from __future__ import annotations

import zlib
from typing import Protocol

from grader.submission.entries import MAX_UNPACKED, broken, unpacks_to_too_much

XZ_MEMORY = 128 << 20
"""Twice what `xz -9` asks for; a stranger's header may ask for 4 GiB."""


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def unpacked(packed: bytes, given: str) -> bytes:
    """Undo the compression, at most `MAX_UNPACKED` bytes of it.

    Bytes that are not compressed are returned as they are. Raise `Rejected` for more,
    and for what is damaged.
    """
    stream, error = _stream_for(packed)
    if stream is None:
        return packed
    try:
        data = stream.decompress(packed, MAX_UNPACKED + 1)
    except error:
        raise broken(given) from None
    if len(data) > MAX_UNPACKED:
        raise unpacks_to_too_much(given)
    # A second stream is read by some tools, and left alone by others.
    if not stream.eof or stream.unused_data.strip(b"\0"):
        raise broken(given)
    return data


def _stream_for(packed: bytes) -> tuple[_Stream | None, type[Exception]]:
    """Return what undoes the compression, and what it raises for damaged bytes."""
    if packed.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16), zlib.error
    if packed.startswith(b"BZh"):
        import bz2

        return bz2.BZ2Decompressor(), OSError
    if packed.startswith(b"\xfd7zXZ\0"):
        import lzma

        stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
        return stream, lzma.LZMAError
    return None, Exception
