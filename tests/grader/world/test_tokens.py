"""Results that nobody can know, and how they are called in messages."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from grader import wire
from grader.world.rules import after, asynchronous
from grader.world.tokens import Tokens

from .hand import Hand

CASES = st.text(max_size=20)
NUMBERS = st.integers(0, 10**6)
SECRETS = st.binary(max_size=40)

often = settings(max_examples=50, deadline=None, derandomize=True, database=None)


def public(token: str) -> str:
    return token.partition("-")[0]


def keyed(token: str) -> str:
    return token.partition("-")[2]


def tokens(secret: bytes, case: str, count: int) -> list[str]:
    made = Tokens(secret, case)
    return [made.make(number) for number in range(count)]


@often
@given(SECRETS, CASES, st.sets(NUMBERS, max_size=20))
def test_tokens_of_one_run_are_distinct(
    secret: bytes, case: str, numbers: set[int]
) -> None:
    made = Tokens(secret, case)

    assert len({made.make(number) for number in numbers}) == len(numbers)


def test_the_longest_run_has_distinct_tokens_in_one_order_under_any_secret() -> None:
    ours, theirs = (tokens(secret, "case", 20_000) for secret in (b"ours", b"theirs"))

    assert len(set(map(public, ours))) == 20_000
    assert ours.index(min(ours)) == theirs.index(min(theirs))


@often
@given(SECRETS, SECRETS, CASES, st.integers(0, 20))
def test_sorting_gives_one_order_under_any_secret(
    one: bytes, other: bytes, case: str, count: int
) -> None:
    left, right = tokens(one, case, count), tokens(other, case, count)

    assert sorted(range(count), key=left.__getitem__) == sorted(
        range(count), key=right.__getitem__
    )


@often
@given(CASES, NUMBERS)
def test_the_public_part_depends_on_case_and_number_alone(
    case: str, number: int
) -> None:
    ours, theirs = (Tokens(secret, case).make(number) for secret in (b"a", b"b"))

    assert public(ours) == public(theirs)
    assert keyed(ours) != keyed(theirs)


def test_the_keyed_part_depends_on_everything() -> None:
    made = [
        keyed(Tokens(secret, case).make(number))
        for secret in (b"a", b"b")
        for case in ("1", "2")
        for number in (1, 2)
    ]

    assert all(one != other for one, other in combinations(made, 2))


def test_tokens_are_the_same_each_time() -> None:
    assert tokens(b"secret", "case", 3) == tokens(b"secret", "case", 3)


# --- in words -----------------------------------------------------------------


def test_a_token_is_called_after_its_call() -> None:
    hand = Hand({"fetch": asynchronous()})
    hand.begin("fetch", "/a", 2, "unsaid")
    hand.rest()

    assert hand.world.label(hand.call(1).token) == "<answer of fetch('/a', 2)>"


def test_a_token_among_the_arguments_is_called_by_its_name_too() -> None:
    hand = Hand({"load": asynchronous(), "save": asynchronous()})
    hand.begin("load", 1)
    hand.rest()
    hand.begin("save", hand.call(1).token)
    hand.rest()

    assert (
        hand.world.label(hand.call(2).token) == "<answer of save(<answer of load(1)>)>"
    )


def test_an_error_is_called_after_its_call() -> None:
    hand = Hand({"fetch": asynchronous(after(fails="OSError"))})
    hand.begin("fetch", "/a")
    hand.rest()

    handle = f"error {hand.call(1).token}"
    assert hand.world.label(handle) == "the error of fetch('/a')"


def test_calls_that_read_alike_are_counted() -> None:
    hand = Hand({"fetch": asynchronous(after(fails="OSError"))})
    for url in "/a", "/b", "/a":
        hand.begin("fetch", url)
    hand.rest()

    assert [hand.world.label(hand.call(number).token) for number in (1, 2, 3)] == [
        "<answer of the first fetch('/a')>",
        "<answer of fetch('/b')>",
        "<answer of the second fetch('/a')>",
    ]
    handle = f"error {hand.call(3).token}"
    assert hand.world.label(handle) == "the error of the second fetch('/a')"


def test_long_arguments_are_cut() -> None:
    hand = Hand({"fetch": asynchronous()})
    hand.begin("fetch", "x" * 1000)
    hand.rest()

    label = hand.world.label(hand.call(1).token)
    assert label == f"<answer of fetch('{'x' * 28}…)>"


def test_any_integer_can_be_an_argument() -> None:
    hand = Hand({"fetch": asynchronous()})
    hand.begin("fetch", 2**16_383)
    hand.rest()

    assert hand.world.label(hand.call(1).token).startswith("<answer of fetch(0x8000")


def test_other_text_is_no_label() -> None:
    assert Hand().world.label("text") == "text"


def test_the_handle_of_an_error_cannot_be_guessed_before_the_call() -> None:
    hands = [Hand(secret=secret) for secret in (b"ours", b"theirs")]
    for hand in hands:
        hand.tell(wire.Began(1, "fetch", [wire.Opaque("object")], {}, 1, "", 0))
        hand.rest()

    assert hands[0].deliveries != hands[1].deliveries
