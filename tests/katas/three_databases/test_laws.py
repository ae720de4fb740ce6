import re

from grader import values, wire
from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, seconds
from grader.world.rules import Failing, Plan, after, cleans_up
from grader.world.service import Service

TAKE = seconds(0.5, 4, 0.5)
FETCH = 0.25
"""Seconds that fetchall takes once execute has ended."""

SPANS = {"user": TAKE, "orders": TAKE, "stock": TAKE}
GIVEN = "the user takes {user} s, the orders {orders} s, the stock {stock} + 0.25 s"
USER_ID = 4711
OTHER_ID = 815
NAMES = ["apples", "pears", "plums", "figs"]


# --- the world's side of the drivers --------------------------------------------


class Database(Service):
    """Connections that are lent, and run one statement at a time."""

    LINGERS = True
    SYNCHRONOUS = frozenset({"release", "close"})
    NAME = ERROR = ""

    def __init__(self, cleanup=0.0, fails=None):
        super().__init__()
        self._cleanup = cleanup
        self._fails = fails or {}
        self._held = set()
        self._busy = {}

    def acquire(self, call):
        return self._plan("acquire", 0, f"{self.NAME}-{call.nth + 1}")

    def release(self, call):
        self._held.discard(call.args[0])
        return Plan(gives=None)

    def completed(self, call):
        if call.name.endswith(".acquire") and call.plan.fails is None:
            self._held.add(call.plan.gives)
        self._ends(call)

    def cancelled(self, call):
        self._ends(call)

    def _ends(self, call):
        running = self._busy.items()
        self._busy = {key: each for key, each in running if each != call.number}

    def _statement(self, call, connection, plan):
        """Return the plan of a statement, unless its connection cannot take it."""
        if connection not in self._held:
            return self._refused("the connection is not in use")
        if connection in self._busy:
            self.violate(
                "two statements at once",
                f"{call.name} was called on {connection} while another statement ran",
            )
            return self._refused("another statement is running")
        self._busy[connection] = call.number
        return plan

    def _refused(self, why):
        return Plan(fails=Failing(self.ERROR, why))

    def _plan(self, verb, seconds, gives):
        failing = Failing(self.ERROR, "no answer") if verb in self._fails else None
        seconds = self._fails.get(verb, seconds)
        cancelled = cleans_up(self._cleanup) if self._cleanup else None
        return after(seconds, gives, fails=failing, cancelled=cancelled)

    def _look_at(self, sql):
        if {str(USER_ID), str(OTHER_ID)} & set(numbers_in(sql)):
            self.violate("value in the text", f"the text was {sql!r}")


def numbers_in(sql):
    return re.findall(r"\d+", sql)


class Postgres(Database):
    NAME, ERROR = "pg", "PostgresError"

    def __init__(self, take, known=(USER_ID, OTHER_ID), **options):
        super().__init__(**options)
        self._take = take
        self._known = known

    def fetchrow(self, call):
        connection, sql, *parameters = call.args
        self._look_at(sql)
        asked = [*parameters, *map(int, numbers_in(sql))]
        found = next((each for each in asked if each in self._known), None)
        row = (lambda token: {"id": found, "name": token}) if found else None
        return self._statement(
            call, connection, self._plan("fetchrow", self._take, row)
        )


class MySql(Database):
    NAME, ERROR = "mysql", "MySQLError"

    def __init__(self, take, numbers=(3,), **options):
        super().__init__(**options)
        self._take = take
        self._rows = stock_rows(numbers)
        self._connections = {}
        self._executed = set()

    def cursor(self, call):
        name = f"cursor-{call.nth + 1}"
        self._connections[name] = call.args[0]
        return self._plan("cursor", 0, name)

    def close(self, call):
        self._executed.discard(call.args[0])
        return Plan(gives=None)

    def execute(self, call):
        cursor, sql = call.args[:2]
        self._look_at(sql)
        plan = self._plan("execute", self._take, None)
        return self._statement(call, self._connections[cursor], plan)

    def fetchall(self, call):
        cursor = call.args[0]
        plan = self._plan("fetchall", FETCH, self._rows)
        if cursor not in self._executed:
            plan = self._refused("there is no result: execute has not ended")
        return self._statement(call, self._connections[cursor], plan)

    def completed(self, call):
        super().completed(call)
        if call.name.endswith(".execute") and call.plan.fails is None:
            self._executed.add(call.args[0])


class Orders(Service):
    """A collection: one document for each order of each user."""

    LINGERS = True

    def __init__(self, take, count=2, cleanup=0.0, fails=None):
        super().__init__()
        self._take = take
        self._count = count
        self._cleanup = cleanup
        self._fails = fails

    def find(self, call):
        asked = list(call.args[0].values())
        users = [each for each in (USER_ID, OTHER_ID) if not asked or each in asked]
        failing = Failing("MongoError", "no answer") if self._fails else None
        cancelled = cleans_up(self._cleanup) if self._cleanup else None
        return after(
            self._take,
            lambda token: [
                {"user_id": user, "number": number, "item": token}
                for user in users
                for number in range(1, self._count + 1)
            ],
            fails=failing,
            cancelled=cancelled,
        )


def stock_rows(numbers):
    return list(zip(NAMES, numbers, strict=False))


def databases(user, orders, stock, *, cleanup=0.0, numbers=(3,), **options):
    """The three of them, by the times they take."""
    return {
        "pg": Postgres(user, cleanup=cleanup, fails=options.get("pg_fails")),
        "mongo.orders": Orders(
            orders,
            cleanup=cleanup,
            count=options.get("count", 2),
            fails=options.get("mongo_fails"),
        ),
        "mysql": MySql(
            stock, numbers, cleanup=cleanup, fails=options.get("mysql_fails")
        ),
    }


# --- what is expected -----------------------------------------------------------

STATEMENTS = ("pg.fetchrow", "mongo.orders.find", "mysql.execute", "mysql.fetchall")
LENT = (
    ("pg.acquire", "pg.release"),
    ("mysql.acquire", "mysql.release"),
    ("mysql.cursor", "mysql.close"),
)


def page(run, stock, user_id=USER_ID):
    """The page of a user, as far as this run has asked for what stands on it."""
    return values.record(
        "Dashboard",
        user=answer(run, "pg.fetchrow", user_id),
        orders=answer(run, "mongo.orders.find", user_id),
        stock=stock,
    )


def answer(run, name, user_id):
    for each in run.answered(name):
        if user_id in _asked_for(each):
            return each.value
    return wire.Opaque(f"the answer of {name}", "that was never asked for")


def _asked_for(call):
    """Return whom a call asks for, in whatever way it does."""
    if call.name.endswith("find"):
        return call.args[0].values()
    return [*call.args, *map(int, numbers_in(call.args[1]))]


def gives_all_back(run, rule):
    for taken, given in LENT:
        run.gives_back(taken, given, rule)


def makes_a_page(play):
    """Raise `NotReached` unless it makes a page when all goes well."""
    run = play("make_page", user_id=USER_ID, **databases(1, 2, 0.5))
    with run.given():
        run.returns(page(run, {"apples": 3}))


# --- the page -------------------------------------------------------------------


@law("page-complete")
@cases(
    count=10,
    **SPANS,
    count_of_orders=integers(0, 3),
    numbers=lists(integers(0, 99), 0, 4),
    given=GIVEN + "; {count_of_orders} orders, stock of {numbers}",
    examples=[
        {
            "user": 1.0,
            "orders": 2.0,
            "stock": 0.5,
            "count_of_orders": 2,
            "numbers": [3, 5],
        },
        {
            "user": 1.0,
            "orders": 1.0,
            "stock": 1.0,
            "count_of_orders": 0,
            "numbers": [],
        },
    ],
)
def test_the_page_holds_all_three(play, user, orders, stock, count_of_orders, numbers):
    given = databases(user, orders, stock, count=count_of_orders, numbers=numbers)

    run = play("make_page", user_id=USER_ID, **given)

    run.returns(
        page(run, dict(stock_rows(numbers))),
        "The page must hold the user, the orders of that user and the stock",
    )


@law("at-once")
@cases(
    count=12,
    **SPANS,
    given=GIVEN,
    examples=[{"user": 1.0, "orders": 2.0, "stock": 0.5}],
)
def test_all_three_are_asked_at_once(play, user, orders, stock):
    run = play("make_page", user_id=USER_ID, **databases(user, orders, stock))

    rule = "All three databases must be asked at once"
    for name in STATEMENTS[:3]:
        run.begins_at(name, [0], rule)
    run.takes(
        max(user, orders, stock + FETCH),
        "The page must be there when the slowest of the three has answered",
    )


@law("no-such-user")
@cases(
    count=6,
    **SPANS,
    given=GIVEN + "; there is no such user",
    examples=[
        {"user": 1.0, "orders": 2.0, "stock": 0.5},
        {"user": 2.0, "orders": 1.0, "stock": 0.5},
    ],
)
def test_no_such_user_is_a_lookup_error(play, user, orders, stock):
    given = databases(user, orders, stock)
    given["pg"] = Postgres(user, known=())

    run = play("make_page", user_id=USER_ID, **given)

    run.needs_operations("pg.fetchrow")
    run.raises(
        "LookupError",
        group=None,
        rule="When there is no such user, LookupError must come out",
    )


# --- what fails -----------------------------------------------------------------

FAILURE = {**SPANS, "bad": sampled(["pg.fetchrow", "pg.acquire", "mongo.orders.find"])}
FAILING = GIVEN + "; {bad} fails"
ASKED = ("pg.acquire", "pg.fetchrow", "mongo.orders.find")


def one_fails(user, orders, stock, bad, cleanup=0.0):
    """The databases, of which one fails when its time is up."""
    at = {"pg.fetchrow": user, "pg.acquire": 0.0}
    pg_fails = {bad.partition(".")[2]: at[bad]} if bad in at else None
    return databases(
        user,
        orders,
        stock,
        cleanup=cleanup,
        pg_fails=pg_fails,
        mongo_fails=bad == "mongo.orders.find",
    )


def fails_first(user, orders, stock, bad, **_):
    """It fails before the others end, and in no instant in which another does."""
    if bad == "pg.acquire":
        return True
    error, other = (user, orders) if bad.startswith("pg") else (orders, user)
    return error < other and error not in {stock, stock + FETCH}


@law("first-error-out")
@cases(
    count=10,
    **FAILURE,
    given=FAILING,
    examples=[
        {"user": 1.0, "orders": 2.0, "stock": 3.0, "bad": "pg.fetchrow"},
        {"user": 2.0, "orders": 1.0, "stock": 3.0, "bad": "mongo.orders.find"},
    ],
)
def test_a_failing_database_fails_the_page(play, user, orders, stock, bad):
    given = one_fails(user, orders, stock, bad)

    run = play("make_page", user_id=USER_ID, **given)

    run.raises(
        run.first_failed(ASKED),
        at_its_moment=True,
        rule="An error of PostgreSQL or MongoDB must come out, bare and at its moment",
    )


@law("error-stops-rest")
@cases(
    count=9,
    **FAILURE,
    cleanup=sampled([0.0, 0.5]),
    given=FAILING + "; cleaning up takes {cleanup} s",
    assume=fails_first,
    examples=[
        {
            "user": 1.0,
            "orders": 2.0,
            "stock": 3.0,
            "bad": "pg.fetchrow",
            "cleanup": 0.5,
        },
        {
            "user": 2.0,
            "orders": 1.0,
            "stock": 3.0,
            "bad": "mongo.orders.find",
            "cleanup": 0.5,
        },
    ],
)
def test_an_error_cancels_the_others(play, user, orders, stock, bad, cleanup):
    makes_a_page(play)

    run = play(
        "make_page",
        user_id=USER_ID,
        **one_fails(user, orders, stock, bad, cleanup),
    )

    run.first_failed(ASKED)
    run.cancels_rest((*ASKED, *STATEMENTS[2:]))


@law("mysql-optional")
@cases(
    count=9,
    **SPANS,
    bad=sampled(["acquire", "cursor", "execute", "fetchall"]),
    given=GIVEN + "; {bad} of MySQL fails",
    examples=[
        {"user": 1.0, "orders": 2.0, "stock": 0.5, "bad": verb}
        for verb in ("acquire", "cursor", "execute", "fetchall")
    ],
)
def test_a_failing_mysql_only_leaves_the_stock_out(play, user, orders, stock, bad):
    makes_a_page(play)
    at = {"execute": stock, "fetchall": FETCH}
    given = databases(user, orders, stock, mysql_fails={bad: at.get(bad, 0.0)})

    run = play("make_page", user_id=USER_ID, **given)

    run.needs_operations(f"mysql.{bad}")
    run.returns(
        page(run, None), "A failing MySQL must only leave the stock out of the page"
    )


# --- connections ----------------------------------------------------------------

BACK = "Every connection and every cursor must be given back"


@law("given-back")
@cases(
    count=5,
    **SPANS,
    given=GIVEN,
    examples=[{"user": 1.0, "orders": 2.0, "stock": 0.5}],
)
def test_connections_are_given_back(play, user, orders, stock):
    run = play("make_page", user_id=USER_ID, **databases(user, orders, stock))

    for name in STATEMENTS:
        run.needs_operations(name)
    gives_all_back(run, BACK)


@law("given-back")
@cases(
    count=9,
    **{
        **SPANS,
        "bad": sampled([*ASKED, "mysql.cursor", "mysql.execute", "mysql.fetchall"]),
    },
    given=FAILING,
    examples=[
        {"user": 1.0, "orders": 2.0, "stock": 3.0, "bad": bad}
        for bad in ("pg.fetchrow", "mongo.orders.find", "mysql.execute", "mysql.cursor")
    ],
)
def test_connections_are_given_back_after_an_error(play, user, orders, stock, bad):
    makes_a_page(play)
    given = one_fails(user, orders, stock, bad)
    if bad.startswith("mysql"):
        at = {"mysql.execute": stock, "mysql.fetchall": FETCH}
        fails = {bad.partition(".")[2]: at.get(bad, 0.0)}
        given = databases(user, orders, stock, mysql_fails=fails)

    run = play("make_page", user_id=USER_ID, **given)

    run.needs_operations(bad)
    gives_all_back(run, BACK + ", also after an error")


@law("given-back")
@cases(
    count=4,
    **SPANS,
    given=GIVEN + "; there is no such user",
    examples=[{"user": 1.0, "orders": 2.0, "stock": 0.5}],
)
def test_connections_are_given_back_without_a_user(play, user, orders, stock):
    makes_a_page(play)
    given = databases(user, orders, stock)
    given["pg"] = Postgres(user, known=())

    run = play("make_page", user_id=USER_ID, **given)

    run.needs_operations("pg.fetchrow")
    gives_all_back(run, BACK + ", also when there is no such user")


@law("given-back")
@cases(
    count=3,
    **SPANS,
    given=GIVEN + "; the caller is cancelled",
    examples=[{"user": 1.0, "orders": 2.0, "stock": 0.5}],
)
def test_connections_are_given_back_after_a_cancellation(play, user, orders, stock):
    given = databases(user, orders, stock)
    makes_a_page(play)

    for run in play.sweep("make_page", user_id=USER_ID, **given):
        gives_all_back(run, BACK + ", also after a cancellation")


@law("one-statement")
@cases(
    count=5,
    **SPANS,
    users=sampled([[USER_ID], [USER_ID, OTHER_ID]]),
    given="pages of {users} at once; in each " + GIVEN,
    examples=[
        {"user": 1.0, "orders": 2.0, "stock": 0.5, "users": [USER_ID]},
        {"user": 1.0, "orders": 2.0, "stock": 0.5, "users": [USER_ID, OTHER_ID]},
    ],
)
def test_one_connection_runs_one_statement(play, user, orders, stock, users):
    run = play("make_pages", user_ids=users, **databases(user, orders, stock))

    run.needs_operations("pg.fetchrow")
    run.needs_operations("mysql.execute")
    run.never(
        "two statements at once", "One connection must never run two statements at once"
    )


@law("values-as-parameters")
@cases(
    count=4,
    **SPANS,
    given=GIVEN + "; the user's id is 4711",
    examples=[{"user": 1.0, "orders": 2.0, "stock": 0.5}],
)
def test_values_travel_as_parameters(play, user, orders, stock):
    run = play("make_page", user_id=USER_ID, **databases(user, orders, stock))

    run.needs_operations("pg.fetchrow")
    run.never(
        "value in the text", "The user's id must not stand in the text of the SQL"
    )
    with run.given():
        run.must_return("it must return")


# --- what holds for every kata --------------------------------------------------


@law("cancel-clean")
@cases(
    count=6,
    **SPANS,
    cleanup=sampled([0.0, 0.5]),
    given=GIVEN + ", the caller is cancelled; cleaning up takes {cleanup} s",
    examples=[
        {"user": 1.0, "orders": 2.0, "stock": 0.5, "cleanup": 0.0},
        {"user": 0.5, "orders": 0.5, "stock": 0.5, "cleanup": 0.5},
    ],
)
def test_cancelling_the_caller_cancels_all(play, user, orders, stock, cleanup):
    makes_a_page(play)
    given = databases(user, orders, stock, cleanup=cleanup)

    for run in play.sweep("make_page", user_id=USER_ID, **given):
        run.cancelled_cleanly(cleanup)


@law("own-page")
@cases(
    count=6,
    **SPANS,
    given="two pages at once: " + GIVEN,
    examples=[{"user": 1.0, "orders": 2.0, "stock": 0.5}],
)
def test_two_pages_at_once_do_not_disturb_each_other(play, user, orders, stock):
    given = databases(user, orders, stock)
    alone = play("make_page", user_id=USER_ID, **given)
    with alone.given():
        alone.returns(page(alone, {"apples": 3}))

    run = play("make_pages", user_ids=[USER_ID, OTHER_ID], **given)

    rule = "Two pages at once must not disturb each other"
    pages = [page(run, {"apples": 3}, each) for each in (USER_ID, OTHER_ID)]
    run.returns(wire.List(pages), rule)
    run.shares_nothing(alone.duration, rule)


@law("second-loop")
@cases(count=4, **SPANS, given=GIVEN + "; under one event loop and then another")
def test_it_works_again_under_a_second_loop(play, user, orders, stock):
    given = databases(user, orders, stock)
    once = play("make_page", user_id=USER_ID, **given)
    once.needs_operations("pg.fetchrow")
    once.reached()

    run = play("make_pages_in_two_loops", user_id=USER_ID, **given)

    run.works_on_second_loop(2 * once.duration)


@law("nothing-left")
@cases(count=5, **SPANS, given=GIVEN)
def test_nothing_is_left_running(play, user, orders, stock):
    run = play("make_page", user_id=USER_ID, **databases(user, orders, stock))

    with run.given():
        run.returns(page(run, {"apples": 3}))
    run.leaves_nothing(threads=True)


@law("nothing-left")
@cases(
    count=5,
    **FAILURE,
    given=FAILING,
    assume=fails_first,
    examples=[{"user": 2.0, "orders": 1.0, "stock": 3.0, "bad": "mongo.orders.find"}],
)
def test_nothing_is_left_running_after_an_error(play, user, orders, stock, bad):
    run = play("make_page", user_id=USER_ID, **one_fails(user, orders, stock, bad))

    with run.given():
        run.cancels_rest((*ASKED, *STATEMENTS[2:]))
    run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=5, **FAILURE, given=FAILING + "; or none does, or both do at once")
def test_python_has_nothing_to_complain_of(play, user, orders, stock, bad):
    whole = play(
        "make_page", user_id=USER_ID, collect=True, **databases(user, orders, stock)
    )
    with whole.given():
        whole.returns(page(whole, {"apples": 3}))
    whole.warns_nothing()

    failing = one_fails(user, orders, stock, bad)
    play("make_page", user_id=USER_ID, collect=True, **failing).warns_nothing()

    both = databases(user, user, stock, pg_fails={"fetchrow": user}, mongo_fails=True)
    play("make_page", user_id=USER_ID, collect=True, **both).warns_nothing()


@law("never-blocks")
@cases(count=5, **SPANS, given=GIVEN)
def test_the_event_loop_is_never_blocked(play, user, orders, stock):
    run = play("make_page", user_id=USER_ID, **databases(user, orders, stock))

    with run.given():
        run.returns(page(run, {"apples": 3}))
    run.never_blocks()
