from grader.judge.cases import cases, law
from grader.judge.draws import integers
from grader.world.rules import after, asynchronous

KEYS = ["plum", "fig", "kiwi", "apple", "pear", "date", "nut", "lime"]
KEYS += [f"seed{number}" for number in range(8)]
ALL = "{number} items, processes={processes}, chunk={chunk}"
OVER = asynchronous(after(0))
"""What the scenario asks for when its work is over."""

ELSEWHERE = "fn must run in a worker process, not in the caller's own"
IN_HAND = 3
"""Chunks for each process that a pool may have taken out of the queue."""


def item(key, *waits_for, fate="well"):
    """An item whose call waits for these lines of the log, and then ends like that."""
    return [key, list(waits_for), fate]


def items(number):
    return [item(key) for key in KEYS[:number]]


def answers(keys):
    return [f"{key} is done" for key in keys]


def all_answers(given):
    """In whichever order: only one law is about that."""
    return sorted(answers(keys_of(given)))


def keys_of(given):
    return [key for key, _, _ in given]


def in_workers(given):
    return dict.fromkeys(keys_of(given), "a worker")


def chunks(given, size):
    """What travels together with each item, in alphabetical order."""
    keys = keys_of(given)
    trips = [keys[first : first + size] for first in range(0, len(keys), size)]
    return {key: sorted(trip) for trip in trips for key in trip}


@law("results-in-order")
@cases(
    count=2,
    number=integers(1, 6),
    processes=integers(1, 3),
    chunk=integers(1, 3),
    given=ALL,
    examples=[
        {"number": 0, "processes": 2, "chunk": 1},
        {"number": 5, "processes": 2, "chunk": 2},
    ],
)
def test_every_item_has_its_result(play, number, processes, chunk):
    given = items(number)

    run = play("map_and_tell", items=given, processes=processes, chunk=chunk)

    run.returns(all_answers(given), "Every item must have its result")


@law("results-in-order")
@cases(given="5 items, processes=2, chunk=2; the first chunk comes back last")
def test_results_stand_in_the_order_of_the_items(play):
    given = [item("plum", "arrived pear"), *items(5)[1:]]

    run = play("map_items", items=given, processes=2, chunk=2)

    rule = "The results must stand in the order of the items, not as they come"
    run.returns(answers(keys_of(given)), rule)


@law("each-item-once")
@cases(given="the items plum, fig and plum again, in 2 processes")
def test_each_item_is_worked_on_once(play):
    given = [item("plum"), item("fig"), item("plum")]

    run = play("map_and_tell", items=given, processes=2, chunk=1)

    with run.given():
        run.returns(all_answers(given))
    rule = "fn must be called once for each item, also for one that occurs twice"
    run.notes_each("the number of calls", {"plum": 2, "fig": 1}, rule)


@law("in-workers")
@cases(given="4 items in 2 processes")
def test_the_work_is_done_in_other_processes(play):
    given = items(4)

    run = play("map_and_tell", items=given, processes=2, chunk=1)

    with run.given():
        run.returns(all_answers(given))
    run.notes_each("the process", in_workers(given), ELSEWHERE)


@law("at-most-processes")
@cases(given="8 items, processes=2")
def test_no_more_processes_than_asked_for(play):
    given = [item(key, "open") for key in KEYS[:8]]

    run = play("map_held_up", items=given, processes=2, chunk=1)

    with run.given():
        run.returns(all_answers(given))
        run.notes_each("the process", in_workers(given), ELSEWHERE)
    rule = "No more than 2 processes may work for this call"
    run.notes_at_most("worker processes", 2, rule)


@law("workers-busy")
@cases(given="6 items, processes=3, chunk=2")
def test_all_processes_work_at_the_same_time(play):
    firsts = KEYS[0:6:2]
    all_begun = [f"begun {key}" for key in firsts]
    given = [item(key, *(all_begun if key in firsts else [])) for key in KEYS[:6]]

    run = play("map_and_tell", items=given, processes=3, chunk=2)

    with run.given():
        run.returns(all_answers(given))
        run.notes_each("the process", in_workers(given), ELSEWHERE)
    rule = "As many chunks as there are processes must be worked on at the same time"
    run.notes_each("the call", dict.fromkeys(keys_of(given), "as it should be"), rule)


@law("workers-busy")
@cases(given="5 items in 2 processes; the call for the first takes longest")
def test_a_worker_that_is_done_takes_the_next_chunk(play):
    given = [item("plum", "begun pear"), *items(5)[1:]]

    run = play("map_and_tell", items=given, processes=2, chunk=1)

    with run.given():
        run.returns(all_answers(given))
        run.notes_each("the process", in_workers(given), ELSEWHERE)
    rule = "A process that is done must take the next chunk, and not wait for another"
    run.notes_each("the call", dict.fromkeys(keys_of(given), "as it should be"), rule)


@law("chunks-travel")
@cases(
    count=0,
    given=ALL,
    examples=[
        {"number": 5, "processes": 2, "chunk": 2},
        {"number": 3, "processes": 2, "chunk": 5},
    ],
)
def test_so_many_items_travel_together(play, number, processes, chunk):
    given = items(number)

    run = play("map_and_tell", items=given, processes=processes, chunk=chunk)

    with run.given():
        run.returns(all_answers(given))
        run.notes_each("the process", in_workers(given), ELSEWHERE)
    rule = "chunk items must travel together, and no more"
    run.notes_each("the trip", chunks(given, chunk), rule)


@law("chunks-travel")
@cases(given="3 items, processes=2, and no chunk is given")
def test_without_a_chunk_every_item_travels_alone(play):
    given = items(3)

    run = play("map_with_default_chunk", items=given, processes=2)

    with run.given():
        run.returns(all_answers(given))
        run.notes_each("the process", in_workers(given), ELSEWHERE)
    rule = "Without a chunk every item must travel alone"
    run.notes_each("the trip", chunks(given, 1), rule)


@law("loop-stays-free")
@cases(given="3 items in 2 processes; the first waits for another task of the loop")
def test_the_loop_is_free_while_the_workers_work(play):
    given = [item("plum", "open"), *items(3)[1:]]

    run = beside_another_task(play, given, 2)

    run.returns(all_answers(given))
    goes_on(run)


def beside_another_task(play, given, processes):
    return play(
        "map_beside_another_task",
        items=given,
        processes=processes,
        chunk=1,
        knock=asynchronous(after(0)),
        over=OVER,
    )


def goes_on(run):
    """The other task knocks as soon as work begins; the call cannot end before it."""
    run.needs_operations("over")
    run.needs_operations("knock")
    rule = "While fn works, other tasks of the loop must go on"
    run.before(run.operations("knock")[0], run.operations("over")[0], rule)


@law("error-comes-out")
@cases(
    count=0,
    given="8 items in {processes} processes; number {bad} (from 0) cannot be worked on",
    examples=[{"processes": 2, "bad": 0}, {"processes": 1, "bad": 2}],
)
def test_the_error_of_a_call_comes_out_bare(play, processes, bad):
    run = until_error(play, 8, processes, bad)

    run.raises("WorkError", rule="The error of a call must come out bare")


def until_error(play, number, processes, bad, look=""):
    """All calls after the bad one wait until the error has had its effect."""
    given = items(number)
    given[bad] = item(KEYS[bad], fate="fails")
    given[bad + 1 :] = [item(key, "open") for key in KEYS[bad + 1 : number]]
    return play(
        "map_until_error",
        items=given,
        processes=processes,
        bad=bad,
        look=look,
        over=OVER,
    )


@law("error-drops-rest")
@cases(given="16 items in 3 processes; the second cannot be worked on")
def test_after_an_error_the_rest_is_dropped(play):
    run = until_error(play, 16, 3, 1, "begun")

    with run.given():
        run.raises("WorkError", group=None)
    rule = f"After an error no more than {IN_HAND} chunks for each process may begin"
    run.notes_at_most("begun after it", IN_HAND * 3, rule)


@law("dead-worker")
@cases(given="3 items in 2 processes; the process that works on the first is killed")
def test_a_worker_that_dies_is_noticed(play):
    given = [item("plum", fate="dies"), *items(3)[1:]]
    # A loop that stands still while fn works may wait for a dead worker for ever.
    before = beside_another_task(play, [item("plum", "open")], 1)
    with before.given():
        goes_on(before)

    run = play("map_and_look", items=given, processes=2, look="", over=OVER)

    rule = "A worker process that dies must raise BrokenProcessPool"
    run.raises("BrokenProcessPool", rule=rule)


def until_cancelled(play, number, processes, *, late, look=""):
    given = [item(key, "open") for key in KEYS[:number]]
    return play(
        "map_until_cancelled",
        items=given,
        processes=processes,
        late=late,
        look=look,
        over=OVER,
    )


@law("cancel-comes-out")
@cases(
    count=0,
    given="16 items in 3 processes; cancelled when work has begun: {late}",
    examples=[{"late": True}, {"late": False}],
)
def test_a_cancellation_comes_out(play, late):
    run = until_cancelled(play, 16, 3, late=late)

    run.needs_note("cancelled")
    run.raises("CancelledError", rule="Cancelling the caller must end the call")


@law("cancel-drops-rest")
@cases(given="16 items in 3 processes; cancelled when work has begun")
def test_after_a_cancellation_the_rest_is_dropped(play):
    run = until_cancelled(play, 16, 3, late=True, look="begun")

    with run.given():
        run.raises("CancelledError")
    rule = (
        f"After a cancellation no more than {IN_HAND} chunks for each process may begin"
    )
    run.notes_at_most("begun after it", IN_HAND * 3, rule)


@law("bad-numbers")
@cases(
    count=2,
    processes=integers(-2, 3),
    chunk=integers(-2, 3),
    number=integers(0, 3),
    given=ALL,
    assume=lambda processes, chunk, **_: processes < 1 or chunk < 1,
    examples=[
        {"processes": 0, "chunk": 1, "number": 3},
        {"processes": 2, "chunk": 0, "number": 3},
        {"processes": 0, "chunk": 1, "number": 0},
        {"processes": 1, "chunk": 0, "number": 0},
        {"processes": -1, "chunk": 1, "number": 3},
        {"processes": 1, "chunk": -1, "number": 3},
    ],
)
def test_bad_numbers_are_refused(play, processes, chunk, number):
    run = play("map_items", items=items(number), processes=processes, chunk=chunk)

    run.refuses(
        "ValueError", "processes or chunk below 1 must raise ValueError at once"
    )


@law("cannot-travel")
@cases(given="3 items in 2 processes; fn is a lambda")
def test_a_function_that_cannot_be_pickled_raises(play):
    run = play("map_unpicklable", items=items(3), processes=2, look="", over=OVER)

    run.raises("Exception", group=None, rule="A fn that cannot be pickled must raise")


@law("own-workers")
@cases(given="two calls at once with processes=1; each waits for the other")
def test_two_calls_at_once_have_workers_of_their_own(play):
    given = [item("plum", "begun fig"), item("fig", "begun plum")]

    run = play("map_two_at_once", items=given, processes=1)

    with run.given():
        run.returns([answers(["plum"]), answers(["fig"])])
        run.notes_each("the process", in_workers(given), ELSEWHERE)
    rule = "Two calls at once must have so many processes each"
    run.notes_each(
        "the call", {"plum": "as it should be", "fig": "as it should be"}, rule
    )


@law("second-loop")
@cases(given="3 items in 2 processes, under one event loop and then under another")
def test_it_works_again_under_a_second_loop(play):
    given = items(3)

    run = play("map_in_two_loops", items=given, processes=2, chunk=1)

    rule = "It must work again under a second event loop"
    run.returns([all_answers(given), all_answers(given)], rule)


# --- what is left, and what is blocked ----------------------------------------

SOONER_OR_LATER = "When the work is done, no worker process may be left"


@law("nothing-left")
@cases(given="3 items in 2 processes")
def test_no_process_is_left_when_all_is_done(play):
    given = items(3)

    run = play("map_and_look", items=given, processes=2, look="left", over=OVER)

    with run.given():
        run.returns(all_answers(given))
    run.notes_at_most("processes left", 0, SOONER_OR_LATER)
    no_task_left(run)


@law("nothing-left")
@cases(given="6 items in 2 processes; the first cannot be worked on")
def test_no_process_is_left_after_an_error(play):
    run = until_error(play, 6, 2, 0, "left")

    with run.given():
        run.raises("WorkError", group=None)
    run.notes_at_most("processes left", 0, "After an error, too, none may be left")
    no_task_left(run)


@law("nothing-left")
@cases(
    count=0,
    given="6 items in 2 processes; cancelled when work has begun: {late}",
    examples=[{"late": True}, {"late": False}],
)
def test_no_process_is_left_after_a_cancellation(play, late):
    run = until_cancelled(play, 6, 2, late=late, look="left")

    with run.given():
        run.raises("CancelledError")
    run.notes_at_most("processes left", 0, "After a cancellation none may be left")
    no_task_left(run)


@law("nothing-left")
@cases(given="3 items in 2 processes; fn is a lambda")
def test_no_process_is_left_if_nothing_could_travel(play):
    run = play("map_unpicklable", items=items(3), processes=2, look="left", over=OVER)

    with run.given():
        run.raises("Exception", group=None)
    run.notes_at_most("processes left", 0, "When nothing was begun, none may be left")


def no_task_left(run):
    run.needs_note("processes left")
    run.leaves_nothing()


@law("never-blocks")
@cases(given="4 items in 2 processes")
def test_the_loop_is_never_blocked(play):
    given = items(4)

    run = play("map_and_look", items=given, processes=2, look="", over=OVER)

    with run.given():
        run.returns(all_answers(given))
    run.never_blocks()


@law("never-blocks")
@cases(given="6 items in 2 processes; the first cannot be worked on")
def test_the_loop_is_not_blocked_by_an_error(play):
    run = until_error(play, 6, 2, 0)

    with run.given():
        run.raises("WorkError", group=None)
    run.never_blocks()


@law("never-blocks")
@cases(given="6 items in 2 processes; the caller is cancelled")
def test_the_loop_is_not_blocked_by_a_cancellation(play):
    run = until_cancelled(play, 6, 2, late=True)

    with run.given():
        run.raises("CancelledError")
    run.never_blocks()


@law("no-complaints")
@cases(given="2 items in 2 processes; neither can be worked on")
def test_python_has_nothing_to_complain_of(play):
    given = [
        item("plum", "begun fig", fate="fails"),
        item("fig", "begun plum", fate="fails"),
    ]

    run = play(
        "map_until_all_is_back", items=given, processes=2, over=OVER, collect=True
    )

    with run.given():
        run.raises("WorkError", group=None)
    run.warns_nothing()
