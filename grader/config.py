"""What its user has set for all commands, in `asyncio-katas/config.toml`.

[katas]
paths = ["~/course"]    # katas of one's own, beside ours
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import msgspec


class Malformed(Exception):
    """The file cannot be used: its user's to mend."""


class _Katas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    paths: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    katas: _Katas = _Katas()


class Config(msgspec.Struct, frozen=True):
    """The settings. `katas` are folders that hold katas, besides ours."""

    katas: tuple[Path, ...] = ()


def path() -> Path:
    """Return where the file is; it need not exist."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser()
    return Path(base) / "asyncio-katas" / "config.toml"


def read() -> Config:
    """Return the settings, the defaults without a file; raise `Malformed` if it is wrong."""
    file = path()
    try:
        found = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _File)
    except FileNotFoundError:
        return Config()
    except msgspec.ValidationError as error:
        raise Malformed(f"{file}: {str(error).replace('`', '')}") from None
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise Malformed(f"{file}: cannot be read: {error}") from None
    folders = [_folder(each, file) for each in found.katas.paths]
    return Config(tuple(folders))


def _folder(written: str, file: Path) -> Path:
    folder = (file.parent / Path(written).expanduser()).resolve()
    if not folder.joinpath("katas").is_dir():
        raise Malformed(f"{file}: {folder} has no folder katas - at $.katas.paths")
    return folder
