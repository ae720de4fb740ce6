from itertools import accumulate, cycle

from grader.judge.cases import cases, law
from grader.judge.draws import (
    blobs,
    booleans,
    integers,
    lists,
    sampled,
    seconds,
    words,
)
from grader.world.peers import (
    Client,
    crashes,
    finishes,
    goes_on_reading,
    hangs_up,
    sends,
    stops_reading,
)
from grader.world.rules import after, asynchronous

LATE = 0.1
"""So many seconds late a client may be disconnected."""

LEAVING = 1
"""So many seconds leaving the block may take."""

LONG = 60
"""An idle time that does not come into play."""

MIB = 1 << 20


def serve(play, clients, *, takes=5, idle=LONG, max_line=2000, **options):
    """Serve these clients for so many seconds."""
    return play(
        "serve",
        idle=idle,
        max_line=max_line,
        body=asynchronous(after(takes)),
        network=clients,
        **options,
    )


def line(text):
    return text.encode() + b"\n"


def many_lines(count):
    """So many lines of a thousand bytes, all different."""
    return b"".join((b"%d" % n).ljust(999, b".") + b"\n" for n in range(count))


FLOOD = many_lines(200)
"""More than a connection and its server's usual buffers hold."""

HELLO = Client(0.25, [sends(0.25, b"hello\n")], name="the first client")


def answers(run):
    """Raise `NotReached` unless one client that simply asks is answered."""
    with run.given():
        run.hears(HELLO, b"hello\n", "A client must be answered")


# --- lines --------------------------------------------------------------------


def only(max_line):
    """Return max_line as an argument, and none where it is what it is by default."""
    return {} if max_line == 1024 else {"max_line": max_line}


ECHOED = "Every line must be sent back as it came"


@law("lines-echoed")
@cases(
    count=10,
    lines=lists(blobs(0, 12).map(lambda data: data.replace(b"\n", b"")), 1, 6),
    given="lines {lines}, a packet each",
    examples=[
        {"lines": [b"hello", b"you"]},
        {"lines": [b"", b"a", b""]},
        {"lines": [b" a ", b"b\r", b"\tc\x0b", b"\r"]},
        {"lines": [b"\xff\xfe", b"\x00", b"\x85"]},
    ],
)
def test_every_line_is_sent_back_as_it_came(play, lines):
    whole = [each + b"\n" for each in lines]
    client = Client(0.5, [sends(0.5 * n, each) for n, each in enumerate(whole, 1)])

    run = serve(play, [client])

    run.hears(client, b"".join(whole), ECHOED)


@law("lines-echoed")
@cases(
    given="max_line={max_line}, a line of {size} bytes",
    examples=[
        {"max_line": 1024, "size": 1000},
        {"max_line": 100, "size": 98},
        {"max_line": 200_000, "size": 150_000},
    ],
)
def test_a_line_may_be_almost_as_long_as_max_line(play, max_line, size):
    client = Client(0.5, [sends(0.5, line("x" * size))])
    body = asynchronous(after(2))

    run = play("serve", body=body, network=[client], idle=LONG, **only(max_line))

    run.hears(client, line("x" * size), ECHOED)


# --- packets ------------------------------------------------------------------

TEXT = lists(words(0, 8), 1, 6).map(lambda lines: "\n".join([*lines, ""]))


def cut(data, sizes):
    """Cut bytes into pieces of these sizes, again and again."""
    pieces, sizes = [], cycle(sizes)
    while data:
        size = next(sizes)
        pieces.append(data[:size])
        data = data[size:]
    return pieces


def lines_by_piece(pieces):
    """Return for each piece the lines that it completes."""
    ends = [whole.rfind(b"\n") + 1 for whole in accumulate(pieces)]
    data = b"".join(pieces)
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False)]


@law("packets")
@cases(
    count=14,
    text=TEXT,
    sizes=lists(integers(1, 12), 1, 4),
    given="{text!r} in packets of {sizes} bytes, one every 0.5 s; max_line=12",
    examples=[
        {"text": "hello\nyou\n", "sizes": [3, 7]},
        {"text": "hello\nyou\n", "sizes": [1]},
        {"text": "one\ntwo\nthree\nfour\nfive\n", "sizes": [24]},
    ],
)
def test_a_line_ends_where_its_newline_is(play, text, sizes):
    pieces = cut(text.encode(), sizes)
    times = [0.5 * n for n in range(1, len(pieces) + 1)]
    client = Client(0.5, list(map(sends, times, pieces)))

    run = serve(play, [client], takes=2 + times[-1], max_line=12)

    run.hears_when(
        client,
        list(zip(times, lines_by_piece(pieces), strict=True)),
        "A line must be sent back when its newline has come, and not before",
    )


@law("hundred-clients")
@cases(
    count=2,
    number=integers(2, 9),
    given="{number} clients that all stay",
    examples=[{"number": 100}],
)
def test_all_clients_are_served_at_once(play, number):
    clients = [
        Client(
            0.5,
            [sends(0.25, line(f"I am {n}")), sends(0.5, line(f"still {n}"))],
            name=f"client {n}",
        )
        for n in range(1, number + 1)
    ]

    run = serve(play, clients, takes=2)

    for n, client in enumerate(clients, 1):
        run.hears_when(
            client,
            [(0.25, line(f"I am {n}")), (0.5, line(f"still {n}"))],
            "All clients must be served at once",
        )


# --- the end of what a client sends -------------------------------------------


@law("half-close")
@cases(
    count=8,
    text=TEXT,
    rest=words(0, 3),
    given="{text!r}, then {rest!r} and the end, in one packet",
    examples=[{"text": "hello\nyou\n", "rest": ""}, {"text": "a\n", "rest": "b"}],
)
def test_who_has_sent_all_still_gets_the_echoes(play, text, rest):
    client = Client(0.5, [sends(0.5, (text + rest).encode()), finishes(0.5)])

    run = serve(play, [client])

    run.hears(client, text.encode(), HALF_CLOSE, rest=rest.encode())


HALF_CLOSE = "A client that has closed its sending side must get its echoes"
LATE_READER = (
    "200 lines of 1000 bytes at 0.5 s from a client that reads from {wait} s on"
)


@law("half-close")
@cases(
    count=3, wait=seconds(1, 5, 0.5), given=LATE_READER + " and has sent all; idle=20"
)
def test_pending_echoes_arrive_after_the_end(play, wait):
    client = Client(
        0.5,
        [stops_reading(), sends(0.5, FLOOD), finishes(0.5), goes_on_reading(wait)],
    )

    run = serve(play, [client], takes=8, idle=20)

    run.hears(client, FLOOD, HALF_CLOSE, by=wait)


@law("late-reader")
@cases(count=4, wait=seconds(1, 5, 0.5), given=LATE_READER + "; idle=20")
def test_a_client_that_reads_late_gets_every_line(play, wait):
    client = Client(
        0.5,
        [
            stops_reading(),
            sends(0.5, FLOOD),
            goes_on_reading(wait),
            sends(wait + 0.5, b"thanks\n"),
        ],
    )

    run = serve(play, [client], takes=8, idle=20)

    rule = "A client that reads late must get every line"
    run.hears(client, FLOOD + b"thanks\n", rule, by=wait + 0.5)


@law("bounded-memory")
@cases(given="2 MiB of lines from a client that never reads")
def test_little_is_kept_of_a_client_that_never_reads(play):
    deeds = [stops_reading(), sends(0.5, many_lines(2100))]
    client = Client(0.5, deeds, name="the one that never reads")

    run = serve(play, [HELLO, client], takes=3)

    answers(run)
    run.keeps_little(
        client, MIB, "While a client does not read, at most 1 MiB of it may be held"
    )


GONE = {
    "closes its sending side": finishes,
    "hangs up": hangs_up,
    "crashes": crashes,
}


@law("gone-closed")
@cases(
    count=6,
    how=sampled(list(GONE)),
    text=sampled(["hello\n", "hello\nhal", ""]),
    given="a client that sends {text!r} at 0.5 s and {how} at 1 s",
    examples=[{"how": how, "text": "hello\n"} for how in GONE],
)
def test_the_connection_of_a_client_that_has_gone_is_closed(play, how, text):
    packets = [sends(0.5, text.encode())] if text else []
    client = Client(0.5, [*packets, GONE[how](1)], name="the one that goes")

    run = serve(play, [HELLO, client])

    answers(run)
    rule = "The connection of a client that has gone must be closed"
    run.hangs_up_on(client, 1, rule, slack=LATE)


# --- who is disconnected ------------------------------------------------------

LONG_ONE = "the client with the long line"
TOO_LONG = "A line longer than max_line must disconnect its client at once"


@law("long-line")
@cases(
    count=8,
    size=integers(102, 400),
    ended=booleans(),
    given="max_line=100, a line of {size} bytes, ended: {ended}",
    examples=[{"size": 102, "ended": True}, {"size": 102, "ended": False}],
)
def test_a_line_that_is_too_long_disconnects(play, size, ended):
    long = b"x" * size + b"\n" * ended
    client = Client(0.5, [sends(0.5, b"hello\n"), sends(1, long)], name=LONG_ONE)

    run = serve(play, [HELLO, client], max_line=100)

    answers(run)
    run.hears(client, b"hello\n", "Nothing of a line that is too long may be sent back")
    run.hangs_up_on(client, 1, TOO_LONG, slack=LATE)


@law("long-line")
@cases(
    given="max_line={max_line}, pieces of {sizes} bytes and no newline",
    examples=[
        {"max_line": 100, "sizes": [45, 45, 45]},
        {"max_line": 1024, "sizes": [1000, 25]},
        {"max_line": 100_000, "sizes": [40_000, 40_000, 40_000]},
    ],
)
def test_a_line_that_grows_too_long_disconnects(play, max_line, sizes):
    times = [0.5 * n for n in range(1, len(sizes) + 1)]
    pieces = [sends(at, b"x" * size) for at, size in zip(times, sizes, strict=True)]
    client = Client(0.5, pieces, name=LONG_ONE)
    body, network = asynchronous(after(5)), [HELLO, client]

    run = play("serve", body=body, network=network, idle=LONG, **only(max_line))

    answers(run)
    run.hangs_up_on(client, times[-1], TOO_LONG, slack=LATE)


SILENT = "A client must be disconnected `idle` seconds after its last line"


def is_never_silent(idle, pauses, **_):
    return max(pauses, default=0) < idle


@law("idle-measured")
@cases(
    count=10,
    idle=sampled([2.25, 3.5, 5.75]),
    pauses=lists(seconds(0.5, 5.5, 0.5), 0, 4),
    bits=sampled([[], [0.5], [0.5, 1.5]]),
    given="idle={idle}; lines after pauses of {pauses} s, and then {bits} s after the "
    "last one bits of a line that does not end",
    assume=is_never_silent,
    examples=[
        {"idle": 2, "pauses": [], "bits": []},
        {"idle": 2, "pauses": [1.5, 1.5, 1.5], "bits": []},
        {"idle": 2, "pauses": [1.0], "bits": [1.5]},
    ],
)
def test_silence_is_measured_from_the_last_line(play, idle, pauses, bits):
    times = list(accumulate(pauses))
    last = times[-1] if times else 0
    lines = [sends(at, b"hello\n") for at in times]
    unfinished = [sends(last + at, b"x") for at in bits]
    client = Client(0.5, [*lines, *unfinished], name="the silent client")
    talk = [sends(idle * 0.75 * n, b"hello\n") for n in range(1, 9)]
    other = Client(0.25, talk, name="the other client")

    run = serve(play, [HELLO, client, other], takes=last + idle + 2, idle=idle)

    answers(run)
    run.hangs_up_on(client, last + idle, SILENT, slack=LATE)
    run.hears(client, b"hello\n" * len(times), ECHOED, rest=b"x" * len(bits))


# --- one and the others -------------------------------------------------------

TROUBLES = {
    "sends a line that is too long": [sends(0.75, b"x" * 5000)],
    "crashes": [sends(0.75, b"half"), crashes(1.25)],
    "hangs up": [sends(0.75, b"hello\nhalf"), hangs_up(1.25)],
    "hangs up before it has read": [stops_reading(), sends(0.75, FLOOD), hangs_up(2)],
    "crashes before it has read": [stops_reading(), sends(0.75, FLOOD), crashes(2)],
    "never reads": [stops_reading(), sends(0.75, FLOOD)],
    "is silent": [],
    "sends all at once and no more": [sends(0.75, b"a\nb\n"), finishes(0.75)],
}


def troublemakers(kinds):
    return [
        Client(0.25, TROUBLES[kind], name=f"client {n} ({kind})")
        for n, kind in enumerate(kinds, 1)
    ]


def steady(times):
    """A client that says hello at these times."""
    deeds = [sends(at, line(f"hello {at}")) for at in times]
    return Client(0.5, deeds, name="the steady one")


STEADY = [0.5, 1.25, 2.5, 3.75, 5.0]


@law("others-unharmed")
@cases(
    count=4,
    kinds=lists(sampled(list(TROUBLES)), 1, 3),
    given="idle=3; beside the steady one a client for each of {kinds}",
    examples=[{"kinds": [kind]} for kind in TROUBLES],
)
def test_what_one_client_does_harms_no_other(play, kinds):
    client = steady(STEADY)

    run = serve(play, [*troublemakers(kinds), client], takes=7, idle=3)

    run.hears_when(
        client,
        [(at, line(f"hello {at}")) for at in STEADY],
        "What one client does must not harm another",
    )


# --- the block ----------------------------------------------------------------


@law("address")
@cases(
    given="port={port}",
    examples=[{"port": 0}, {"port": 8007}, {"port": 50_000}],
)
def test_the_value_is_the_address_that_is_bound(play, port):
    client = Client(0.5, [sends(0.5, b"hello\n")], port=port)
    body = asynchronous(after(2))

    run = play("tell_address", port=port, idle=LONG, body=body, network=[client])

    run.hears(client, b"hello\n", "It must listen at the port that it was given")
    seen = run.run.connections[0].port
    run.returns(("127.0.0.1", seen), "The value must be the address that is bound")


@law("address")
@cases(given='echo_server("127.0.0.1", 8007, idle=60)')
def test_host_and_port_are_taken_by_position(play):
    client = Client(0.5, [sends(0.5, b"hello\n")], port=8007)
    given = {"host": "127.0.0.1", "port": 8007, "idle": LONG}

    run = play("serve_at", body=asynchronous(after(2)), network=[client], **given)

    run.hears(client, b"hello\n", "It must listen at the port that it was given")


@law("address")
@cases(given="two servers at one port")
def test_an_address_that_cannot_be_bound_is_an_error(play):
    body = asynchronous(after(2))
    run = serve(play, [HELLO])
    answers(run)

    run = play("serve_twice_at", port=8007, idle=LONG, body=body, network=[])

    run.raises("OSError", group=None, rule="If a port is taken, OSError must come out")


@law("address")
@cases(given="two servers that are given no port")
def test_a_port_is_chosen_where_none_is_given(play):
    run = play("serve_two_anywhere", idle=LONG, body=asynchronous(after(2)), network=[])

    run.must_return("Where no port is given, a free one must be bound")
    run.needs_operations("body")


@law("stops-accepting")
@cases(
    count=3,
    wait=seconds(1.25, 3),
    given="a client that calls {wait} s after the body has ended",
)
def test_nobody_is_served_after_the_block(play, wait):
    late = Client(2 + wait, [sends(0, b"hello\n")], name="the late one")

    run = play(
        "serve_and_go_on",
        idle=LONG,
        body=asynchronous(after(2)),
        afterwards=asynchronous(after(5)),
        network=[HELLO, late],
    )

    answers(run)
    run.is_deaf_to(late, "When the block is left, its port must refuse")


STAYING = {
    "has nothing to say": [],
    "is in the middle of a line": [sends(0.5, b"hello\nhalf")],
    "never reads": [stops_reading(), sends(0.5, FLOOD)],
    "reads late": [stops_reading(), sends(0.5, FLOOD), goes_on_reading(5.75)],
    "never reads and has sent all": [
        stops_reading(),
        sends(0.5, many_lines(100)),
        finishes(0.5),
    ],
}


def staying(kinds):
    return [
        Client(0.5, STAYING[kind], name=f"client {n} ({kind})")
        for n, kind in enumerate(kinds, 1)
    ]


CLOSES = "Leaving the block must close all clients within 1 s"
STAY = "a client for each of {kinds}"


@law("closes-clients")
@cases(
    count=4,
    kinds=lists(sampled(list(STAYING)), 2, 4),
    idle=sampled([LONG, 2]),
    given=STAY + "; idle={idle}, the body takes 6 s",
    examples=[
        {"kinds": kinds, "idle": idle}
        for kinds in (*([kind] for kind in STAYING), ["never reads"] * 3)
        for idle in (LONG, 2)
    ],
)
def test_leaving_closes_all_clients(play, kinds, idle):
    run = serve(play, [HELLO, *staying(kinds)], takes=6, idle=idle)

    answers(run)
    run.ends_soon_after("leaving", LEAVING, CLOSES)
    run.hangs_up_on_all(CLOSES)


@law("body-fails")
@cases(
    given=STAY + "; the body of the block raises",
    examples=[{"kinds": [kind]} for kind in list(STAYING)[:3]],
)
def test_a_body_that_fails_leaves_as_any_other(play, kinds):
    run = play(
        "serve",
        idle=LONG,
        max_line=2000,
        body=asynchronous(after(3, fails="BodyError")),
        network=[HELLO, *staying(kinds)],
    )

    answers(run)
    rule = "When its body fails, the block must close all clients within 1 s"
    run.hangs_up_on_all(rule)
    run.ends_soon_after("leaving", LEAVING, rule)
    run.raises(
        run.first_failed("body"), group=None, rule="What the body raises must come out"
    )


@law("cancel-clean")
@cases(
    given=STAY + "; the caller is cancelled",
    examples=[{"kinds": list(STAYING)[:2]}, {"kinds": ["never reads"]}],
)
def test_cancelling_the_caller_leaves_as_any_other(play, kinds):
    clients = [HELLO, *staying(kinds)]
    answers(serve(play, clients, takes=2))

    given = {"idle": LONG, "max_line": 2000, "body": asynchronous(after(2))}
    for run in play.sweep("serve", network=clients, **given):
        run.cancelled_cleanly(LEAVING)
        run.hangs_up_on_all("Cancelling the caller must close all clients within 1 s")


# --- what holds for every kata ------------------------------------------------

MIXED = {"given": "idle=3; clients of all kinds"}


def live(play, **options):
    """A whole life: clients that go, clients that are thrown out, clients that stay."""
    clients = [HELLO, *troublemakers(TROUBLES), *staying(STAYING)]
    run = serve(play, clients, takes=4, idle=3, **options)
    answers(run)
    run.reached()
    return run


@law("nothing-left")
@cases(**MIXED)
def test_nothing_is_left_running(play):
    live(play).leaves_nothing(threads=True)


@law("no-complaints")
@cases(**MIXED)
def test_python_has_nothing_to_complain_of(play):
    live(play, collect=True).warns_nothing()


@law("never-blocks")
@cases(**MIXED)
def test_the_event_loop_is_never_blocked(play):
    live(play).never_blocks()


@law("own-state")
@cases(
    count=3,
    size=integers(20, 80),
    given="two servers, max_line=100 and max_line=10; the second is left at 2 s; "
    "lines of {size} bytes to the first at 1 s and at 3 s",
)
def test_two_servers_share_nothing(play, size):
    text = line("x" * size)
    client = Client(0.5, [sends(0.5, text), sends(2.5, text)], port=8001)
    alone = serve(play, [client], port=8001, max_line=100)
    with alone.given():
        alone.hears(client, text * 2, "A client must be answered")

    run = play(
        "serve_two",
        left={"port": 8001, "idle": LONG, "max_line": 100},
        right={"port": 8002, "idle": LONG, "max_line": 10},
        left_body=asynchronous(after(2)),
        right_body=asynchronous(after(2)),
        network=[client, Client(0.5, [], port=8002)],
    )

    run.hears(client, text * 2, "Two servers must not share anything")


@law("second-loop")
@cases(given="a server under one event loop, and then one under another")
def test_it_works_again_under_a_second_loop(play):
    second = Client(3.5, [sends(0.25, b"hello\n")], name="the second client")
    answers(serve(play, [HELLO], takes=2))

    run = play(
        "serve_in_two_loops",
        idle=LONG,
        max_line=2000,
        body=asynchronous(after(2)),
        network=[HELLO, second],
    )

    rule = "It must work again under a second event loop"
    run.must_return(rule)
    run.hears(second, b"hello\n", rule)
