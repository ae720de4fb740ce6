"""Files the judge keeps between runs: corpora, failing cases, its secret."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def folder() -> Path:
    """Return where the cache is; it may not exist."""
    base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(base) / "asyncio-katas"


def read(*parts: str) -> bytes | None:
    """Return what was kept under that name, or None."""
    try:
        return folder().joinpath(*parts).read_bytes()
    except OSError:
        return None


def write(data: bytes, *parts: str) -> bool:
    """Keep `data` under that name, whole or not at all; say whether it could be kept."""
    path = folder().joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError:
        return False
    return True


def secret() -> bytes:
    """Return the key of this machine's tokens: the same in every run, unknown to players."""
    kept = read("secret")
    if kept is not None and len(kept) == 32:  # noqa: PLR2004
        return kept
    made = secrets.token_bytes(32)
    write(made, "secret")
    return made
