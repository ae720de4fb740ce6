from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled
from grader.laws.order import first_argument
from grader.world.rules import Failing, Plan, synchronous

TURNS = 150
"""How often a rival wants a turn: more often than any answer has to give one."""

ITEMS = lists(integers(-9, 9), 0, 12)
MANY = lists(integers(-9, 9), 6, 12)
EVERY = integers(1, 4)
ONE = "crunch({items}, work, every={every})"
RIVAL = ONE + ", beside a task that wants turn after turn"

OTHERS = synchronous()


def result(item):
    return item * item - 7


def working(call):
    """Plan one call of work; a submission may call it with anything."""
    item = first_argument(call)
    if type(item) is not int:
        return Plan(fails=Failing("TypeError", "work wants one item, an int"))
    return Plan(gives=result(item))


WORK = synchronous(working)


def fails_at(place):
    failing = Plan(fails=Failing("WorkError", "cannot do it"))
    return synchronous(lambda call: failing if call.nth == place else working(call))


def crunches(play, items, every, **options):
    return play("crunch_alone", items=items, every=every, work=WORK, **options)


def beside(play, items, every, rivals=("A",), **options):
    return play(
        "crunch_beside_rivals",
        items=items,
        every=every,
        rivals=dict.fromkeys(rivals, TURNS),
        work=options.pop("work", WORK),
        rival=OTHERS,
        **options,
    )


RESULTS = "It must return the results in the order of the items"


@law("results-in-order")
@cases(
    count=16,
    items=ITEMS,
    every=EVERY,
    given=ONE,
    examples=[
        {"items": [3, 1, 2], "every": 1},
        {"items": [], "every": 2},
        {"items": [5, 5, 0, 5], "every": 3},
        {"items": [1, 2], "every": 9},
    ],
)
def test_results_stand_in_the_order_of_the_items(play, items, every):
    run = crunches(play, items, every)

    run.returns([result(item) for item in items], RESULTS)
    if items:
        run.needs_operations("work")


@law("once-each")
@cases(
    count=12,
    items=lists(integers(-9, 9), 1, 12),
    every=EVERY,
    given=ONE,
    examples=[
        {"items": [5, 5, 0, 5], "every": 2},
        {"items": [1, 2, 3, 4, 5], "every": 2},
    ],
)
def test_work_is_called_once_for_each_item_in_order(play, items, every):
    run = crunches(play, items, every)

    rule = "work must be called once for each item, in their order"
    run.once("work", items, rule)
    run.starts_in_order("work", items, rule)


def leaves_gaps(items, every):
    return len(items) >= 2 * every + 2


@law("others-get-turns")
@cases(
    count=16,
    items=MANY,
    every=EVERY,
    given=RIVAL,
    assume=leaves_gaps,
    examples=[
        {"items": [1, 2, 3, 4, 5, 6], "every": 1},
        {"items": [5, 5, 5, 5, 5, 5], "every": 2},
    ],
)
def test_others_get_turns_while_it_works(play, items, every):
    run = beside(play, items, every)

    run.lets_in("rival", "work", "Other tasks must get turns while it works")


POLITE = "After `every` items at most, every other ready task must have had a turn"


@law("at-most-every")
@cases(
    count=24,
    items=lists(integers(-9, 9), 2, 12),
    every=EVERY,
    rivals=sampled([["A"], ["A", "B"], ["A", "B", "C"]]),
    given=ONE + ", beside tasks {rivals} that want turn after turn",
    assume=lambda items, every, **_: len(items) > every,
    examples=[
        {"items": [1, 2, 3, 4], "every": 1, "rivals": ["A"]},
        {"items": [1, 2, 3, 4, 5, 6, 7], "every": 3, "rivals": ["A", "B"]},
    ],
)
def test_after_every_items_all_others_have_had_a_turn(play, items, every, rivals):
    run = beside(play, items, every, rivals)

    run.at_most_in_a_row(every, "work", "rival", rivals, TURNS, POLITE)


@law("at-most-every")
@cases(
    count=3,
    items=lists(integers(-9, 9), 2, 8),
    given="crunch({items}, work), beside a task that wants turn after turn",
    examples=[{"items": [1, 2, 3, 4]}],
)
def test_every_is_1_if_nothing_else_is_said(play, items):
    run = play(
        "crunch_by_default",
        items=items,
        rivals={"A": TURNS},
        work=WORK,
        rival=OTHERS,
    )

    run.at_most_in_a_row(
        1, "work", "rival", ["A"], TURNS, POLITE + ": `every` is 1 by default"
    )


@law("takes-no-time")
@cases(
    count=12,
    items=MANY,
    every=EVERY,
    given=ONE,
    examples=[
        {"items": [1, 2, 3, 4, 5, 6], "every": 2},
        {"items": [5, 5, 0, 5, 1, 2, 3], "every": 2},
    ],
)
def test_being_polite_takes_no_time(play, items, every):
    run = crunches(play, items, every)

    run.needs_operations("work", len(items))
    run.takes(0, "Giving turns away must take no time")


@law("work-error-out")
@cases(
    count=12,
    items=lists(integers(-9, 9), 1, 12),
    every=EVERY,
    place=integers(0, 11),
    given=ONE + "; call {place} of work, counted from 0, raises an error",
    assume=lambda items, place, **_: place < len(items),
    examples=[
        {"items": [1, 2, 3, 4, 5], "every": 2, "place": 2},
        {"items": [5, 2, 3, 4, 5], "every": 2, "place": 4},
    ],
)
def test_an_error_of_work_ends_the_job(play, items, every, place):
    run = beside(play, items, every, work=fails_at(place))

    rule = "An error of work must come out, and no further item be worked on"
    run.raises(run.first_failed("work"), group=None, rule=rule)
    run.called_at_most(place + 1, "work", rule)


CANCELLED = "A cancellation must be noticed within the next `every` items"


@law("cancel-noticed")
@cases(
    count=20,
    # So many, and all different: an answer that gives turns away an item too late, or works
    # on each value once, is cancelled before it is done too.
    items=lists(integers(-9, 9), 8, 12, unique=True),
    every=integers(1, 3),
    turn=integers(1, 4),
    given=RIVAL + " and cancels crunch in its turn number {turn}",
    assume=lambda items, every, turn: len(items) >= every * (turn + 2),
    examples=[
        {"items": [1, 2, 3, 4, 5, 6], "every": 1, "turn": 2},
        {"items": [1, 2, 3, 4, 5, 6, 7, 8, 9], "every": 3, "turn": 1},
    ],
)
def test_a_cancellation_is_noticed_within_every_items(play, items, every, turn):
    beside(play, items, every).needs_operations("work")

    run = beside(play, items, every, cancel=turn)

    run.begins_few_after("cancelled", every, "work", CANCELLED)
    run.raises(
        "CancelledError", rule="When crunch is cancelled, CancelledError must come out"
    )


@law("bad-every")
@cases(
    count=8,
    items=ITEMS,
    every=integers(-3, 0),
    given=ONE,
    examples=[{"items": [1, 2], "every": 0}, {"items": [], "every": -1}],
)
def test_every_below_1_is_refused(play, items, every):
    run = crunches(play, items, every)

    run.refuses(
        "ValueError",
        "`every` below 1 must raise ValueError before any item is worked on",
    )


# --- what holds for every kata ------------------------------------------------

PAIRS = {
    "left": lists(integers(-9, 9), 2, 6),
    "right": lists(integers(-9, 9), 2, 6),
    "every": EVERY,
}


@law("own-results")
@cases(
    count=10,
    **PAIRS,
    given="two calls at once: crunch({left}, work, every={every}) and "
    "crunch({right}, work, every={every})",
    examples=[
        {"left": [1, 2, 3], "right": [4, 5, 6], "every": 1},
        {"left": [1, 2, 3], "right": [4, 5, 6, 7, 8], "every": 2},
    ],
)
def test_two_calls_at_once_do_not_mix(play, left, right, every):
    wanted = [[result(item) for item in items] for items in (left, right)]
    for items, results in zip((left, right), wanted, strict=True):
        alone = crunches(play, items, every)
        alone.needs_operations("work")
        with alone.given():
            alone.returns(results)

    run = play("crunch_together", lists=[left, right], every=every, work=WORK)

    run.returns(wanted, "Two calls at once must not mix their results")


@law("second-loop")
@cases(
    count=6,
    items=MANY,
    every=EVERY,
    given=ONE + ", under one event loop and then under another",
    examples=[
        {"items": [1, 2, 3, 4, 5, 6], "every": 2},
        {"items": [1, 2, 3, 4, 5, 6, 7], "every": 2},
    ],
)
def test_it_works_again_under_a_second_loop(play, items, every):
    run = play("crunch_in_two_loops", items=items, every=every, work=WORK)

    run.needs_note("second loop")
    run.needs_operations("work")
    wanted = [result(item) for item in items]
    run.returns([wanted, wanted], "It must work again under a second event loop")


CALLS = {
    "items": MANY,
    "every": EVERY,
    "given": RIVAL,
    "examples": [{"items": [1, 2, 3, 4, 5, 6, 7], "every": 2}],
}


def done(play, items, every, **options):
    run = beside(play, items, every, **options)
    with run.given():
        run.returns([result(item) for item in items])
    return run


@law("loops-thread")
@cases(count=8, **CALLS)
def test_work_is_called_on_the_loops_own_thread(play, items, every):
    run = done(play, items, every)

    run.stays_on_the_loop("work", "work must be called on the event loop's own thread")


@law("never-blocks")
@cases(count=8, **CALLS)
def test_the_loop_is_never_blocked(play, items, every):
    done(play, items, every).never_blocks()


@law("nothing-left")
@cases(
    count=8,
    items=lists(integers(-9, 9), 8, 12),
    every=sampled([1, 2]),
    given=RIVAL
    + ", once to its end and once cancelled by the other in its second turn",
    examples=[
        {"items": [1, 2, 3, 4, 5, 6, 7, 8], "every": 1},
        {"items": [1, 2, 3, 4, 5, 6, 7, 8, 9], "every": 2},
        {"items": [5, 5, 5, 5, 5, 5, 5, 5, 5], "every": 2},
    ],
)
def test_nothing_is_left_running(play, items, every):
    done(play, items, every).leaves_nothing(threads=True)

    cancelled = beside(play, items, every, cancel=2)
    cancelled.needs_note("cancelled")
    cancelled.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=8, **CALLS)
def test_python_has_nothing_to_complain_of(play, items, every):
    done(play, items, every, collect=True).warns_nothing()
