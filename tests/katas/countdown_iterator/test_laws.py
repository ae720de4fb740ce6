from itertools import pairwise

from grader import wire
from grader.judge.cases import cases, law
from grader.judge.draws import integers, sampled, seconds
from grader.world.rules import synchronous
from grader.world.script import script, step

PERIOD = seconds(0.5, 3, 0.5)
WALK = "async for number in Countdown({start}, {period}): print(number)"
STEPS = "walk = aiter(Countdown({start}, {period})), stepped by anext(walk)"

PRINT = synchronous()


def down_from(start):
    return list(range(start, 0, -1))


def steps(number, actor="walker"):
    """So many steps, each as soon as the one before is over."""
    # Two steps that say the same are not told apart, so each keeps what it gives.
    return [
        step(0, actor, "step", "walk", keep=f"{actor} {place}")
        for place in range(1, number + 1)
    ]


def counts_down(run, start):
    with run.given():
        run.returns(down_from(start))


def seconds_of(moment):
    return moment.at / wire.NANOSECONDS


# --- numbers and times --------------------------------------------------------


@law("counts-down")
@cases(
    count=12,
    start=integers(0, 6),
    period=PERIOD,
    given=WALK,
    examples=[
        {"start": 3, "period": 1.0},
        {"start": 0, "period": 1.0},
        {"start": 1, "period": 1.0},
        {"start": 3, "period": 0},
        {"start": 0, "period": 0},
    ],
)
def test_it_counts_down_to_one(play, start, period):
    run = play("walk", start=start, period=period, print=PRINT)

    run.returns(
        down_from(start),
        f"async for must give {', '.join(map(str, down_from(start)))} and end"
        if start
        else "A countdown from 0 must give nothing",
    )


@law("first-at-once")
@cases(
    count=12,
    start=integers(1, 5),
    period=PERIOD,
    given=WALK,
    examples=[{"start": 3, "period": 1.0}],
)
def test_the_first_number_comes_at_once(play, start, period):
    run = play("walk", start=start, period=period, print=PRINT)

    run.needs_operations("print")
    run.begins_by("print", 0, "The first number must come at once")


BETWEEN = "A period must pass between two numbers"


@law("waits-between")
@cases(
    count=16,
    start=integers(2, 6),
    period=PERIOD,
    given=WALK,
    examples=[{"start": 3, "period": 1.0}, {"start": 3, "period": 0}],
)
def test_a_period_passes_between_two_numbers(play, start, period):
    run = play("walk", start=start, period=period, print=PRINT)

    run.needs_operations("print", 2)
    first, *more = run.operations("print")
    begins = seconds_of(first.began)
    run.begins_at(
        "print",
        [begins, *(begins + period * place for place in range(1, len(more) + 1))],
        BETWEEN,
    )


ENDS = (
    "When the last number was given and the next one is asked for, it must end at once"
)


@law("ends-at-once")
@cases(
    count=12,
    start=integers(1, 5),
    period=PERIOD,
    given=WALK,
    examples=[{"start": 3, "period": 1.0}, {"start": 1, "period": 1.0}],
)
def test_it_ends_right_after_the_last_number(play, start, period):
    run = play("walk", start=start, period=period, print=PRINT)

    run.needs_operations("print")
    run.ends_when(run.operations("print")[-1], ENDS)


@law("ends-at-once")
@cases(period=PERIOD, count=3, given="async for number in Countdown(0, {period})")
def test_a_countdown_from_zero_ends_at_once(play, period):
    run = play("walk", start=0, period=period, print=PRINT)

    with run.given():
        run.returns([])
    run.takes(0, "A countdown from 0 must end at once")


@law("stays-over")
@cases(
    count=10,
    start=integers(0, 4),
    period=PERIOD,
    more=integers(1, 3),
    given=STEPS + ", {more} more after the end",
    examples=[
        {"start": 2, "period": 1.0, "more": 2},
        {"start": 0, "period": 1.0, "more": 2},
    ],
)
def test_an_iterator_that_is_over_stays_over(play, start, period, more):
    taken = steps(start + 1 + more)

    run = play("follow", start=start, period=period, steps=script(taken))

    end, *after_the_end = taken[start:]
    with run.given():
        for number, each in zip(down_from(start), taken, strict=False):
            run.step_gives(each, number, "It must count down")
        run.step_raises(end, "StopAsyncIteration", "It must end")
    for each in after_the_end:
        rule = (
            "After its end an iterator must raise StopAsyncIteration for ever, at once"
        )
        run.step_raises(each, "StopAsyncIteration", rule)
        run.step_ends_with(each, end, rule)


# --- several walks ------------------------------------------------------------


@law("begins-anew")
@cases(
    count=12,
    start=integers(1, 5),
    period=PERIOD,
    taken=integers(1, 6),
    given="one async for over Countdown({start}, {period}) "
    "that is left after {taken} numbers, or ends before, then another over the same object",
    examples=[
        {"start": 2, "period": 1.0, "taken": 3},
        {"start": 3, "period": 1.0, "taken": 1},
    ],
)
def test_each_async_for_begins_anew(play, start, period, taken):
    alone = play("walk", start=start, period=period, print=PRINT)
    counts_down(alone, start)

    run = play("walk_again", start=start, period=period, taken=taken, print=PRINT)

    rule = "Each async for over the same object must count down from the beginning"
    run.needs_note("again")
    run.returns(down_from(start), rule)
    run.lasts_since("again", alone.duration, rule)


TOGETHER = {
    "start": integers(1, 5),
    "period": PERIOD,
    "wait": sampled([0, 0.25, 0.75, 1.25]),
    "examples": [
        {"start": 3, "period": 1.0, "wait": 0.25},
        {"start": 2, "period": 1.0, "wait": 0},
    ],
}


def together(play, start, period, wait, objects, rule):
    alone = play("walk", start=start, period=period, print=PRINT)
    counts_down(alone, start)

    run = play(
        "walk_together",
        start=start,
        period=period,
        wait=wait,
        objects=objects,
        **{"left.print": PRINT, "right.print": PRINT},
    )

    run.returns([down_from(start)] * 2, rule)
    run.shares_nothing(alone.duration + round(wait * wire.NANOSECONDS), rule)


@law("walks-together")
@cases(
    count=12,
    **TOGETHER,
    given="two walks over one Countdown({start}, {period}), the second {wait} s later",
)
def test_two_walks_over_one_object_do_not_disturb_each_other(play, start, period, wait):
    rule = "Two walks at the same time over one Countdown must not disturb each other"
    together(play, start, period, wait, 1, rule)


@law("walks-together")
@cases(
    count=6,
    **TOGETHER,
    given="walks over two Countdown({start}, {period}), the second {wait} s later",
)
def test_two_countdowns_do_not_disturb_each_other(play, start, period, wait):
    rule = "Walks at the same time over two Countdowns must not disturb each other"
    together(play, start, period, wait, 2, rule)


@law("is-iterator")
@cases(
    count=6,
    start=integers(1, 4),
    period=PERIOD,
    given="walk = aiter(Countdown({start}, {period})); await anext(walk); "
    "then async for over walk",
    examples=[{"start": 3, "period": 1.0}],
)
def test_what_aiter_gives_can_be_walked_on(play, start, period):
    alone = play("walk", start=start, period=period, print=PRINT)
    counts_down(alone, start)

    run = play("begin_by_hand", start=start, period=period, print=PRINT)

    run.needs_note("begun")
    run.returns(
        down_from(start), "async for over an iterator must go on where it stands"
    )


# --- cancelled steps ----------------------------------------------------------


CANCELLED = {
    "start": integers(2, 5),
    "taken": integers(1, 4),
    "period": seconds(1, 3, 0.5),
    "part": sampled([0.25, 0.5, 0.75]),
}
GIVES_UP = (
    STEPS + "; the step after {taken} of the numbers is cancelled when {part} of its "
    "period is over"
)


def play_cancelled(play, start, taken, period, part, pause=0.0):
    """Cancel the step after `taken` numbers; return the run and its steps."""
    at = (taken - 1) * period + part * period
    first = steps(taken)
    waits = step(0, "walker", "step", "walk", keep="cancelled")
    stops = step(at, "boss", "cancel", "walker")
    more = [
        step(at + pause, "walker", "step", "walk", keep=f"again {place}")
        for place in range(start - taken)
    ]
    run = play(
        "follow",
        start=start,
        period=period,
        steps=script(first, waits, more, stops),
    )
    with run.given():
        for number, each in zip(down_from(start), first, strict=False):
            run.step_gives(each, number, "It must count down")
        run.step_ends_at(first[-1], (taken - 1) * period, "It must keep its times")
    run.needs_step_on(waits, stops)
    return run, waits, more, at


@law("keeps-number")
@cases(
    count=16,
    **CANCELLED,
    given=GIVES_UP + ", then all are taken",
    assume=lambda start, taken, **_: taken < start,
    examples=[
        {"start": 3, "taken": 1, "period": 1.0, "part": 0.5},
        {"start": 3, "taken": 2, "period": 1.0, "part": 0.5},
    ],
)
def test_a_cancelled_step_eats_no_number(play, start, taken, period, part):
    run, waits, more, _ = play_cancelled(play, start, taken, period, part)

    with run.given():
        run.step_raises(waits, "CancelledError", "The cancellation must come out")
    rule = "After a cancelled step the next one must give the number that was due"
    for number, each in zip(down_from(start)[taken:], more, strict=False):
        run.step_gives(each, number, rule)


@law("waits-again")
@cases(
    count=16,
    **CANCELLED,
    pause=sampled([0, 0.125]),
    given=GIVES_UP + ", the next one comes {pause} s later",
    assume=lambda start, taken, **_: taken < start,
    examples=[{"start": 3, "taken": 1, "period": 1.0, "part": 0.5, "pause": 0}],
)
def test_after_a_cancelled_step_the_next_one_waits_again(
    play, start, taken, period, part, pause
):
    run, waits, more, at = play_cancelled(play, start, taken, period, part, pause)

    with run.given():
        run.step_raises(waits, "CancelledError", "The cancellation must come out")
        run.step_gives(more[0], start - taken, "It must give the number that was due")
    run.step_ends_within(
        more[0],
        taken * period,
        at + pause + period,
        "The step after a cancelled one must wait: the rest of the period or a whole one",
    )
    for earlier, later in pairwise(more):
        ended = run.step_ends(earlier, BETWEEN).when.at - run.began_at(waits)
        run.step_ends_at(later, ended / wire.NANOSECONDS + period, BETWEEN)


@law("cancel-comes-out")
@cases(
    count=12,
    **CANCELLED,
    given=GIVES_UP,
    assume=lambda start, taken, **_: taken < start,
    examples=[{"start": 3, "taken": 1, "period": 1.0, "part": 0.5}],
)
def test_a_cancelled_step_ends_at_once(play, start, taken, period, part):
    run, waits, _, at = play_cancelled(play, start, taken, period, part)

    rule = "A cancelled step must raise CancelledError at once"
    run.step_raises(waits, "CancelledError", rule)
    run.step_ends_at(waits, at, rule)


@law("cancel-comes-out")
@cases(
    count=6,
    start=integers(2, 4),
    period=PERIOD,
    given=WALK + "; the task that does so is cancelled",
    examples=[{"start": 3, "period": 1.0}],
)
def test_cancelling_a_walk_ends_it_at_once(play, start, period):
    whole = play("walk", start=start, period=period, print=PRINT)
    whole.needs_operations("print")

    for run in play.sweep("walk", start=start, period=period, print=PRINT):
        run.cancelled_cleanly(rule="A cancelled walk must end")


# --- what holds for every kata ------------------------------------------------


@law("bad-arguments")
@cases(
    count=8,
    start=integers(-3, 3),
    period=sampled([-1, -0.5, 0, 1.0]),
    given="Countdown({start}, {period})",
    assume=lambda start, period: start < 0 or period < 0,
    examples=[
        {"start": -1, "period": 1.0},
        {"start": 3, "period": -0.5},
        {"start": 0, "period": -0.5},
    ],
)
def test_a_negative_argument_is_refused_by_the_constructor(play, start, period):
    run = play("make", start=start, period=period)

    run.refuses(
        "ValueError",
        "A negative start or period must raise ValueError from Countdown(...) itself",
    )


@law("nothing-left")
@cases(
    count=8,
    start=integers(3, 5),
    period=PERIOD,
    given=WALK + "; and two walks of which a step is cancelled",
    examples=[{"start": 3, "period": 1.0}],
)
def test_nothing_is_left_running(play, start, period):
    whole = play("walk", start=start, period=period, print=PRINT)
    counts_down(whole, start)
    whole.leaves_nothing(threads=True)

    for scenario in ("cancel_a_step", "give_up"):
        run = play(scenario, start=start, period=period)
        run.reached()
        run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=8,
    start=integers(3, 5),
    period=PERIOD,
    given=WALK + "; and a walk of which a step is cancelled",
    examples=[{"start": 3, "period": 1.0}],
)
def test_python_has_nothing_to_complain_of(play, start, period):
    whole = play("walk", start=start, period=period, print=PRINT, collect=True)
    counts_down(whole, start)
    whole.warns_nothing()

    run = play("cancel_a_step", start=start, period=period, collect=True)
    run.warns_nothing()


@law("never-blocks")
@cases(
    count=8,
    start=integers(2, 4),
    period=PERIOD,
    given=WALK,
    examples=[{"start": 3, "period": 1.0}],
)
def test_the_event_loop_is_never_blocked(play, start, period):
    run = play("walk", start=start, period=period, print=PRINT)

    counts_down(run, start)
    run.never_blocks()


@law("second-loop")
@cases(
    count=6,
    start=integers(2, 4),
    period=PERIOD,
    given="one Countdown({start}, {period}), walked under one event loop and then "
    "under another",
    examples=[{"start": 3, "period": 1.0}],
)
def test_it_works_again_under_a_second_loop(play, start, period):
    once = play("walk", start=start, period=period, print=PRINT)
    counts_down(once, start)

    run = play("walk_in_two_loops", start=start, period=period, print=PRINT)

    run.works_on_second_loop(2 * once.duration)
