"""What a kata must say."""

import msgspec

from grader.authoring import texts
from grader.catalogue import find, root


def test_a_law_without_hints_is_a_fault_of_its_kata() -> None:
    kata = find("hello_await", root())
    first, *rest = kata.laws
    bare = msgspec.structs.replace(first, hints=())
    told = texts.faults(msgspec.structs.replace(kata, laws=(bare, *rest)))

    assert list(told) == [
        "kata.toml: law hello-at-once has no hint; write one at least"
    ]
