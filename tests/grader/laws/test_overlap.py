from grader.world.rules import after, answers, cleans_up, never

from .conftest import Breach, Story, breach, not_reached

WAITED = "A free slot must be used at once; only 1 of 2 ran from t=1.0s"


# --- never more than so many ----------------------------------------------------


def test_two_at_once_keep_a_limit_of_two(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()

    story.returns().at_most(2, "fetch")


def test_three_at_once_break_a_limit_of_two(story: Story) -> None:
    story.fetch("a", after(3))
    story.fetch("b", after(2))
    story.wait_until(1)
    story.fetch("c", after(3))
    story.wait_for_all()

    assert breach(story.returns().at_most, 2, "fetch") == Breach(
        "At most 2 may run at once; 3 ran at t=1.0s.",
        "too-many",
        at=1,
        until=2,
        line=30,
        marks={3: "3 of 2"},
        limit=2,
        band="over 2",
        seen="fetch('c') began while fetch('a') and fetch('b') were running",
    )


def test_the_fullest_moment_of_the_first_crowd_is_told(story: Story) -> None:
    story.fetch("a", after(4))
    story.fetch("b", after(2))
    story.wait_until(1)
    story.fetch("c", after(2))
    story.wait_until(6)
    story.fetch("d", after(1))
    story.fetch("e", after(1))
    story.fetch("f", after(1))
    story.fetch("g", after(1))
    story.wait_for_all()

    assert breach(story.returns().at_most, 1, "fetch", "One at a time") == Breach(
        "One at a time; 3 ran at t=1.0s.",
        "too-many",
        at=1,
        until=3,
        line=20,
        marks={2: "2 of 1", 3: "3 of 1"},
        limit=1,
        band="over 1",
        seen="fetch('b') began while fetch('a') was running",
    )


def test_a_crowd_that_never_thins_out_lasts_to_the_end(story: Story) -> None:
    story.fetch("a", never())
    story.fetch("b", never())
    story.wait(until=2)
    told = breach(story.over().at_most, 1, "fetch")

    assert (told.at, told.until) == (0, 2)


def test_who_begins_as_another_ends_finds_room(story: Story) -> None:
    story.fetch("a")
    story.wait()
    story.fetch("b")
    story.wait_for_all()

    story.returns().at_most(1, "fetch")


def test_a_place_is_free_only_after_the_cleanup(story: Story) -> None:
    story.fetch("a", after(3, cancelled=cleans_up(1)))
    story.wait_until(1)
    story.cancel(1)
    story.fetch("b")
    story.wait_for_all()
    told = breach(story.returns().at_most, 1, "fetch")

    assert (told.message, told.until) == (
        "At most 1 may run at once; 2 ran at t=1.0s.",
        2,
    )


def test_who_is_let_in_and_cancelled_in_one_instant_does_not_count(
    story: Story,
) -> None:
    story.fetch("a")
    story.fetch("b")
    story.cancel(2)
    story.wait_for_all()

    story.returns().at_most(1, "fetch")


def test_who_answers_the_cancellation_with_a_value_does_count(story: Story) -> None:
    story.fetch("a", after(3))
    story.fetch("b", after(3, cancelled=answers(1, "late")))
    story.cancel(2)
    story.wait_for_all()

    assert breach(story.returns().at_most, 1, "fetch").marks == {2: "2 of 1"}


def test_other_operations_do_not_count(story: Story) -> None:
    story.fetch("a")
    story.call("save", after(1), "a")
    story.wait_for_all()

    story.returns().at_most(1, "fetch")


def test_a_limit_is_not_reached_when_nothing_was_called(story: Story) -> None:
    run = story.returns()

    why = "fetch was never called: it returned None"
    assert not_reached(run.at_most, 1, "fetch") == (why, "never arose", 0)


# --- so many at some moment -----------------------------------------------------


def test_two_at_once_reach_two(story: Story) -> None:
    story.fetch("a")
    story.fetch("b")
    story.wait_for_all()

    story.returns().reaches(2, "fetch")


def test_one_after_the_other_do_not_reach_two(story: Story) -> None:
    story.fetch("a")
    story.wait()
    story.fetch("b")
    story.wait_for_all()

    assert breach(story.returns().reaches, 2, "fetch") == Breach(
        "2 must run at once when there is work for them; never more than 1 ran at once.",
        "too-few",
        at=0,
        line=10,
        limit=2,
    )


def test_the_peak_is_not_reached_when_nothing_was_called(story: Story) -> None:
    run = story.returns()

    why = "fetch was never called: it returned None"
    assert not_reached(run.reaches, 2, "fetch") == (why, "never arose", 0)


def test_the_peak_is_not_reached_when_it_stood_still_first(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    why = "it never ended: all were waiting, and nothing could end a wait (deadlock)"
    assert not_reached(story.over().reaches, 2, "fetch") == (why, "deadlock", 0)


# --- no slot wasted -------------------------------------------------------------


def test_a_slot_taken_in_the_instant_in_which_it_is_given_back_is_used(
    story: Story,
) -> None:
    story.fetch("a", after(2))
    story.fetch("b", after(1))
    story.wait()
    story.fetch("c", after(1))
    story.wait_for_all()

    story.returns().wastes_no_slot(2, "fetch", 3)


def test_fewer_than_the_limit_are_enough_for_the_last(story: Story) -> None:
    story.fetch("a", after(2))
    story.wait_for_all()

    story.returns().wastes_no_slot(3, "fetch", 1)


def test_a_slot_is_wasted_while_the_next_call_waits(story: Story) -> None:
    story.fetch("a", after(2))
    story.fetch("b", after(1))
    story.wait_until(2)
    story.fetch("c", after(1))
    story.wait_for_all()

    assert breach(story.returns().wastes_no_slot, 2, "fetch", 3) == Breach(
        f"{WAITED}, while fetch('c') waited until t=2.0s.",
        "idle-slot",
        at=1,
        until=2,
        line=30,
        marks={3: "late"},
        limit=2,
        band="a slot is free",
    )


def test_a_slot_is_wasted_before_the_first_call(story: Story) -> None:
    story.wait(until=1)
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().wastes_no_slot, 1, "fetch", 1) == Breach(
        "A free slot must be used at once; "
        "none ran from t=0.0s, while fetch('a') waited until t=1.0s.",
        "idle-slot",
        at=0,
        until=1,
        line=10,
        marks={1: "late"},
        limit=1,
        band="a slot is free",
    )


def test_slots_count_from_when_there_is_work_for_them(story: Story) -> None:
    story.wait(until=1)
    story.fetch("a")
    story.wait_for_all()

    story.returns().wastes_no_slot(1, "fetch", 1, since=1)


def test_a_slot_is_wasted_when_the_rest_is_never_called(story: Story) -> None:
    story.fetch("a", after(2))
    story.fetch("b", after(1))
    story.wait_for_all()

    assert breach(story.returns().wastes_no_slot, 2, "fetch", 3) == Breach(
        f"{WAITED}, and 1 more was never called: it returned None.",
        "idle-slot",
        at=1,
        until=2,
        limit=2,
        band="a slot is free",
    )


def test_slots_wasted_after_the_end_are_told_of_without_a_span(story: Story) -> None:
    story.fetch("a", after(3))
    story.wait(until=1)
    told = breach(story.returns().wastes_no_slot, 1, "fetch", 3)

    assert told.message == (
        "A free slot must be used at once; "
        "none ran from t=3.0s, and 2 more were never called: it returned None."
    )
    assert (told.at, told.until) == (3, 3)


def test_standing_still_wastes_the_slots(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.over().wastes_no_slot, 1, "fetch", 2) == Breach(
        "A free slot must be used at once; it never ended: all were waiting, "
        "and nothing could end a wait (deadlock).",
        "deadlock",
        at=1,
        reason="deadlock",
    )


def test_slots_are_not_reached_when_nothing_was_called(story: Story) -> None:
    run = story.returns()

    why = "fetch was never called: it returned None"
    assert not_reached(run.wastes_no_slot, 2, "fetch", 3) == (why, "never arose", 0)


def test_with_nothing_to_call_no_slot_is_wasted(story: Story) -> None:
    story.returns().wastes_no_slot(2, "fetch", 0)


# --- answers that wait ----------------------------------------------------------


def test_an_answer_that_is_taken_as_it_comes_does_not_wait(story: Story) -> None:
    story.fetch("a", after(1))
    story.fetch("b", after(2))
    story.wait_until(1)
    story.call("save", after(3), "a")
    story.wait_until(2)
    story.call("save", after(3), "b")
    story.wait_for_all()

    story.returns().waiting_at_most(0, "fetch", "save", "None may wait")


def test_an_answer_too_many_that_waits_is_told(story: Story) -> None:
    story.fetch("a", after(1))
    story.fetch("b", after(2))
    story.fetch("c", after(2))
    story.wait_until(2)
    story.call("save", after(3), "a")
    story.wait_for_all()

    found = breach(story.returns().waiting_at_most, 1, "fetch", "save", "One may wait")

    assert found.message == "One may wait; 2 answers of fetch waited at t=2.0s."
    assert (found.sign, found.at, found.marks) == (
        "too-many-waiting",
        2.0,
        {3: "2 of 1"},
    )


def test_a_call_that_failed_has_no_answer_that_waits(story: Story) -> None:
    story.fetch("a", after(1, fails="OSError"))
    story.fetch("b", after(1))
    story.wait_for_all()

    story.returns().waiting_at_most(1, "fetch", "save", "One may wait")


def test_no_answer_waits_where_nothing_is_called(story: Story) -> None:
    run = story.returns()

    assert "never called" in not_reached(run.waiting_at_most, 1, "fetch", "save", "")[0]
