from grader.judge.cases import cases, law
from grader.judge.draws import lists, seconds
from grader.world.rules import after, by_argument

TAKES = lists(seconds(0.5, 4, 0.5), 1, 8)
ANSWERS = "answers that take {takes} s"


def names(takes):
    return [f"name-{number}" for number in range(1, len(takes) + 1)]


def each_takes(takes):
    plans = [after(take) for take in takes]
    return by_argument(dict(zip(names(takes), plans, strict=True)))


@law("all-at-once")
@cases(count=24, takes=TAKES, given=ANSWERS, examples=[{"takes": [2.0, 1.0]}])
def test_all_names_are_asked_for_at_once(play, takes):
    run = play("fetch_all", names=names(takes), fetch=each_takes(takes))

    run.begins_at("fetch", [0] * len(takes), "All names must be asked for at once")


@law("results-in-order")
@cases(count=24, takes=TAKES, given=ANSWERS, examples=[{"takes": [2.0, 1.0]}])
def test_answers_stand_in_the_order_of_the_names(play, takes):
    run = play("fetch_all", names=names(takes), fetch=each_takes(takes))

    run.needs_operations("fetch")
    run.returns_answers(
        "fetch", names(takes), "The result must be a list in the order of the names"
    )


@law("cancels-all")
@cases(count=8, takes=TAKES, given=ANSWERS, examples=[{"takes": [2.0, 1.0]}])
def test_cancelling_the_caller_cancels_every_fetch(play, takes):
    for run in play.sweep("fetch_all", names=names(takes), fetch=each_takes(takes)):
        run.cancelled_cleanly()
