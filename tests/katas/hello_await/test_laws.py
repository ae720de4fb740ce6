from grader.judge.cases import cases, law
from grader.judge.draws import lists, sampled, seconds
from grader.world.rules import Failing, Plan, synchronous

NAMES = ["Ada", "Bob", "Zoë", "Grace Hopper"]
NAME = sampled(NAMES)
ANY_NAME = sampled([*NAMES, " Ada ", "Ada "])
DELAY = seconds(0.5, 4, 0.5)
GUESTS = ["Alice", "Bob", "Charlie", "Dora", "Emil"]
DELAYS = lists(DELAY, 2, 5)
ONE = 'greet("{name}", {delay}, say)'
TOGETHER = "greetings awaited together, with delays of {delays} s"

SAY = synchronous()


def hello(name):
    return f"Hello, {name}"


def goodbye(name):
    return f"Goodbye, {name}"


def fails_at(sentence):
    """Saying hello, or goodbye, raises an error."""
    number = ["hello", "goodbye"].index(sentence)
    failing = Plan(fails=Failing("SayError", "lost my voice"))
    return synchronous(lambda call: failing if call.nth == number else Plan(gives=None))


@law("hello-at-once")
@cases(
    count=12,
    name=ANY_NAME,
    delay=DELAY,
    given=ONE,
    examples=[{"name": "Ada", "delay": 2.0}],
)
def test_it_says_hello_at_once(play, name, delay):
    run = play("greet_one", name=name, delay=delay, say=SAY)

    run.comes_at("say", hello(name), 0, "It must say hello at once")


@law("goodbye-after-delay")
@cases(
    count=16,
    name=ANY_NAME,
    delay=seconds(0, 4, 0.5),
    given=ONE,
    examples=[{"name": "Ada", "delay": 2.0}, {"name": "Ada", "delay": 0}],
)
def test_it_says_goodbye_when_the_delay_is_over(play, name, delay):
    run = play("greet_one", name=name, delay=delay, say=SAY)

    rule = "It must say goodbye exactly `delay` seconds later"
    run.comes_at("say", goodbye(name), delay, rule)
    run.called_at_most(2, "say", "It must say hello and goodbye, and nothing else")


@law("returns-name")
@cases(
    count=12,
    name=ANY_NAME,
    delay=seconds(0, 4, 0.5),
    given=ONE,
    examples=[{"name": " Ada ", "delay": 1.0}],
)
def test_it_returns_the_name(play, name, delay):
    run = play("greet_one", name=name, delay=delay, say=SAY)

    run.needs_operations("say")
    run.returns(name, "It must return the name")
    run.ends_with_the_last("say", "It must return when it has said goodbye")


@law("starts-when-awaited")
@cases(
    count=12,
    name=NAME,
    delay=DELAY,
    wait=seconds(0.5, 2, 0.5),
    given=ONE + " is called, and awaited {wait} s later",
)
def test_nothing_is_said_before_it_is_awaited(play, name, delay, wait):
    run = play("greet_later", name=name, delay=delay, wait=wait, say=SAY)

    run.nothing_before(
        "awaited", "say", "Nothing may be said before the greeting is awaited"
    )
    run.needs_operations("say")


@law("side-by-side")
@cases(
    count=16,
    delays=DELAYS,
    given=TOGETHER,
    examples=[{"delays": [1.0, 2.0, 0.5]}],
)
def test_greetings_together_take_as_long_as_the_longest(play, delays):
    names = GUESTS[: len(delays)]
    alone = play("greet_one", name=GUESTS[0], delay=max(delays), say=SAY)
    with alone.given():
        alone.takes(max(delays), "A greeting must last as long as its delay")

    run = play("greet_together", names=names, delays=delays, say=SAY)

    run.takes(
        max(delays), "Greetings that wait together must take as long as the longest"
    )


@law("own-goodbye")
@cases(
    count=16,
    delays=DELAYS,
    given=TOGETHER,
    examples=[{"delays": [1.0, 2.0, 0.5]}],
)
def test_each_greeting_says_its_own_goodbye_in_its_own_time(play, delays):
    names = GUESTS[: len(delays)]
    for name, delay in zip(names, delays, strict=True):
        alone = play("greet_one", name=name, delay=delay, say=SAY)
        with alone.given():
            alone.comes_at("say", goodbye(name), delay)

    run = play("greet_together", names=names, delays=delays, say=SAY)

    rule = "Each greeting must say its own goodbye when its own delay is over"
    for name, delay in zip(names, delays, strict=True):
        run.comes_at("say", goodbye(name), delay, rule)


CANCELLED = {"name": NAME, "delay": seconds(0.5, 2, 0.5)}
WHILE_WAITING = ONE + ", cancelled while it waits"


@law("cancel-comes-out")
@cases(count=10, **CANCELLED, given=WHILE_WAITING)
def test_a_cancelled_greeting_ends_with_cancelled_error(play, name, delay):
    for run in play.sweep("greet_one", name=name, delay=delay, say=SAY):
        run.cancelled_cleanly(rule="A cancelled greeting must end")


@law("no-goodbye-after-cancel")
@cases(count=10, **CANCELLED, given=WHILE_WAITING)
def test_a_cancelled_greeting_says_no_goodbye(play, name, delay):
    for run in play.sweep("greet_one", name=name, delay=delay, say=SAY):
        run.begins_nothing_after_cancel(
            "say", "A cancelled greeting must not say goodbye"
        )


BAD = {"name": sampled(["", "Ada", "Bob"]), "delay": seconds(-3, 3, 0.5)}


def are_bad(name, delay, **_):
    return not name or delay < 0


@law("bad-arguments")
@cases(
    count=16,
    **BAD,
    given=ONE,
    assume=are_bad,
    examples=[{"name": "", "delay": 1.0}, {"name": "Ada", "delay": -1.0}],
)
def test_bad_arguments_are_refused_and_nothing_is_said(play, name, delay):
    run = play("greet_one", name=name, delay=delay, say=SAY)

    run.refuses(
        "ValueError",
        "An empty name or a negative delay must raise ValueError before anything is said",
    )


@law("bad-arguments")
@cases(
    count=6,
    **BAD,
    wait=seconds(0.5, 2, 0.5),
    given=ONE + " is called, and awaited {wait} s later",
    assume=are_bad,
    examples=[{"name": "", "delay": 1.0, "wait": 1.0}],
)
def test_bad_arguments_are_refused_when_the_call_is_awaited(play, name, delay, wait):
    run = play("greet_later", name=name, delay=delay, wait=wait, say=SAY)

    with run.given():
        run.raises("ValueError", group=None)
    run.ends_at(
        wait,
        "Calling greet does nothing yet: the ValueError must come out when the call "
        "is awaited",
    )


@law("bad-arguments")
@cases(count=2, name=sampled([" ", "  ", "   "]), given='greet("{name}", 0, say)')
def test_a_name_of_blanks_is_not_empty(play, name):
    run = play("greet_one", name=name, delay=0, say=SAY)

    run.must_return("Only an empty name is refused: a name of blanks is not empty")


@law("say-error-out")
@cases(
    count=12,
    name=NAME,
    delay=DELAY,
    sentence=sampled(["hello", "goodbye"]),
    given=ONE + ", where saying {sentence} raises an error",
    examples=[
        {"name": "Ada", "delay": 1.0, "sentence": "hello"},
        {"name": "Ada", "delay": 1.0, "sentence": "goodbye"},
    ],
)
def test_an_error_of_say_comes_out(play, name, delay, sentence):
    run = play("greet_one", name=name, delay=delay, say=fails_at(sentence))

    run.raises(
        run.first_failed("say"),
        at_its_moment=True,
        rule="An error of say must come out as it is, at that moment",
    )


@law("never-blocks")
@cases(count=12, name=NAME, delay=DELAY, given=ONE)
def test_the_loop_is_never_blocked(play, name, delay):
    run = play("greet_one", name=name, delay=delay, say=SAY)

    with run.given():
        run.returns(name)
    run.never_blocks()


@law("nothing-left")
@cases(
    count=12,
    name=NAME,
    delay=DELAY,
    given=ONE + ", once to its end and once cancelled while it waits",
)
def test_nothing_is_left_running(play, name, delay):
    whole = play("greet_one", name=name, delay=delay, say=SAY)
    with whole.given():
        whole.returns(name)
    whole.leaves_nothing(threads=True)

    cancelled = play("greet_one", name=name, delay=delay, say=SAY, cancel_at=1)
    cancelled.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=12, name=NAME, delay=DELAY, given=ONE)
def test_python_has_nothing_to_complain_of(play, name, delay):
    whole = play("greet_one", name=name, delay=delay, say=SAY, collect=True)
    with whole.given():
        whole.returns(name)
    whole.warns_nothing()

    cancelled = play(
        "greet_one", name=name, delay=delay, say=SAY, collect=True, cancel_at=1
    )
    cancelled.warns_nothing()
