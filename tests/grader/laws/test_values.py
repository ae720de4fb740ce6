import msgspec
import pytest

from grader import values, wire
from grader.world.rules import END, Failing, after, answers, instant, never

from .conftest import CANCELLED, Breach, Story, breach, failure, group, not_reached

ORDER = "It must return the answers of fetch in the order given"


# --- a value --------------------------------------------------------------------


def test_the_very_value_is_returned(story: Story) -> None:
    story.returns([1, "a"]).returns([1, "a"])


def test_another_value_is_returned(story: Story) -> None:
    story.wait(until=2)

    assert breach(story.returns([1]).returns, [2]) == Breach(
        "It must return [2]; it returned [1].",
        "wrong-value",
        at=2,
        seen="expected [2]",
    )


@pytest.mark.parametrize("value", [True, 1.0, "1", [1], None])
def test_a_value_that_only_looks_the_same_is_another(
    story: Story, value: object
) -> None:
    assert breach(story.returns(value).returns, 1).sign == "wrong-value"


def test_an_error_comes_out_instead_of_the_value(story: Story) -> None:
    run = story.raises(failure("KeyError", "'x'", line=4))

    assert breach(run.returns, 1, "It must count") == Breach(
        "It must count; it raised KeyError('x') at t=0.0s.",
        "raised",
        at=0,
        line=4,
        reason="raised",
    )


# --- answers --------------------------------------------------------------------


def test_answers_stand_in_the_order_of_the_keys(story: Story) -> None:
    story.fetch("b", after(1))
    story.fetch("a", after(2))
    story.wait_for_all()
    tokens = [story.token(2), story.token(1)]

    story.returns(tokens).returns_answers("fetch", ["a", "b"])


def test_answers_stand_in_another_order(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()
    tokens = [story.token(2), story.token(1)]

    assert breach(story.returns(tokens).returns_answers, "fetch", ["a", "b"]) == Breach(
        f"{ORDER}; it returned [<answer of fetch('b')>, <answer of fetch('a')>].",
        "wrong-value",
        at=1,
        seen="place 1 must hold the answer of fetch('a')",
    )


def test_each_place_of_a_repeated_key_has_an_answer_of_its_own(story: Story) -> None:
    story.fetch("a")
    story.fetch("a")
    story.wait_for_all()
    run = story.returns([story.token(2), story.token(1)])

    run.returns_answers("fetch", ["a", "a"])


def test_one_answer_cannot_stand_in_two_places(story: Story) -> None:
    story.fetch("a")
    story.fetch("a")
    story.wait_for_all()
    told = breach(
        story.returns([story.token(1)] * 2).returns_answers, "fetch", ["a", "a"]
    )

    assert (told.message, told.sign, told.seen) == (
        (
            f"{ORDER}; it returned [<answer of the first fetch('a')>, "
            "<answer of the first fetch('a')>]."
        ),
        "used-twice",
        (
            "places 1 and 2 hold the same answer; "
            "each call of fetch('a') has an answer of its own"
        ),
    )


def test_the_answer_of_another_key_is_not_used_twice(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()
    told = breach(
        story.returns([story.token(1)] * 2).returns_answers, "fetch", ["a", "b"]
    )

    assert (told.sign, told.seen) == (
        "wrong-value",
        "place 2 must hold the answer of fetch('b')",
    )


def test_a_tuple_of_answers_is_no_list(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    told = breach(story.returns((story.token(1),)).returns_answers, "fetch", ["a"])
    assert (told.message, told.sign, told.seen) == (
        f"{ORDER}; it returned (<answer of fetch('a')>,).",
        "no-list",
        "a list was expected",
    )


def test_answers_are_missing(story: Story) -> None:
    told = breach(story.returns([]).returns_answers, "fetch", ["a"], "All")

    assert (told.message, told.sign, told.seen) == (
        "All; it returned [].",
        "wrong-number",
        "1 answer was expected",
    )


def test_no_answers_are_right_where_nothing_was_asked(story: Story) -> None:
    story.returns([]).returns_answers("fetch", [])


def test_a_call_that_failed_has_no_answer(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.wait_for_all()

    assert (
        breach(story.returns([None]).returns_answers, "fetch", ["a"]).sign
        == "wrong-value"
    )


def test_an_iterator_at_its_end_has_no_answer(story: Story) -> None:
    story.fetch("a", END)
    story.wait_for_all()

    assert (
        breach(story.returns([None]).returns_answers, "fetch", ["a"]).sign
        == "wrong-value"
    )


def test_an_answer_that_comes_after_the_end_is_none(story: Story) -> None:
    story.fetch("a", after(1, "known"))
    told = breach(story.returns(["known"]).returns_answers, "fetch", ["a"])

    assert told.sign == "wrong-value"


def test_an_answer_that_nobody_took_is_none(story: Story) -> None:
    story.fetch("a", after(1, "known"))
    story.wait(hold=True)
    story.cancel(1)
    told = breach(story.returns(["known"]).returns_answers, "fetch", ["a"])

    assert told.sign == "wrong-value"


def test_an_answer_to_a_cancellation_is_one(story: Story) -> None:
    story.fetch("a", never(cancelled=answers(1, "late")))
    story.cancel(1)
    story.wait_for_all()

    story.returns(["late"]).returns_answers("fetch", ["a"])


# --- answers in a shape ---------------------------------------------------------


def test_answers_fill_their_shape(story: Story) -> None:
    story.call("save", after(2))
    story.fetch("a", after(1))
    story.wait_for_all()
    run = story.returns([(story.token(2), story.token(1))])

    run.returns_answers_of([("fetch", "save")])


def test_answers_fill_their_shape_the_wrong_way_round(story: Story) -> None:
    story.call("save", after(2))
    story.fetch("a", after(1))
    story.wait_for_all()
    run = story.returns((story.token(1), story.token(2)))

    assert breach(run.returns_answers_of, ("fetch", "save")) == Breach(
        "It must return the answers in the order given; "
        "it returned (<answer of save()>, <answer of fetch('a')>).",
        "wrong-value",
        at=2,
        seen="expected (<answer of fetch('a')>, <answer of save()>)",
    )


def test_answers_stand_in_a_shape_of_another_type(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    run = story.returns([story.token(1)])

    shown = "<answer of fetch('a')>"
    assert breach(run.returns_answers_of, ("fetch",)) == Breach(
        f"It must return ({shown},); it returned a list, not a tuple: [{shown}].",
        "wrong-type",
        at=1,
        seen=f"expected ({shown},)",
    )
    told = breach(run.returns_answers_of, ("fetch",), "A pair")
    assert told.message == f"A pair; it returned a list, not a tuple: [{shown}]."


def test_nothing_is_returned_where_a_shape_was_wanted(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    told = breach(story.returns().returns_answers_of, ("fetch",))

    assert (told.message, told.sign) == (
        "It must return (<answer of fetch('a')>,); it returned None.",
        "wrong-type",
    )


def test_a_failed_call_leaves_its_place_in_the_shape_empty(story: Story) -> None:
    story.fetch("a", after(1, fails="FetchError"))
    story.wait_for_all()
    told = breach(story.returns((None,)).returns_answers_of, ("fetch",))

    assert (told.sign, told.seen) == (
        "wrong-value",
        "expected (<answer of fetch() that never came>,)",
    )


# --- an error -------------------------------------------------------------------


def fails_at_one(story: Story) -> wire.Failure:
    story.fetch("a", after(1, fails="FetchError"))
    story.wait_for_all()
    return story.error(1, line=5)


def test_the_very_error_of_a_call_comes_out(story: Story) -> None:
    run = story.raises(fails_at_one(story))

    run.raises(run.first_failed("fetch"), at_its_moment=True)


def test_another_error_of_that_type_comes_out(story: Story) -> None:
    fails_at_one(story)
    run = story.raises(failure("FetchError", line=6))

    assert breach(run.raises, run.first_failed("fetch")) == Breach(
        "It must raise the error of fetch('a') bare; it raised another FetchError at t=1.0s.",
        "wrong-error",
        at=1,
        line=6,
        seen="expected the error of fetch('a'), raised at t=1.0s",
    )


def test_the_error_of_another_call_comes_out(story: Story) -> None:
    fails_at_one(story)
    story.fetch("b", after(1, fails="FetchError"))
    story.wait_for_all()
    run = story.raises(story.error(2))

    told = breach(run.raises, run.first_failed("fetch"), rule="The first error")
    assert (told.message, told.seen) == (
        "The first error; it raised the error of fetch('b') at t=2.0s.",
        "expected the error of fetch('a'), raised at t=1.0s",
    )


def test_the_error_of_a_cleanup_comes_out(story: Story) -> None:
    failing = answers(fails=Failing("FetchError", "cleanup failed"))
    story.fetch("a", after(1, fails="FetchError"))
    story.fetch("b", after(9, cancelled=failing))
    story.wait()
    story.cancel(2)
    story.wait_for_all()
    run = story.raises(story.error(2))

    told = breach(run.raises, run.first_failed("fetch"), rule="The first error")
    assert (told.message, told.sign, told.seen) == (
        "The first error; it raised the error of the cleanup of fetch('b') at t=1.0s.",
        "wrong-error",
        "expected the error of fetch('a'), raised at t=1.0s",
    )


def raised_in(error: wire.Failure, *frames: tuple[int, bool]) -> wire.Failure:
    """Return the error with these lines, outermost first: was a `raise` there?"""
    stood = [wire.Frame(line, "run", raised) for line, raised in frames]
    return msgspec.structs.replace(error, frames=stood)


@pytest.mark.parametrize(
    ("frames", "line"),
    [
        ([(9, True), (3, False)], 9),
        ([(9, False), (3, False)], 3),
        ([(12, False), (9, True), (6, True), (3, False)], 9),
        ([], 0),
    ],
)
def test_the_line_of_an_error_of_a_call_is_where_it_was_chosen(
    story: Story, frames: list[tuple[int, bool]], line: int
) -> None:
    run = story.raises(raised_in(fails_at_one(story), *frames))

    assert breach(run.returns, 1).line == line


def test_the_line_of_an_error_of_its_own_is_the_innermost(story: Story) -> None:
    error = raised_in(failure("KeyError"), (9, True), (3, True), (1, False))

    assert breach(story.raises(error).returns, 1).line == 1


def test_no_error_comes_out(story: Story) -> None:
    fails_at_one(story)
    run = story.returns(3)

    assert breach(run.raises, run.first_failed("fetch")) == Breach(
        "It must raise the error of fetch('a') bare; it returned 3 at t=1.0s.",
        "no-error",
        at=1,
        seen="expected the error of fetch('a'), raised at t=1.0s",
    )


def test_the_error_comes_out_too_late(story: Story) -> None:
    error = fails_at_one(story)
    story.wait_until(3)
    run = story.raises(error)

    assert breach(
        run.raises, run.first_failed("fetch"), at_its_moment=True, rule="At once"
    ) == Breach(
        "At once; it came out at t=3.0s, not at t=1.0s.",
        "too-late",
        at=1,
        until=3,
        line=5,
    )


def test_a_group_is_not_the_bare_error(story: Story) -> None:
    run = story.raises(group(fails_at_one(story)))

    told = breach(run.raises, run.first_failed("fetch"))
    assert (told.message, told.sign) == (
        (
            "It must raise the error of fetch('a') bare; "
            "it raised ExceptionGroup of FetchError at t=1.0s."
        ),
        "group",
    )


@pytest.mark.parametrize("wanted", [True, None])
def test_a_group_with_that_error_alone_will_do(
    story: Story,
    wanted: bool | None,  # noqa: FBT001
) -> None:
    run = story.raises(group(group(fails_at_one(story))))

    run.raises(run.first_failed("fetch"), group=wanted)


def test_the_bare_error_is_no_group(story: Story) -> None:
    run = story.raises(fails_at_one(story))

    told = breach(run.raises, run.first_failed("fetch"), group=True, rule="A group")
    assert (told.message, told.sign) == (
        "A group; it raised the error of fetch('a') at t=1.0s.",
        "no-group",
    )


def test_the_bare_error_will_do_where_a_group_would(story: Story) -> None:
    run = story.raises(fails_at_one(story))

    run.raises(run.first_failed("fetch"), group=None)


def test_a_group_with_more_than_that_error_will_not_do(story: Story) -> None:
    run = story.raises(group(fails_at_one(story), failure("ValueError", "no")))

    told = breach(run.raises, run.first_failed("fetch"), group=None, rule="Alone")
    assert (told.message, told.sign) == (
        "Alone; it raised ExceptionGroup of FetchError and ValueError('no') at t=1.0s.",
        "group",
    )


def test_an_error_may_be_of_a_type_or_below_it(story: Story) -> None:
    run = story.raises(failure("KeyError", bases=("KeyError", "LookupError")))

    run.raises("KeyError")
    run.raises("LookupError")
    assert breach(run.raises, "ValueError").message == (
        "It must raise ValueError bare; it raised KeyError at t=0.0s."
    )


# --- bad arguments --------------------------------------------------------------


def test_bad_arguments_are_refused_at_once(story: Story) -> None:
    story.raises(failure("ValueError", "limit")).refuses("ValueError")


def test_bad_arguments_are_refused_in_a_group(story: Story) -> None:
    story.raises(group(failure("ValueError", "limit"))).refuses("ValueError")


def test_bad_arguments_are_refused_after_a_call(story: Story) -> None:
    story.fetch("a")
    story.cancel(1)
    run = story.raises(failure("ValueError"))

    assert breach(run.refuses, "ValueError", given="A limit below 1") == Breach(
        "A limit below 1 must raise ValueError before anything else is done; "
        "fetch('a') was called at t=0.0s.",
        "too-late",
        at=0,
        line=10,
        marks={1: "called"},
    )


def test_bad_arguments_are_refused_later(story: Story) -> None:
    story.wait(until=1)
    told = breach(story.raises(failure("ValueError")).refuses, "ValueError")

    assert (told.message, told.sign, told.at, told.until) == (
        (
            "Bad arguments must raise ValueError before anything else is done; "
            "it came out at t=1.0s, not at t=0.0s."
        ),
        "too-late",
        0,
        1,
    )


def test_bad_arguments_are_refused_with_the_wrong_error(story: Story) -> None:
    told = breach(story.raises(failure("TypeError")).refuses, "ValueError", "Refuse")

    assert (told.message, told.sign) == (
        "Refuse; it raised TypeError at t=0.0s.",
        "wrong-error",
    )


def test_bad_arguments_are_taken(story: Story) -> None:
    assert breach(story.returns([]).refuses, "ValueError").sign == "no-error"


# --- notes ------------------------------------------------------------------------


def test_what_was_noted_is_what_was_expected(story: Story) -> None:
    story.note("depth", "a", 1)
    story.note("depth", "b", 2)

    story.returns().notes_each("depth", {"a": 1, "b": 2}, "Count the depth")


def test_something_else_was_noted(story: Story) -> None:
    story.note("depth", "a", 1)
    story.wait(until=2)
    story.note("depth", "b", [3])

    expected = {"a": 1, "b": 2}
    assert breach(
        story.returns().notes_each, "depth", expected, "Count the depth"
    ) == Breach("Count the depth; depth for 'b' was [3], not 2.", "wrong-note", at=2)


@pytest.mark.parametrize(
    ("noted", "fact"),
    [
        ([], "depth was 0 values, not a key and one"),
        (["a"], "depth was 1 value, not a key and one"),
        (["a", 1, 2], "depth was 3 values, not a key and one"),
        (["b", 1], "depth was noted for 'b', and nobody asked for it"),
        ([["a"], 1], "depth was noted for ['a'], and nobody asked for it"),
    ],
)
def test_a_forged_note_breaks_the_law(
    noted: list[object], fact: str, story: Story
) -> None:
    story.note("depth", *noted)

    found = breach(story.returns().notes_each, "depth", {"a": 1}, "Count the depth")
    assert found == Breach(f"Count the depth; {fact}.", "wrong-note", at=0)


def test_nothing_was_noted(story: Story) -> None:
    run = story.returns(3)

    told = not_reached(run.notes_each, "depth", {"a": 1}, "Count the depth")
    assert told == ("it returned 3", "never arose", 0)


# --- an error, and a number, that were noted --------------------------------------

LOST = after(1, fails=Failing("FetchError", "no answer"))


def test_the_error_of_a_call_was_noted(story: Story) -> None:
    story.fetch("a", LOST)
    story.wait_for_all()
    story.note("what came out", 1, wire.Handle(f"error {story.token(1)}"))
    run = story.returns()

    run.notes_error("what came out", run.first_failed("fetch"), "Tell it")


def test_the_message_of_an_error_was_noted(story: Story) -> None:
    story.fetch("a", LOST)
    story.wait_for_all()
    story.note("what came out", "FetchError('no answer')")
    run = story.returns()

    run.notes_error("what came out", run.first_failed("fetch"), "Tell it")


@pytest.mark.parametrize("noted", [[], ["FetchError"], [wire.Handle("error of b")]])
def test_the_error_of_a_call_was_not_noted(noted: list[object], story: Story) -> None:
    story.fetch("a", LOST)
    story.wait_for_all()
    story.note("what came out", *noted)
    run = story.returns()

    failed = run.first_failed("fetch")
    found = breach(run.notes_error, "what came out", failed, "Tell it")
    assert found == Breach(
        "Tell it; what came out has no trace of the error of fetch('a'), "
        "raised at t=1.0s.",
        "no-trace",
        at=1,
        marks={1: "not told"},
    )


def test_a_number_that_was_noted_is_small_enough(story: Story) -> None:
    story.note("objects kept", 500)
    story.note("objects kept", 3)

    story.returns().notes_at_most("objects kept", 3, "Keep nothing")


@pytest.mark.parametrize(
    ("noted", "seen", "sign"),
    [
        ([4], "4", "too-many"),
        ([True], "True", "wrong-note"),
        (["few"], "'few'", "wrong-note"),
        ([1, 2], "1, 2", "wrong-note"),
        ([], "nothing", "wrong-note"),
    ],
)
def test_a_number_that_was_noted_is_too_great(
    noted: list[object], seen: str, sign: str, story: Story
) -> None:
    story.note("objects kept", *noted)

    run = story.returns()
    found = breach(run.notes_at_most, "objects kept", 3, "Keep nothing")
    assert found == Breach(
        f"Keep nothing; objects kept: {seen}, and 3 at most may be.", sign, at=0
    )


# --- loops and calls side by side -----------------------------------------------


def test_two_loops_take_twice_as_long(story: Story) -> None:
    story.wait(until=2)
    run = story.returns()

    run.works_on_second_loop(2 * wire.NANOSECONDS)
    assert breach(run.works_on_second_loop, 3 * wire.NANOSECONDS) == Breach(
        "It must work again under a second event loop; "
        "the two calls took 2 s instead of 3 s.",
        "time",
        at=2,
    )


def test_who_looks_from_time_to_time_may_need_less_or_more_under_a_second_loop(
    story: Story,
) -> None:
    story.wait(until=2)
    run = story.returns()

    for each in (1.75, 2, 2.25):
        run.works_on_second_loop(int(each * wire.NANOSECONDS), slack=0.25)
    for each in (1.5, 2.5):
        breach(run.works_on_second_loop, int(each * wire.NANOSECONDS), slack=0.25)


def test_two_calls_at_once_take_as_long_as_one(story: Story) -> None:
    story.wait(until=2)
    run = story.returns()

    run.shares_nothing(2 * wire.NANOSECONDS)
    assert breach(run.shares_nothing, wire.NANOSECONDS) == Breach(
        "Two calls at once must not share anything; "
        "together they took 2 s, one alone takes 1 s.",
        "shared",
        at=1,
        until=2,
    )


@pytest.mark.parametrize("alone", [3, 1.9, 1.75])
def test_two_calls_at_once_may_be_faster_or_a_little_slower_than_one(
    story: Story, alone: float
) -> None:
    story.wait(until=2)

    story.returns().shares_nothing(instant(alone), slack=0.25)


def test_two_calls_at_once_may_be_no_slower_than_one_and_a_little(
    story: Story,
) -> None:
    story.wait(until=2)
    run = story.returns()

    assert breach(run.shares_nothing, instant(1.7), slack=0.25).sign == "shared"
    assert breach(run.shares_nothing, instant(1.9)).sign == "shared"


# --- what must not be, and what must --------------------------------------------


def test_nothing_of_that_name_happened(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    story.returns().nothing_happened("save", "Save nothing")


def test_something_of_that_name_happened(story: Story) -> None:
    story.call("save", after(1), "a")
    story.wait_for_all()

    assert breach(story.returns().nothing_happened, "save", "Save nothing") == Breach(
        "Save nothing; save('a') was called at t=0.0s.",
        "called",
        at=0,
        line=10,
        marks={1: "called"},
    )


def test_it_may_happen_to_others(story: Story) -> None:
    story.call("save", after(1), "a")
    story.wait_for_all()
    run = story.returns()

    run.nothing_happened("save", "Save no b", ["b"])
    assert breach(run.nothing_happened, "save", "Save no a", ["a"]).sign == "called"


def test_that_nothing_happened_is_not_reached_when_it_stood_still(story: Story) -> None:
    assert (
        not_reached(story.over().nothing_happened, "save", "Save nothing")[1]
        == "deadlock"
    )


def test_enough_operations_were_called(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    story.returns().needs_operations("fetch")


def test_too_few_operations_are_not_reached(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()
    run = story.returns()

    why = "fetch was called only once: it returned None"
    assert not_reached(run.needs_operations, "fetch", 3) == (why, "never arose", 0)


def test_no_operations_are_not_reached(story: Story) -> None:
    run = story.raises(CANCELLED)

    why = "fetch was never called: it raised CancelledError"
    assert not_reached(run.needs_operations, "fetch") == (why, "never arose", 0)


def test_the_scenario_came_to_its_note(story: Story) -> None:
    story.note("again")

    story.returns().needs_note("again")


def test_the_scenario_did_not_come_to_its_note(story: Story) -> None:
    run = story.raises(failure("ValueError", "no", line=3))

    assert not_reached(run.needs_note, "again") == (
        "it raised ValueError('no')",
        "raised",
        3,
    )


def test_a_call_ended_well(story: Story) -> None:
    story.call("save", after(1, fails="Error"))
    story.call("save", after(1))
    story.wait_for_all()

    story.returns().succeeds("save", "Save it")


def test_no_call_ended_well(story: Story) -> None:
    story.call("save", after(1, fails="Error"))
    story.wait_for_all()

    assert breach(story.returns().succeeds, "save", "Save it") == Breach(
        "Save it; save() failed at t=1.0s.", "never", at=1, line=10
    )


def test_a_call_that_was_cancelled_did_not_end_well(story: Story) -> None:
    story.call("save", after(1))
    story.cancel(1)

    told = breach(story.returns().succeeds, "save", "Save it")
    assert told.message == "Save it; save() was cancelled at t=0.0s."


def test_a_call_that_never_ended_did_not_end_well(story: Story) -> None:
    story.call("save", never())

    told = breach(story.returns().succeeds, "save", "Save it")
    assert (
        told.message
        == "Save it; save() was still running when the call was over at t=0.0s."
    )


def test_a_call_that_never_began_did_not_end_well(story: Story) -> None:
    told = breach(story.returns().succeeds, "save", "Save it")

    assert told.message == "Save it; save was never called."


def test_a_call_that_ends_well_after_the_end_is_too_late(story: Story) -> None:
    story.call("save", after(1))

    told = breach(story.returns().succeeds, "save", "Save it")
    assert (
        told.message
        == "Save it; save() was still running when the call was over at t=0.0s."
    )


def test_keywords_and_long_values_are_shown(story: Story) -> None:
    story.call(
        "save",
        after(1, fails=Failing("Error")),
        values.record("Page", n=1),
        deep=[1] * 50,
    )
    story.wait_for_all()
    run = story.returns()

    assert (
        run.call(run.run.operations[0])
        == "save(Page(n=1), deep=[1, 1, 1, 1, 1, 1, 1, 1…)"
    )


# --- all end well -------------------------------------------------------------


def test_all_calls_that_end_with_a_value_succeed(story: Story) -> None:
    story.fetch("a")
    story.fetch("b", after(2))
    story.wait_for_all()

    story.returns().all_succeed("fetch", "All must be fetched")


def test_a_call_that_is_cancelled_does_not_succeed(story: Story) -> None:
    story.fetch("a")
    story.fetch("b", after(2))
    story.wait_until(1)
    story.cancel(2)

    found = breach(story.returns().all_succeed, "fetch", "All must be fetched")

    assert found.message == ("All must be fetched; fetch('b') was cancelled at t=1.0s.")
    assert (found.sign, found.line, found.marks) == (
        "unfinished",
        20,
        {2: "not to its end"},
    )


def test_only_calls_with_those_keys_need_succeed(story: Story) -> None:
    story.fetch("a")
    story.fetch("b", after(2))
    story.wait_until(1)
    story.cancel(2)
    run = story.returns()

    run.all_succeed("fetch", "It must be fetched", ["a"])
    assert breach(run.all_succeed, "fetch", "", ["a", "b"]).marks == {
        2: "not to its end"
    }
    assert not_reached(run.all_succeed, "fetch", "", ["c"])[0] == (
        "fetch was called only 2 times: it returned None"
    )


def test_without_a_call_nothing_has_succeeded(story: Story) -> None:
    assert "never called" in not_reached(story.returns().all_succeed, "fetch", "")[0]


# --- records ----------------------------------------------------------------------


def test_of_a_record_the_field_that_differs_is_shown(story: Story) -> None:
    run = story.returns(values.record("Page", title="a" * 200, lines=3, words=7))

    told = breach(run.returns, values.record("Page", title="a" * 200, lines=4, words=8))
    assert told.message.endswith("; in what it returned, lines is 3.")
    assert (told.sign, told.seen) == ("wrong-value", "expected 4")


def test_a_record_with_other_fields_is_shown_whole(story: Story) -> None:
    run = story.returns(values.record("Page", lines=3))

    told = breach(run.returns, values.record("Page", words=3))
    assert told.message.endswith("; it returned Page(lines=3).")
    assert told.seen == "expected Page(words=3)"
