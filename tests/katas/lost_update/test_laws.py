from itertools import accumulate

from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds, tuples
from grader.laws.order import first_argument
from grader.world.rules import Failing, after, asynchronous
from grader.world.script import script, step
from grader.world.service import Service

READ, WRITE = "store.read", "store.write"
START = 100
ACCOUNTS = ["a", "b", "c"]
MANY = [f"account {number}" for number in range(40)]


class Store(Service):
    """Where balances are kept: each account begins with the same."""

    def __init__(self, read=1, write=1, fails=None, start=START):
        super().__init__()
        self.reading, self.writing = read, write
        self.fails = fails
        self.start = start
        self.kept = {}

    def read(self, call):
        account = account_of(call)
        return self.failing(
            call, after(self.reading, lambda _: self.kept.get(account, self.start))
        )

    def write(self, call):
        return self.failing(call, after(self.writing, None))

    def failing(self, call, plan):
        """The first call of what is to fail does, the others do not."""
        fails = call.nth == 0 and call.name == self.fails
        return plan.but(fails=Failing("StoreError", "no disk")) if fails else plan

    def completed(self, call):
        if call.name.endswith(".write") and call.plan.fails is None:
            self.kept[account_of(call)] = balance_of(call)


def balance_of(call):
    """The balance that a write was given."""
    given = [*call.args[1:], call.keywords.get("balance")]
    return given[0]


def account_of(call):
    account = first_argument(call)
    return account if isinstance(account, str) else ""


WHAT = sampled(["deposit", "withdraw"])
AMOUNT = integers(1, 9)
ORDERS = lists(tuples(WHAT, sampled(ACCOUNTS), AMOUNT).map(list), 2, 7)
ON_ONE = lists(tuples(WHAT, sampled(["a"]), AMOUNT).map(list), 2, 6)
GAP = sampled([0, 0, 0.25, 0.75])
SPAN = seconds(0.5, 1.5, 0.5)
SPANS = {"read": SPAN, "write": SPAN}
TIMES = "read takes {read} s, write {write} s"
CALLS = "calls {orders}, each {gap} s after the one before; " + TIMES


def change(order):
    what, _, amount = order
    return amount if what == "deposit" else -amount


def left_in(account, orders):
    return START + sum(change(each) for each in orders if each[1] == account)


def in_turn(orders):
    """The balances of one account after each order."""
    return list(accumulate(map(change, orders), initial=START))[1:]


TWO = [["deposit", "a", 5], ["deposit", "a", 7]]
THREE = [["deposit", "a", 5], ["withdraw", "a", 3], ["deposit", "a", 7]]


def all_are_served(play, orders, gap=0, read=1, write=1, accounts=ACCOUNTS):
    return play(
        "what_is_left",
        orders=orders,
        gap=gap,
        accounts=accounts,
        store=Store(read, write),
    )


def nothing_is_lost(run, orders):
    run.returns(
        [left_in(account, orders) for account in ACCOUNTS],
        "No deposit and no withdrawal may be lost: the balances must be right",
    )


@law("nothing-lost")
@cases(
    count=16,
    orders=ORDERS,
    gap=GAP,
    **SPANS,
    given=CALLS,
    examples=[
        {"orders": TWO, "gap": 0, "read": 1.0, "write": 1.0},
        {"orders": THREE, "gap": 1.25, "read": 1.0, "write": 1.0},
        {"orders": THREE, "gap": 0.25, "read": 0.5, "write": 0.5},
    ],
)
def test_no_deposit_and_no_withdrawal_is_lost(play, orders, gap, read, write):
    run = all_are_served(play, orders, gap, read, write)

    nothing_is_lost(run, orders)


@law("new-balance")
@cases(
    count=8,
    orders=ON_ONE,
    given="one after the other: {orders}",
    examples=[{"orders": THREE}],
)
def test_each_call_returns_the_new_balance(play, orders):
    run = play("one_by_one", orders=orders, store=Store())

    run.needs_operations(READ)
    run.returns(in_turn(orders), "Each call must return the new balance")


@law("in-turn")
@cases(
    count=8,
    orders=ON_ONE,
    **SPANS,
    given="all at once: {orders}; " + TIMES,
    examples=[{"orders": TWO, "read": 1.0, "write": 1.0}],
)
def test_calls_on_one_account_follow_each_other_at_once(play, orders, read, write):
    before = all_are_served(play, orders, 0, read, write)
    with before.given():
        nothing_is_lost(before, orders)

    run = play("answers", orders=orders, gap=0, store=Store(read, write))

    run.needs_operations(WRITE)
    run.takes(
        len(orders) * (read + write),
        "On one account each call must begin as soon as the one before is over",
    )


@law("accounts-apart")
@cases(
    count=6,
    number=integers(2, 8),
    **SPANS,
    given="a deposit into each of {number} accounts, all at once; " + TIMES,
    examples=[
        {"number": 2, "read": 1.0, "write": 1.0},
        {"number": 40, "read": 1.0, "write": 1.0},
    ],
)
def test_calls_on_different_accounts_do_not_wait(play, number, read, write):
    orders = [["deposit", account, 5] for account in MANY[:number]]
    alone = play("answers", orders=orders[:1], gap=0, store=Store(read, write))
    alone.needs_operations(WRITE)
    alone.reached()

    run = play("answers", orders=orders, gap=0, store=Store(read, write))

    run.needs_operations(READ, number)
    run.shares_nothing(
        alone.duration, "Calls on different accounts must not wait for each other"
    )


@law("arrival-order")
@cases(
    count=10,
    orders=lists(tuples(WHAT, sampled(["a"]), AMOUNT).map(list), 3, 6),
    gap=sampled([0, 0.125, 0.375]),
    given="{orders}, each {gap} s after the one before",
    assume=lambda orders, **_: len({change(each) for each in orders}) > 1,
    examples=[{"orders": THREE, "gap": 0}, {"orders": THREE, "gap": 0.125}],
)
def test_calls_on_one_account_are_served_as_they_came(play, orders, gap):
    before = all_are_served(play, orders, gap)
    with before.given():
        nothing_is_lost(before, orders)

    run = play("answers", orders=orders, gap=gap, store=Store())

    run.starts_in_order(
        WRITE,
        in_turn(orders),
        "Calls on one account must be served in the order they came",
        key=balance_of,
    )


# --- too much, and too little ---------------------------------------------------

TOO_MUCH = "A withdrawal beyond the balance must raise InsufficientFunds"


def calls(at, actor, what, amount):
    return step(at, actor, "call", f"bank.{what}", "a", amount)


@law("insufficient-funds")
@cases(
    count=6,
    more=integers(1, 9),
    given="a balance of 100, and a withdrawal of {more} more",
    examples=[{"more": 1}],
)
def test_a_withdrawal_beyond_the_balance_is_refused(play, more):
    taken = calls(0, "A", "withdraw", START + more)

    run = play("follow", steps=script(taken), accounts=["a"], store=Store())

    run.step_raises(taken, "InsufficientFunds", TOO_MUCH, group=False)
    run.needs_operations(READ)
    run.nothing_happened(WRITE, TOO_MUCH + " and write nothing")
    run.step_ends_with(taken, run.named(READ)[0], TOO_MUCH + " at once")


@law("insufficient-funds")
@cases(
    count=4,
    amount=integers(51, 99),
    given="a balance of 100, and two withdrawals of {amount} at once",
    examples=[{"amount": 60}],
)
def test_of_two_withdrawals_only_one_succeeds(play, amount):
    first = calls(0, "A", "withdraw", amount)
    second = calls(0.25, "B", "withdraw", amount)

    run = play("follow", steps=script(first, second), accounts=["a"], store=Store())

    run.step_returns(first, "What is in the account can be withdrawn")
    run.step_raises(second, "InsufficientFunds", TOO_MUCH, group=False)


@law("insufficient-funds")
@cases(
    given="a balance of 100, and a withdrawal of {amount}",
    examples=[{"amount": START}],
)
def test_all_that_there_is_can_be_withdrawn(play, amount):
    run = play("one_by_one", orders=[["withdraw", "a", amount]], store=Store())

    run.needs_operations(READ)
    run.must_return("All that there is can be withdrawn")


@law("bad-amount")
@cases(
    count=6,
    what=WHAT,
    amount=integers(-9, 0),
    given='{what}("a", {amount})',
    examples=[{"what": "deposit", "amount": 0}, {"what": "withdraw", "amount": -1}],
)
def test_an_amount_that_is_not_positive_is_refused(play, what, amount):
    run = play("one_by_one", orders=[[what, "a", amount]], store=Store())

    run.refuses(
        "ValueError",
        "An amount that is not positive must raise ValueError before anything is read",
    )


# --- errors and cancellations -----------------------------------------------------

FREE = "After an error the account must be usable at once"


@law("error-frees")
@cases(
    count=8,
    bad=sampled([READ, WRITE]),
    **SPANS,
    given="{bad} fails in the first of three deposits; " + TIMES,
    examples=[
        {"bad": READ, "read": 1.0, "write": 1.0},
        {"bad": WRITE, "read": 1.0, "write": 1.0},
    ],
)
def test_after_an_error_the_account_is_usable_at_once(play, bad, read, write):
    first, waiting = calls(0, "A", "deposit", 5), calls(0.25, "B", "deposit", 7)
    later = calls(9, "C", "deposit", 2)

    run = play(
        "follow",
        steps=script(first, waiting, later),
        accounts=["a"],
        store=Store(read, write, fails=bad),
    )

    failed = run.first_failed(bad)
    run.step_raises(first, failed, "The error of the store must come out", group=False)
    run.step_returns(waiting, FREE)
    run.step_ends_at(later, 9 + read + write, FREE)


@law("error-frees")
@cases(
    count=3,
    **SPANS,
    given="a withdrawal that goes too far, and a deposit behind it; " + TIMES,
    examples=[{"read": 1.0, "write": 1.0}],
)
def test_after_a_refused_withdrawal_it_is_usable_at_once(play, read, write):
    first, waiting = calls(0, "A", "withdraw", 999), calls(0.25, "B", "deposit", 7)
    later = calls(9, "C", "deposit", 2)

    run = play(
        "follow",
        steps=script(first, waiting, later),
        accounts=["a"],
        store=Store(read, write),
    )

    run.step_raises(first, "InsufficientFunds", TOO_MUCH)
    run.step_returns(waiting, FREE)
    run.step_ends_at(later, 9 + read + write, FREE)


STOPPED = "After a cancellation the account must be usable at once"
GIVEN = (
    "three deposits, at 0 s, 0.25 s and 0.5 s; read and write take 1 s; "
    "that of {who} is cancelled at {at} s"
)


@law("cancel-frees")
@cases(
    count=12,
    who=sampled(["A", "B", "C"]),
    at=sampled([0.625, 1.125, 1.625, 2.625, 3.625, 4.625, 5.625]),
    given=GIVEN,
    assume=lambda who, at: at < {"A": 2, "B": 4, "C": 6}[who],
    examples=[
        {"who": "A", "at": 0.625},
        {"who": "A", "at": 1.625},
        {"who": "B", "at": 0.625},
    ],
)
def test_after_a_cancellation_the_account_is_usable_at_once(play, who, at):
    made = {
        "A": calls(0, "A", "deposit", 5),
        "B": calls(0.25, "B", "deposit", 7),
        "C": calls(0.5, "C", "deposit", 2),
    }
    stops = step(at, "boss", "cancel", who)
    later = calls(9, "D", "deposit", 30)
    steps = script(*made.values(), stops, later)

    run = play("follow", steps=steps, accounts=["a"], store=Store())

    stopped = made.pop(who)
    run.needs_step_on(stopped, stops)
    run.step_raises(stopped, "CancelledError", "CancelledError must come out")
    run.step_ends_at(stopped, at, "CancelledError must come out at once")
    for each in made.values():
        run.step_returns(each, STOPPED)
    run.step_ends_at(later, 11, STOPPED)


@law("cancel-frees")
@cases(
    count=4,
    orders=ORDERS,
    **SPANS,
    given="all at once: {orders}; " + TIMES + "; all are cancelled",
)
def test_a_cancelled_call_takes_its_read_or_write_along(play, orders, read, write):
    before = all_are_served(play, orders, 0, read, write)
    before.needs_operations(WRITE)

    for run in play.sweep("answers", orders=orders, gap=0, store=Store(read, write)):
        run.cancelled_cleanly(
            rule="Cancelling a call must cancel its read or its write"
        )


# --- what is kept -----------------------------------------------------------------

KEPT = "objects kept for idle accounts"


@law("idle-costs-nothing")
@cases(
    given="{many} accounts, each with a deposit and two withdrawals, one too great",
    examples=[{"many": 150}],
)
def test_idle_accounts_cost_no_memory(play, many):
    run = play(
        "use_many",
        few=10,
        many=many,
        pause=asynchronous(after(1)),
        store=Store(start=0),
    )

    run.needs_note(KEPT)
    with run.given():
        run.returns([2] * many)
    run.notes_at_most(KEPT, 20, "An account that nobody uses must cost no memory")


@law("own-state")
@cases(
    count=6,
    orders=ON_ONE,
    given="two banks with a store each, and in both all at once: {orders}",
    examples=[{"orders": TWO}],
)
def test_two_banks_share_nothing(play, orders):
    alone = all_are_served(play, orders, accounts=["a"])
    with alone.given():
        alone.returns([left_in("a", orders)])

    run = play("two_banks", orders=orders, left=Store(), right=Store())

    rule = "Two banks must not share anything"
    run.shares_nothing(alone.duration, rule)
    run.returns([left_in("a", orders)] * 2, rule)


@law("second-loop")
@cases(
    count=3,
    orders=ON_ONE,
    given="all at once: {orders}; under one event loop and then under another",
    examples=[{"orders": TWO}],
)
def test_it_works_again_under_a_second_loop(play, orders):
    once = all_are_served(play, orders)
    with once.given():
        nothing_is_lost(once, orders)

    run = play("in_two_loops", orders=orders, store=Store())

    run.must_return("It must work again under a second event loop")


LIVES = {
    "orders": ON_ONE,
    "given": "all at once: {orders}; then a withdrawal that goes too far, a deposit of "
    "0, and one that is cancelled",
    "examples": [{"orders": TWO}],
}


def live(play, orders, **options):
    pause = asynchronous(after(0.5))
    return play("live", orders=orders, store=Store(), pause=pause, **options)


@law("nothing-left")
@cases(count=4, **LIVES)
def test_nothing_is_left_running(play, orders):
    run = live(play, orders)
    with run.given():
        run.returns([left_in("a", orders)])
    run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=4, **LIVES)
def test_python_has_nothing_to_complain_of(play, orders):
    run = live(play, orders, collect=True)
    with run.given():
        run.returns([left_in("a", orders)])
    run.warns_nothing()


@law("never-blocks")
@cases(count=4, **LIVES)
def test_the_event_loop_is_never_blocked(play, orders):
    run = live(play, orders)

    run.never_blocks()
    with run.given():
        run.returns([left_in("a", orders)])
