from grader import wire
from grader.judge.picture import timeline
from grader.laws import JudgedRun
from grader.verdict import Timeline
from grader.world.rules import asynchronous, never
from grader.world.script import Step, script, step
from tests.grader.world.hand import Hand

FETCHES = step(0, "A", "call", "fetcher.fetch", "/a")


def pictured(*steps: Step, argument: object) -> Timeline:
    hand = Hand({"fetch": asynchronous()})
    hand.begin("fetch", argument)
    hand.returned()
    hand.run.script = script(*steps)
    found = timeline(JudgedRun(hand.over(), hand.world.label), None)
    assert found is not None
    return found


def test_an_integer_too_long_to_be_written_has_a_lane() -> None:
    drawn = pictured(argument=10**4500)

    assert [lane.label[:12] for lane in drawn.lanes] == ["fetch(0x1992"]


def test_an_integer_that_no_player_packs_has_a_lane() -> None:
    drawn = pictured(argument=[10**20_000])

    assert [lane.label for lane in drawn.lanes] == ["fetch([<int of 66439 bits, to…)"]


def test_a_call_that_was_dropped_is_lost() -> None:
    hand = Hand({"fetch": asynchronous(never())})
    hand.begin("fetch", "kept")
    hand.begin("fetch", "dropped")
    hand.begin("fetch", "cancelled, then dropped")
    hand.tell(wire.CancelSeen(3))
    hand.close(2, "dropped")
    hand.close(3, "dropped")
    hand.returned()
    found = timeline(JudgedRun(hand.over(), hand.world.label), None)

    assert found is not None
    assert [each.state for each in found.lanes] == ["open", "lost", "cancelled"]


def test_a_step_that_a_lane_shows_needs_no_mark() -> None:
    assert pictured(FETCHES, argument="/a").marks == []


def test_a_step_that_no_lane_shows_is_marked() -> None:
    drawn = pictured(FETCHES, argument="/b")

    assert [mark.label for mark in drawn.marks] == ["fetcher.fetch('/a')"]
