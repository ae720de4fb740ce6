import pytest

from grader import values, wire
from grader.laws import JudgedRun
from grader.laws.values import SOME_TEXT
from grader.world.rules import after, never

from .conftest import Breach, Story, breach, failure, not_reached

HOSTS = {"a1": "a", "a2": "a", "a3": "a", "b1": "b"}
ALL = "Every page must be fetched"
SOON = "A page must start as soon as it may"


# --- all that is known, and nothing else ----------------------------------------


def test_all_are_called_in_any_order_and_however_often(story: Story) -> None:
    for key in ("b", "a", "b"):
        story.fetch(key)
    story.wait_for_all()

    story.returns().calls_all("fetch", ["a", "b"], ALL)


def test_one_is_never_called(story: Story) -> None:
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().calls_all, "fetch", ["a", "b"], ALL) == Breach(
        "Every page must be fetched; fetch('b') was never called.",
        "missing-call",
        at=1,
    )


def test_one_is_called_that_nobody_asked_for(story: Story) -> None:
    story.fetch("a")
    story.wait(until=1)
    story.fetch(["b"])

    assert breach(story.returns().calls_all, "fetch", ["a"], ALL) == Breach(
        "Every page must be fetched; fetch(['b']) was called at t=1.0s, "
        "and nobody asked for it.",
        "not-asked-for",
        at=1,
        line=20,
        marks={2: "not asked for"},
    )


def test_why_one_is_missing_is_told_when_it_raised(story: Story) -> None:
    told = breach(
        story.raises(failure("TypeError", "no", line=4)).calls_all, "fetch", ["a"], ALL
    )

    assert (told.message, told.sign, told.line) == (
        f"{ALL}; fetch('a') was never called: it raised TypeError('no').",
        "raised",
        4,
    )


# --- so many of each group ------------------------------------------------------


def test_each_group_has_a_limit_of_its_own(story: Story) -> None:
    for key in ("a1", "b1"):
        story.fetch(key)
    story.wait_for_all()

    story.returns().at_most_of_each(1, "fetch", HOSTS.get, "One of each host")


def test_too_many_of_one_group_run(story: Story) -> None:
    story.fetch("b1", after(3))
    story.fetch("a1", after(3))
    story.wait_until(1)
    story.fetch("a2", after(1))
    story.wait_for_all()
    run = story.returns()

    assert breach(run.at_most_of_each, 1, "fetch", HOSTS.get, "One") == Breach(
        "One; 2 ran at t=1.0s: fetch('a1') and fetch('a2').",
        "too-many",
        at=1,
        until=2,
        line=30,
        marks={3: "2 of 1"},
        band="over 1",
    )


def test_the_first_crowd_of_any_group_is_told(story: Story) -> None:
    for key in ("b1", "a1", "a2", "b1"):
        story.fetch(key, after(1))
        story.wait(until=0)
    told = breach(
        story.returns().at_most_of_each, 1, "fetch", HOSTS.get, "One of each host"
    )

    assert told.marks == {3: "2 of 1"}


def test_a_call_of_which_no_group_can_be_told_is_alone(story: Story) -> None:
    for key in (wire.BigInt("f" * 9999), ["a"], ["a"]):
        story.fetch(key, after(1))
    story.wait_for_all()

    story.returns().at_most_of_each(1, "fetch", hash, "One of each")


def test_a_key_that_is_too_long_to_be_told_is_alone(story: Story) -> None:
    for _ in range(2):
        story.fetch(wire.BigInt("f" * 9999), after(1))
    story.wait_for_all()

    story.returns().at_most_of_each(1, "fetch", repr, "One of each")


def test_without_a_call_there_is_no_group(story: Story) -> None:
    why = not_reached(story.returns().at_most_of_each, 1, "fetch", HOSTS.get, "One")

    assert why[0] == "fetch was never called: it returned None"


# --- as soon as it may ----------------------------------------------------------


def free(run: JudgedRun, ready: dict[str, int], limit: int, each: int) -> None:
    instants = {key: at * 10**9 for key, at in ready.items()}
    run.begins_when_free("fetch", instants, limit, SOON, each=each, group=HOSTS.get)


def test_each_begins_when_it_is_ready_and_has_a_place(story: Story) -> None:
    story.fetch("a1", after(2))
    story.wait_until(1)
    story.fetch("b1", after(2))
    story.wait_until(2)
    story.fetch("a2", after(3))
    story.wait_for_all()

    free(story.returns(), {"a1": 0, "a2": 0, "b1": 1}, 2, 1)


def test_one_is_ready_and_begins_late(story: Story) -> None:
    story.fetch("a1", after(1))
    story.wait_until(3)
    story.fetch("b1", after(1))
    story.wait_for_all()

    assert breach(free, story.returns(), {"a1": 0, "b1": 1}, 2, 2) == Breach(
        "A page must start as soon as it may; fetch('b1') could begin at t=1.0s "
        "and began only at t=3.0s.",
        "idle-place",
        at=1,
        until=3,
        line=20,
        marks={2: "late"},
        band="it could run",
    )


@pytest.mark.parametrize(("limit", "each"), [(1, 2), (2, 1)])
def test_one_that_has_no_place_may_wait(story: Story, limit: int, each: int) -> None:
    story.fetch("a1", after(2))
    story.wait()
    story.fetch("a2", after(1))
    story.wait_for_all()

    free(story.returns(), {"a1": 0, "a2": 1}, limit, each)


def test_one_waits_though_only_another_group_is_full(story: Story) -> None:
    story.fetch("a1", after(2))
    story.wait()
    story.fetch("a2", after(1))
    story.fetch("b1", after(1))
    story.wait_for_all()
    told = breach(free, story.returns(), {"a1": 0, "a2": 0, "b1": 0}, 2, 1)

    assert (told.at, told.until, told.marks) == (0, 2, {3: "late"})


def test_one_never_begins_although_it_may(story: Story) -> None:
    story.fetch("a1", after(1))
    story.wait()
    told = breach(free, story.returns(), {"a1": 0, "b1": 1}, 2, 2)

    assert told.message.endswith(
        "fetch('b1') could begin at t=1.0s and was never called."
    )


def test_standing_still_is_told_before_who_never_begins(story: Story) -> None:
    story.fetch("a1", never())
    told = breach(free, story.over(), {"a1": 0, "b1": 0}, 2, 2)

    assert told.reason == "deadlock"


def test_with_no_call_at_all_nothing_is_judged(story: Story) -> None:
    assert not_reached(free, story.returns(), {}, 2, 2)[0].startswith("fetch was never")


def test_what_is_ready_after_the_end_is_not_waited_for(story: Story) -> None:
    story.fetch("a1", after(2))
    story.wait(until=1)

    free(story.returns(), {"a1": 0, "b1": 2}, 2, 2)


# --- in turn --------------------------------------------------------------------


def test_turns_are_kept_also_by_who_begins_in_the_same_instant(story: Story) -> None:
    story.fetch("b")
    story.fetch("a")
    story.wait_for_all()

    story.returns().keeps_turn("fetch", "a", "b", "In turn")


def test_one_begins_out_of_turn(story: Story) -> None:
    story.fetch("b", after(2))
    story.wait()
    story.fetch("a")
    story.wait_for_all()

    assert breach(story.returns().keeps_turn, "fetch", "a", "b", "In turn") == Breach(
        "In turn; fetch('b') began at t=0.0s and fetch('a'), whose turn it was, "
        "at t=2.0s.",
        "out-of-turn",
        at=0,
        until=2,
        line=10,
        marks={1: "out of turn", 2: "overtaken"},
    )


def test_who_is_never_called_has_no_turn(story: Story) -> None:
    story.fetch("b")
    story.wait_for_all()

    story.returns().keeps_turn("fetch", "a", "b", "In turn")


# --- a record for each ----------------------------------------------------------

EACH = "There must be a page for each url"


def page(**fields: object) -> object:
    return values.record("Page", **fields)


def test_there_is_a_record_for_each_key(story: Story) -> None:
    run = story.returns({"b": page(n=1, error="no"), "a": page(n=2, error=None)})

    run.returns_records(
        "Page", {"a": {"n": 2, "error": None}, "b": {"error": SOME_TEXT}}, EACH
    )


@pytest.mark.parametrize(
    ("returned", "fact", "sign"),
    [
        (["a"], "it returned ['a']", "no-dict"),
        ({}, "there is no entry for 'a' in what it returned", "missing-entry"),
        (
            {"a": page(n=1, error=None), 7: 8},
            "it returned an entry for 7, and none was due",
            "extra-entry",
        ),
        ({"a": 7}, "the entry for 'a' is 7, and no Page", "no-record"),
        (
            {"a": values.record("Other", n=1)},
            "the entry for 'a' is Other(n=1), and no Page",
            "no-record",
        ),
        ({"a": page(n=True)}, "the entry for 'a' has n=True, not 1", "wrong-n"),
        ({"a": page()}, "the entry for 'a' has n=<nothing object>, not 1", "wrong-n"),
    ],
)
def test_what_is_wrong_with_the_records(
    story: Story, returned: object, fact: str, sign: str
) -> None:
    run = story.returns(returned)
    told = breach(run.returns_records, "Page", {"a": {"n": 1}}, EACH)

    assert (told.message, told.sign, told.at) == (f"{EACH}; {fact}.", sign, 0)


def test_no_text_is_told_where_some_text_was_due(story: Story) -> None:
    run = story.returns({"a": page(error=None)})
    told = breach(run.returns_records, "Page", {"a": {"error": SOME_TEXT}}, EACH)

    assert told.message == f"{EACH}; the entry for 'a' has error=None, not some text."
    assert told.sign == "wrong-error"
