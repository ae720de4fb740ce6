"""A hash as words that can be read aloud.

The words are proquints: five letters for sixteen bits, consonants and vowels in turn. Source:
Daniel S. Wilkerson, "A Proposal for Proquints: Identifiers that are Readable, Spellable, and
Pronounceable", arXiv:0901.4016 (2009).
"""

from __future__ import annotations

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aiou"
WORDS = 4
"""Sixty-four bits: nobody makes another log with the same words in the time of a talk."""


def phrase(digest: bytes) -> str:
    """Return the first bits of a hash as words, `lusab-babad-gutih-tugad`."""
    return "-".join(
        _word(int.from_bytes(digest[2 * place : 2 * place + 2], "big"))
        for place in range(WORDS)
    )


def same(left: str, right: str) -> bool:
    """Say whether two phrases are one, however they were typed."""
    return _plain(left) == _plain(right)


def _word(number: int) -> str:
    return (
        CONSONANTS[number >> 12 & 15]
        + VOWELS[number >> 10 & 3]
        + CONSONANTS[number >> 6 & 15]
        + VOWELS[number >> 4 & 3]
        + CONSONANTS[number & 15]
    )


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha())
