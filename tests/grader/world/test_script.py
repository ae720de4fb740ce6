import copy

import pytest

from grader import values, wire
from grader.world.rules import TOKEN, after
from grader.world.script import Script, script, step


def test_a_step_counts_nanoseconds_and_has_no_number_yet() -> None:
    made = step(0.5, "A", "call", "fetcher.fetch", "/a", keep="answer")

    assert made == (
        0,
        500_000_000,
        "A",
        "call",
        "fetcher.fetch",
        ["/a"],
        "answer",
    )


def test_a_script_numbers_its_steps_from_one() -> None:
    made = script(step(0, "A", "call", "x.f"), step(0, "B", "call", "x.g"))

    assert [each.number for each in made] == [1, 2]


def test_a_script_takes_lists_of_steps() -> None:
    both = [step(0, "A", "call", "x.f"), step(1, "A", "call", "x.f")]

    made = script(both, step(2, "B", "collect"))

    assert [(each.number, each.actor) for each in made] == [
        (1, "A"),
        (2, "A"),
        (3, "B"),
    ]


def test_a_script_finds_a_step_by_what_it_says() -> None:
    late = step(1, "A", "call", "x.f")
    made = script(step(0, "A", "call", "x.f"), late)

    assert made.number_of(late) == 2
    assert made.number_of(made[1]) == 2


def test_a_step_of_another_script_is_not_found() -> None:
    made = script(step(0, "A", "call", "x.f"))

    with pytest.raises(LookupError, match="no step"):
        made.number_of(step(0, "B", "call", "x.f"))


def test_a_script_travels_as_plain_data() -> None:
    made = script(step(1, "A", "call", "x.f", "/a", 2))

    packed = values.pack_known(made)

    assert packed == wire.List(
        [wire.Tuple([1, 1_000_000_000, "A", "call", "x.f", wire.List(["/a", 2]), ""])]
    )


def test_an_empty_script_has_no_steps() -> None:
    assert script() == Script()


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^verb must be one of call, .*, got 'cal'$"):
        step(0, "A", "cal", "x.f")  # type: ignore[arg-type]


def test_a_time_before_the_beginning_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^at must be at least 0, got -1$"):
        step(-1, "A", "call", "x.f")


def test_a_step_that_is_there_twice_is_refused() -> None:
    same = step(0, "A", "call", "x.f")

    with pytest.raises(ValueError, match=r"^step is there twice: A call x.f$"):
        script(same, same)


def test_a_step_before_another_of_its_actor_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^step comes before another of its actor"):
        script(step(1, "A", "call", "x.f"), step(0, "A", "call", "x.f"))


def test_cancelling_an_actor_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^there is no actor 'B': A cancel B$"):
        script(step(0, "A", "cancel", "B"))


def test_a_copied_plan_still_gives_a_token() -> None:
    # Services hold plans, and each run has a copy of its services.
    assert copy.deepcopy(after(1)).gives is TOKEN
