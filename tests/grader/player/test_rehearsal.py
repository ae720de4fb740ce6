"""What the zygote plays before there is a submission is a run like any other."""

from grader.player import rehearsal
from grader.world import rules

from .performing import Perform, Performer, error, value


def test_a_real_judge_sees_in_it_what_it_is_to_make_warm(performer: Performer) -> None:
    player, _ = performer.load(rehearsal.PART, scenarios=rehearsal.SCENES)
    run = performer.play(
        player,
        {
            "call": rules.asynchronous(rules.after(1)),
            "break_down": rules.each([rules.after(1), rules.after(1, fails="OSError")]),
        },
        scenario="play",
        args={"items": ["a", "b", "c", "d"], "limit": 2},
    )

    assert performer.good
    assert error(run)[0] == "ExceptionGroup"
    assert [(each.name, each.when.at) for each in run.notes] == [
        ("late", 7_500_000_000)
    ]
    assert [each.how for each in run.operations] == [
        *["value"] * 9,
        "cancelled",
        "value",
        "error",
        *["cancelled"] * 2,
    ]


def test_a_player_knows_nothing_of_it(perform: Perform) -> None:
    run = perform("""
        import linecache, sys
        def f(world):
            there = [name for name in sys.modules if "rehearsal" in name]
            return there, "rehearsal.py" in linecache.cache
        """)

    assert value(run) == (["grader.player.rehearsal"], False)
