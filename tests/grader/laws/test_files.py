import pytest

from grader.laws import JudgedRun
from grader.laws.files import READING, WRITING
from grader.world.disk import Disk
from tests.grader.world.hand import Hand

from .conftest import Breach, Story, breach, not_reached, time_up

RULE = "Write all bytes, in order"


def run_that_leaves(story: Story, **files: bytes | None) -> JudgedRun:
    run = story.returns()
    run.run.files = {name.replace("_", "/"): data for name, data in files.items()}
    return run


def test_the_files_that_are_wanted_hold(story: Story) -> None:
    run = run_that_leaves(story, a=b"1", in_=None, in_b=b"2")

    run.folder_holds({"a": b"1", "in/b": b"2"}, RULE)


@pytest.mark.parametrize(
    ("files", "fact", "sign"),
    [
        ({}, "out is not there", "missing-file"),
        ({"out": b"abc"}, "out ends after 3 of 6 bytes", "wrong-bytes"),
        ({"out": b"abcdefgh"}, "out has 8 bytes, not 6", "wrong-bytes"),
        (
            {"out": b"abXdef"},
            "from byte 2 on out holds b'Xdef', not b'cdef'",
            "wrong-bytes",
        ),
        ({"out": None}, "out is no file that can be read", "wrong-bytes"),
        ({"out": b"abcdef", "tmp": b""}, "tmp was left there", "left-over"),
        ({"out": b"abcdef", "tmp_": None}, "tmp/ was left there", "left-over"),
    ],
)
def test_what_is_wrong_is_told(
    story: Story, files: dict[str, bytes | None], fact: str, sign: str
) -> None:
    run = run_that_leaves(story, **files)

    assert breach(run.folder_holds, {"out": b"abcdef"}, RULE) == Breach(
        f"{RULE}; at the end, {fact}.", sign, at=0
    )


def test_files_are_not_judged_when_time_is_up(story: Story) -> None:
    run = story.stops("wall time")

    assert time_up(run.folder_holds, {}, RULE)[1] == "wall time"


# --- what is open ---------------------------------------------------------------


@pytest.fixture
def hand() -> Hand:
    """A player that uses files of a disk on which all takes a second."""
    return Hand({"disk": Disk(opens=1, reads=1, writes=1, replaces=1, missing=["no"])})


def use(hand: Hand, verb: str, *args: object) -> int:
    """Use a file, and wait until that is done; return the number of the call."""
    number = hand.begin(f"disk.{verb}", *args)
    if not hand.ask(number):
        hand.rest()
    return number


def judged(hand: Hand) -> JudgedRun:
    hand.returned()
    return JudgedRun(hand.over(), hand.world.label)


def test_a_file_is_open_until_it_is_closed(hand: Hand) -> None:
    use(hand, "open", "a", 1, "r")
    use(hand, "read", "a", 1)
    use(hand, "close", "a", 1)
    use(hand, "open", "b", 2, "w")
    use(hand, "close", "b", 2)

    run = judged(hand)

    (reading,), (writing,) = run.named(READING), run.named(WRITING)
    assert reading.completed is not None
    assert (reading.args, reading.began.at) == (["a"], 0)
    assert reading.completed.at == 2_000_000_000
    assert (run.call(reading), run.call(writing)) == ("open('a')", "open('b', 'w')")
    run.closes_files(RULE)


def test_a_picture_shows_each_open_file_once(hand: Hand) -> None:
    use(hand, "open", "a", 1, "w")
    use(hand, "write", "a", 1)
    use(hand, "close", "a", 1)
    use(hand, "replace", "a", "b")

    run = judged(hand)

    assert [run.call(each) for each in run.shown()] == [
        "open('a', 'w')",
        "replace('a', 'b')",
    ]


def test_a_file_that_could_not_be_opened_has_failed(hand: Hand) -> None:
    use(hand, "open", "no", 1, "r")

    run = judged(hand)

    assert run.first_failed(READING).args == ["no"]
    run.closes_files(RULE)


def test_a_file_is_still_open(hand: Hand) -> None:
    use(hand, "open", "a", 1, "r")

    assert breach(judged(hand).closes_files, RULE) == Breach(
        f"{RULE}; a was still open at t=1.0s, when it was over.",
        "open-file",
        at=1,
        line=1,
        marks={1: "still open"},
    )


def test_no_file_was_opened(story: Story) -> None:
    why = "only 0 files were opened: it returned None"

    run = story.returns()

    assert not_reached(run.closes_files, RULE)[0] == why
    assert not_reached(run.needs_operations, READING)[0] == why


@pytest.mark.parametrize(
    "args", [[], ["a"], ["a", [1], "r"], [["a"], 1, "r"], [None, None, None]]
)
def test_what_is_no_use_of_a_file_does_no_harm(hand: Hand, args: list[object]) -> None:
    use(hand, "open", *args)
    use(hand, "close", *args)

    run = judged(hand)

    assert len(run.named(READING)) <= 1
    assert [run.call(each) for each in run.shown()]


# --- what was seen --------------------------------------------------------------


def run_that_shows(hand: Hand, *contents: bytes | None) -> JudgedRun:
    """A second after the other a file holds this."""
    for second, data in enumerate(contents):
        hand.world.now = second * 1_000_000_000
        hand.world.saw("out", data)
    return judged(hand)


@pytest.mark.parametrize("old", [None, b"old"])
def test_a_file_changes_at_once(hand: Hand, old: bytes | None) -> None:
    run_that_shows(hand, old, old, b"new", b"new").changes_at_once("out", RULE)


@pytest.mark.parametrize(
    ("between", "fact", "sign"),
    [
        (None, "out was not there", "gone"),
        (b"", "out was empty", "partial"),
        (b"ne", "out held the first 2 of 3 bytes", "partial"),
        (b"neat", "out held 4 bytes, neither the old ones nor the new", "partial"),
    ],
)
def test_a_file_is_seen_half_done(
    hand: Hand, between: bytes | None, fact: str, sign: str
) -> None:
    run = run_that_shows(hand, b"old", between, b"new")

    assert breach(run.changes_at_once, "out", RULE) == Breach(
        f"{RULE}; at t=1.0s {fact}.", sign, at=1
    )


def test_who_wrote_half_of_it_is_told(hand: Hand) -> None:
    use(hand, "open", "out", 1, "w")

    told = breach(
        run_that_shows(hand, b"old", b"", b"new").changes_at_once, "out", RULE
    )

    assert (told.line, told.marks) == (1, {1: "seen"})


@pytest.mark.parametrize("contents", [[], [b"old"], [b"old", b"old"]])
def test_a_file_never_changed(hand: Hand, contents: list[bytes]) -> None:
    run = run_that_shows(hand, *contents)

    why, reason, _ = not_reached(run.changes_at_once, "out", RULE)
    assert (why, reason) == ("out never changed: it returned None", "never arose")
