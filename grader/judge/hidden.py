"""The hidden tests of a kata: two texts, in files of their own or sealed in one.

A package for an interview holds them sealed: they open with the words that the interviewer
says when it begins, and then they are in memory only. That keeps them from being read before,
and from lying about; not from somebody who has the words and takes the grader to pieces.
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata

import msgspec

from grader.catalogue import Kata

SUFFIX = ".sealed"
_SALT = 16


class Hidden(msgspec.Struct, frozen=True):
    """The texts of `test_laws.py` and `scenarios.py`, and the file that they stand in."""

    laws: bytes
    scenarios: str
    path: str


class Sealed(Exception):
    """The hidden tests are sealed, and the key does not open them."""


def hidden(kata: Kata, key: str = "") -> Hidden:
    """Return the hidden tests of a kata; raises `Sealed`, or `OSError` if there are none."""
    if is_sealed(kata):
        texts = unseal(kata.sealed.read_bytes(), key)
        return msgspec.structs.replace(texts, path=str(kata.sealed))
    source = kata.laws_path.read_bytes()
    return Hidden(source, kata.scenarios.read_text("utf-8"), str(kata.laws_path))


def is_sealed(kata: Kata) -> bool:
    """Say whether a kata's hidden tests need a key."""
    return kata.sealed.exists()


def seal(texts: Hidden, key: str) -> bytes:
    """Return the texts so that the key is needed to read them."""
    from cryptography.fernet import Fernet

    salt = os.urandom(_SALT)
    return salt + Fernet(_stretched(key, salt)).encrypt(msgspec.msgpack.encode(texts))


def unseal(data: bytes, key: str) -> Hidden:
    """Return what `seal` was given; raise `Sealed` if the key is another one."""
    from cryptography.fernet import Fernet, InvalidToken

    salt, token = data[:_SALT], data[_SALT:]
    try:
        plain = Fernet(_stretched(key, salt)).decrypt(token)
        return msgspec.msgpack.decode(plain, type=Hidden)
    except (InvalidToken, msgspec.MsgspecError):
        raise Sealed(
            "The hidden tests are sealed, and these words do not open them."
            if key
            else "The hidden tests are sealed: they open in `kata interview start`."
        ) from None


def _stretched(key: str, salt: bytes) -> bytes:
    """Return a key that takes a while to make, so that words cannot be tried by the million."""
    made = hashlib.scrypt(
        plain_words(key).encode(), salt=salt, n=2**14, r=8, p=1, dklen=32
    )
    return base64.urlsafe_b64encode(made)


def plain_words(text: str) -> str:
    """Return words as they count: however letters were typed, one space between two."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
