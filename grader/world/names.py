"""What is a call called in messages, and how are equal calls told apart?"""

from __future__ import annotations

_FIRST = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


class Names:
    """The texts of the calls of one run, with how many calls have the same text."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[str, int]] = {}
        self._counts: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, number: int, text: str) -> None:
        """Take in that call `number` reads like `text`."""
        self._counts[text] = self._counts.get(text, 0) + 1
        self._texts[number] = text, self._counts[text]

    def of(self, number: int) -> str:
        """Return `fetch('a')`, or `the second fetch('a')` if there are several."""
        text, place = self._texts[number]
        return text if self._counts[text] == 1 else f"the {ordinal(place)} {text}"


def ordinal(number: int) -> str:
    """Return `first`, `second`, `12th`, `21st`."""
    if number <= len(_FIRST):
        return _FIRST[number - 1]
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"
