import pytest

from grader import wire
from grader.laws import JudgedRun
from grader.values import record
from grader.world.rules import after

from .conftest import CANCELLED, Breach, Story, breach, not_reached

EACH = "Each must stand under its name"


def both_fetched(story: Story) -> tuple[str, str]:
    """Have `b` answered at 1 s and `a` at 2 s; return their tokens."""
    story.fetch("a", after(2))
    story.fetch("b", after(1))
    story.wait_for_all()
    return story.token(1), story.token(2)


def one_failed(story: Story, error: str = "FetchError") -> wire.Handle:
    """Have `a` fail; return its error as it travels."""
    story.fetch("a", after(1, fails=error))
    story.wait_for_all()
    return wire.Handle(f"error {story.token(1)}")


def returned_under_a(story: Story, value: wire.Value) -> JudgedRun:
    """Return a run that returned this under `a`."""
    story.tell(wire.Returned(wire.Dict([("a", value)])))
    return story.over()


# --- keys -----------------------------------------------------------------------


def test_all_keys_stand_in_their_order(story: Story) -> None:
    story.returns({"b": 1, "a": 2}).returns_keys(["b", "a"], EACH)


def test_no_keys_are_an_empty_dict(story: Story) -> None:
    story.returns({}).returns_keys([], EACH)


def test_keys_stand_in_another_order(story: Story) -> None:
    run = story.returns({"b": 1, "a": 2})

    assert breach(run.returns_keys, ["a", "b"], EACH) == Breach(
        "Each must stand under its name; it returned {'b': 1, 'a': 2}.",
        "out-of-order",
        at=0,
        seen="expected 'a' and 'b'",
    )


def test_a_key_is_missing(story: Story) -> None:
    said = breach(story.returns({"a": 1}).returns_keys, ["a", "b"], EACH)

    assert (said.sign, said.seen) == ("no-key", "'b' is missing")


def test_a_key_nobody_asked_for(story: Story) -> None:
    said = breach(story.returns({"a": 1, "b": 2}).returns_keys, ["a"], EACH)

    assert (said.sign, said.seen) == ("extra-key", "nobody asked for 'b'")


@pytest.mark.parametrize("value", [None, [("a", 1)], "a"])
def test_what_is_not_a_dict_has_no_keys(story: Story, value: object) -> None:
    assert breach(story.returns(value).returns_keys, ["a"], EACH).sign == "no-dict"


def test_an_error_came_out_instead_of_a_dict(story: Story) -> None:
    said = breach(story.raises(CANCELLED).returns_keys, ["a"], EACH)

    assert (said.sign, said.reason) == ("raised", "raised")


# --- what stands under a key ------------------------------------------------------


def test_the_answer_of_its_own_call_stands_under_each_key(story: Story) -> None:
    first, second = both_fetched(story)
    run = story.returns({"b": second, "a": first})

    run.returns_under("a", run.answer("fetch", "a"), EACH)
    run.returns_under("b", run.answer("fetch", "b"), EACH)


def test_another_answer_stands_under_a_key(story: Story) -> None:
    _, second = both_fetched(story)
    run = story.returns({"a": second})

    assert breach(run.returns_under, "a", run.answer("fetch", "a"), EACH) == Breach(
        "Each must stand under its name; under 'a' it returned <answer of fetch('b')>.",
        "wrong-value",
        at=2,
        seen="expected <answer of fetch('a')>",
    )


def test_nothing_stands_under_a_missing_key(story: Story) -> None:
    first, _ = both_fetched(story)
    run = story.returns({"a": first})

    said = breach(run.returns_under, "b", run.answer("fetch", "b"), EACH)

    assert (said.sign, said.seen) == ("no-key", "'b' is missing")


def test_an_answer_that_never_came_is_the_same_as_nothing(story: Story) -> None:
    wanted = wire.Opaque("call fetch('a')", "that never came")
    run = returned_under_a(story, wanted)

    said = breach(run.returns_under, "a", run.answer("fetch", "a"), EACH)

    assert said.seen == "expected <call fetch('a') that never came>"


def test_the_very_error_stands_in_a_record(story: Story) -> None:
    error = one_failed(story)
    run = returned_under_a(story, record("Err", error=error))

    run.returns_under("a", record("Err", error=run.error("fetch", "a")), EACH)


def test_another_error_stands_in_a_record(story: Story) -> None:
    one_failed(story)
    run = returned_under_a(story, record("Err", error=wire.Opaque("FetchError")))

    said = breach(
        run.returns_under, "a", record("Err", error=run.error("fetch", "a")), EACH
    )

    assert said.sign == "wrong-value"
    assert said.seen == "expected Err(error=the error of fetch('a'))"


def test_another_record_has_a_sign_of_its_own(story: Story) -> None:
    error = one_failed(story)
    run = returned_under_a(story, record("Ok", value=error))
    wanted = record("Err", error=run.error("fetch", "a"))

    assert breach(run.returns_under, "a", wanted, EACH).sign == "wrong-record"


def test_a_record_with_other_fields_is_another(story: Story) -> None:
    run = returned_under_a(story, record("Ok", result=1))

    said = breach(run.returns_under, "a", record("Ok", value=1), EACH)

    assert said.sign == "wrong-value"


def test_of_a_record_of_several_fields_the_one_that_differs_is_told(
    story: Story,
) -> None:
    run = returned_under_a(story, record("Err", why="a long story", status=404))

    assert breach(
        run.returns_under, "a", record("Err", why="a long story", status=500), EACH
    ) == Breach(
        "Each must stand under its name; under 'a' it returned Err with status=404.",
        "wrong-value",
        at=0,
        seen="expected status=500",
    )


def test_an_error_that_never_came_is_in_no_record(story: Story) -> None:
    first, _ = both_fetched(story)
    run = story.returns({"a": first})

    said = breach(run.returns_under, "a", run.error("fetch", "a"), EACH)

    assert said.seen == "expected <call fetch('a') that never failed>"


# --- any error of a type ----------------------------------------------------------

ANY_CANCELLATION = wire.Opaque("CancelledError")


def test_the_error_of_a_call_is_one_of_its_type(story: Story) -> None:
    error = one_failed(story, "CancelledError")

    returned_under_a(story, error).returns_under("a", ANY_CANCELLATION, EACH)


def test_any_object_of_the_type_is_one(story: Story) -> None:
    one_failed(story, "CancelledError")

    returned_under_a(story, ANY_CANCELLATION).returns_under("a", ANY_CANCELLATION, EACH)


@pytest.mark.parametrize("other", ["FetchError", "Cancelled"])
def test_an_object_of_another_type_is_not(story: Story, other: str) -> None:
    run = returned_under_a(story, wire.Opaque(other))

    assert breach(run.returns_under, "a", ANY_CANCELLATION, EACH).sign == "wrong-value"


def test_a_stub_has_no_keys_yet(story: Story) -> None:
    run = story.raises(
        wire.Failure("NotImplementedError", "", frames=[wire.Frame(3, "try_all")])
    )

    assert not_reached(run.returns_keys, ["a"], EACH)[1] == "not started"


# --- any text, and anything -------------------------------------------------------


def test_any_text_will_do_where_a_text_is_wanted(story: Story) -> None:
    run = returned_under_a(story, record("Err", why="so", status=None))

    run.returns_under("a", record("Err", why=wire.Opaque("str"), status=None), EACH)


@pytest.mark.parametrize("other", [None, 3, wire.Opaque("coroutine")])
def test_what_is_no_text_is_none(story: Story, other: wire.Value) -> None:
    run = returned_under_a(story, record("Err", why=other))
    wanted = record("Err", why=wire.Opaque("str"))

    said = breach(run.returns_under, "a", wanted, EACH)

    assert (said.sign, said.seen) == ("wrong-value", "expected Err(why=<str object>)")


@pytest.mark.parametrize("other", ["so", None, wire.Opaque("coroutine")])
def test_anything_is_an_object(story: Story, other: wire.Value) -> None:
    run = returned_under_a(story, record("Err", status=other))

    run.returns_under("a", record("Err", status=wire.Opaque("object")), EACH)
