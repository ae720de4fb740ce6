from itertools import pairwise

from grader import values
from grader.judge.cases import cases, law
from grader.judge.draws import distinct_seconds, integers, lists, sampled, seconds
from grader.laws.order import first_argument
from grader.world.rules import Failing, after
from grader.world.service import Service

IN_STOCK, RESERVE, CHARGE = "in_stock", "reserve", "charge"
RELEASE, EMAIL = "release", "email"
STEPS = (IN_STOCK, RESERVE, CHARGE, EMAIL)

PAID_RELEASED = "paid reservation released"

ITEM = sampled(["lamp", "blue chair", "clock"])
TIMES = lists(seconds(0.25, 2, 0.25), 4, 4)
SALE = 'checkout("{item}", store), whose four steps take {times} s'
EXAMPLE = {"item": "lamp", "times": [0.5, 1.0, 2.0, 0.5]}


class Store(Service):
    """A store that knows which reservations are paid for."""

    def __init__(
        self, times, *, there=True, price=30, fails=None, releasing=0.5, later=None
    ):
        super().__init__()
        self.times = dict(zip(STEPS, times, strict=True))
        self.there = there
        self.price = price
        self.fails = fails or {}
        self.releasing = releasing
        self.later = later or {}
        self.paid = []

    def rules(self, name):
        """Yield the operations by their bare names, which is all a picture has room for."""
        for operation, rule in super().rules(name):
            yield operation.removeprefix(f"{name}."), rule

    def in_stock(self, call):
        return self._plan(call, self.there)

    def reserve(self, call):
        return self._plan(call)

    def charge(self, call):
        return self._plan(call, self.price)

    def release(self, call):
        reservation = first_argument(call)
        if reservation in self.paid:
            self.violate(PAID_RELEASED, f"{call.name} was called for what is paid")
        return after(self.releasing, None)

    def email(self, call):
        return self._plan(call, None)

    def _plan(self, call, *gives):
        failing = self.fails.get(call.name)
        return after(
            self.times[call.name] + self.later.get(str(first_argument(call)), 0),
            *gives,
            fails=Failing(failing, "not now") if failing else None,
        )

    def completed(self, call):
        if call.name == CHARGE and call.plan.fails is None:
            self.paid.append(first_argument(call))


def reservation_of(run, item):
    """Return the reservation that the store gave for this item."""
    run.needs_operations(RESERVE)
    calls = [each for each in run.named(RESERVE) if first_argument(each) == item]
    return calls[0].value if calls else None


def receipt(run, item, *, amount=30, email_sent=True):
    reservation = reservation_of(run, item)
    return values.record(
        "Receipt", reservation=reservation, amount=amount, email_sent=email_sent
    )


def released(run, item, rule):
    """The reservation was released once, and that has ended when the call is over."""
    reservation = reservation_of(run, item)
    run.once(RELEASE, [reservation], rule)
    run.succeeds(RELEASE, rule)


# --- a sale -------------------------------------------------------------------


@law("out-of-stock")
@cases(
    count=12,
    item=ITEM,
    times=TIMES,
    given=SALE + "; once there is one in stock, and once there is none",
    examples=[EXAMPLE],
)
def test_what_is_not_there_is_not_sold(play, item, times):
    there = play("sell", item=item, store=Store(times))
    with there.given():
        there.must_return("An item that is in stock is sold")

    run = play("sell", item=item, store=Store(times, there=False))

    rule = "If there is none in stock, it must raise OutOfStock and do nothing else"
    run.nothing_happened(RESERVE, rule)
    run.raises("OutOfStock", group=None, rule=rule)
    run.needs_operations(IN_STOCK)
    run.ends_when(run.named(IN_STOCK)[0], "OutOfStock must come out at once")
    for other in (CHARGE, RELEASE, EMAIL):
        run.nothing_happened(other, rule)


@law("one-after-another")
@cases(count=16, item=ITEM, times=TIMES, given=SALE, examples=[EXAMPLE])
def test_each_step_begins_when_the_one_before_has_ended(play, item, times):
    run = play("sell", item=item, store=Store(times))

    for name in (IN_STOCK, RESERVE):
        run.once(name, [item], f"{name} must be called once, with the item")
    reservation = reservation_of(run, item)
    run.once(
        CHARGE,
        [reservation],
        "charge must be called once, with what reserve has returned",
    )
    calls = [run.named(name)[0] for name in STEPS if run.named(name)]
    for first, second in pairwise(calls):
        run.before(
            first, second, "Each step must begin when the one before it has ended"
        )


@law("receipt")
@cases(
    count=12,
    item=ITEM,
    price=integers(1, 900),
    given='checkout("{item}", store), where charge returns {price}',
    examples=[{"item": "lamp", "price": 30}],
)
def test_the_receipt_holds_the_reservation_and_the_amount(play, item, price):
    run = play("sell", item=item, store=Store([0.5, 1, 1, 0.5], price=price))

    run.needs_operations(RESERVE)
    run.returns(
        receipt(run, item, amount=price),
        "It must return a Receipt that holds what reserve and charge "
        "returned, and that the email was sent",
    )


@law("email-first")
@cases(count=16, item=ITEM, times=TIMES, given=SALE, examples=[EXAMPLE])
def test_it_returns_when_the_email_is_sent(play, item, times):
    run = play("sell", item=item, store=Store(times))

    run.needs_operations(IN_STOCK)
    run.succeeds(EMAIL, "It must return when the email is sent, and not before")
    run.called_at_most(1, EMAIL, "It must send one email")
    run.ends_with_the_last(EMAIL, "It must return as soon as the email is sent")


# --- what goes wrong ----------------------------------------------------------


@law("failed-charge")
@cases(
    count=16,
    item=ITEM,
    times=TIMES,
    releasing=seconds(0, 1, 0.25),
    given=SALE + "; the charge fails, and releasing takes {releasing} s",
    examples=[EXAMPLE | {"releasing": 0.5}],
)
def test_a_failed_charge_releases_the_reservation(play, item, times, releasing):
    store = Store(times, fails={CHARGE: "PaymentError"}, releasing=releasing)

    run = play("sell", item=item, store=store)

    failed = run.first_failed(CHARGE)
    released(run, item, "If charging fails, the reservation must be released, once")
    rule = "If charging fails, its error must come out when the reservation is released"
    run.raises(failed, group=None, rule=rule)
    run.ends_when(run.named(RELEASE)[0], rule)
    run.nothing_happened(EMAIL, "If charging fails, no email may be sent")


AT_EACH_MOMENT = SALE + "; cancelled at each moment at which all wait"


@law("cancelled-charge")
@cases(
    count=10,
    item=ITEM,
    times=TIMES,
    releasing=seconds(0, 1, 0.5),
    given=SALE + "; cancelled while it charges, and releasing takes {releasing} s",
    examples=[EXAMPLE | {"releasing": 0.5}],
)
def test_a_cancelled_charge_releases_the_reservation(play, item, times, releasing):
    store = Store(times, releasing=releasing)
    play("sell", item=item, store=store).needs_operations(CHARGE)
    rule = "If the charge is cancelled, the reservation must be released, once"

    for run in play.sweep("sell", item=item, store=store):
        if charges_when_cancelled(run):
            released(run, item, rule)


def charges_when_cancelled(run):
    """Say whether a charge was on when the caller was cancelled."""
    sent = run.run.cancel_sent
    return sent is not None and any(each.overlaps(sent) for each in run.named(CHARGE))


@law("cancel-comes-out")
@cases(
    count=10,
    item=ITEM,
    times=TIMES,
    given=AT_EACH_MOMENT,
    examples=[EXAMPLE],
)
def test_a_cancelled_checkout_ends_with_cancelled_error(play, item, times):
    for run in play.sweep("sell", item=item, store=Store(times, releasing=0)):
        run.cancelled_cleanly(rule="A cancelled checkout must end")


PAID = "Once the charge has succeeded, nothing may be released"


@law("paid-stays")
@cases(
    count=8,
    item=ITEM,
    times=TIMES,
    email=sampled(["is sent", "fails"]),
    given=SALE + "; the email {email}",
    examples=[EXAMPLE | {"email": "is sent"}, EXAMPLE | {"email": "fails"}],
)
def test_what_is_paid_for_is_not_released(play, item, times, email):
    fails = {EMAIL: "EmailError"} if email == "fails" else {}

    run = play("sell", item=item, store=Store(times, fails=fails))

    run.never(PAID_RELEASED, PAID)
    run.needs_operations(CHARGE)
    run.reached(returned=False)


@law("paid-stays")
@cases(count=8, item=ITEM, times=TIMES, given=AT_EACH_MOMENT, examples=[EXAMPLE])
def test_what_is_paid_for_is_not_released_after_a_cancellation(play, item, times):
    store = Store(times)
    play("sell", item=item, store=store).needs_operations(CHARGE)

    for run in play.sweep("sell", item=item, store=store):
        run.never(PAID_RELEASED, PAID)


@law("failed-email")
@cases(
    count=12,
    item=ITEM,
    times=TIMES,
    given=SALE + "; the email fails",
    examples=[EXAMPLE],
)
def test_a_failed_email_does_not_undo_the_sale(play, item, times):
    run = play("sell", item=item, store=Store(times, fails={EMAIL: "EmailError"}))

    failed = run.first_failed(EMAIL)
    rule = "If the email fails, it must return a Receipt that says so"
    run.returns(receipt(run, item, email_sent=False), rule)
    run.called_at_most(1, EMAIL, "An email that fails must not be sent again")
    run.ends_when(failed, "If the email fails, it must return at once")


@law("store-error-out")
@cases(
    count=12,
    item=ITEM,
    times=TIMES,
    step=sampled([IN_STOCK, RESERVE]),
    given=SALE + "; {step} raises an error",
    examples=[EXAMPLE | {"step": IN_STOCK}, EXAMPLE | {"step": RESERVE}],
)
def test_an_error_of_an_earlier_step_comes_out(play, item, times, step):
    run = play("sell", item=item, store=Store(times, fails={step: "StoreError"}))

    rule = f"If {step} fails, its error must come out at once, and no other step begin"
    run.raises(run.first_failed(step), at_its_moment=True, group=None, rule=rule)
    for other in (*STEPS[STEPS.index(step) + 1 :], RELEASE):
        run.nothing_happened(other, rule)


# --- what holds for every kata ------------------------------------------------


@law("own-sale")
@cases(
    count=8,
    later=distinct_seconds(3),
    given="three checkouts at once; their first two steps take {later} s each, "
    "the charge 1 s, the email 0.5 s",
    examples=[{"later": [1.0, 0.25, 0.5]}],
)
def test_checkouts_at_once_do_not_mix(play, later):
    items = ["lamp", "chair", "clock"]
    store = Store([0, 0, 1, 0.5], later=dict(zip(items, later, strict=True)))
    for item in items:
        alone = play("sell", item=item, store=store)
        with alone.given():
            alone.returns(receipt(alone, item))

    run = play("sell_together", items=items, store=store)

    run.returns(
        [receipt(run, item) for item in items], "Checkouts at once must not mix"
    )


def sold(play, item, times, **options):
    run = play("sell", item=item, store=Store(times), **options)
    with run.given():
        run.returns(receipt(run, item))
    return run


@law("nothing-left")
@cases(count=8, item=ITEM, times=TIMES, given=SALE, examples=[EXAMPLE])
def test_nothing_is_left_running(play, item, times):
    sold(play, item, times).leaves_nothing(threads=True)


@law("nothing-left")
@cases(
    count=8,
    item=ITEM,
    times=TIMES,
    given=SALE + "; the charge fails",
    examples=[EXAMPLE],
)
def test_nothing_is_left_running_when_the_charge_fails(play, item, times):
    run = play("sell", item=item, store=Store(times, fails={CHARGE: "PaymentError"}))

    with run.given():
        run.raises(run.first_failed(CHARGE), group=None)
    run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(count=8, item=ITEM, times=TIMES, given=SALE, examples=[EXAMPLE])
def test_python_has_nothing_to_complain_of(play, item, times):
    sold(play, item, times, collect=True).warns_nothing()


@law("no-complaints")
@cases(
    count=8,
    item=ITEM,
    times=TIMES,
    given=SALE + "; the charge fails",
    examples=[EXAMPLE],
)
def test_python_has_nothing_to_complain_of_when_the_charge_fails(play, item, times):
    store = Store(times, fails={CHARGE: "PaymentError"})

    run = play("sell", item=item, store=store, collect=True)

    with run.given():
        run.raises(run.first_failed(CHARGE), group=None)
    run.warns_nothing()


@law("never-blocks")
@cases(count=8, item=ITEM, times=TIMES, given=SALE, examples=[EXAMPLE])
def test_the_loop_is_never_blocked(play, item, times):
    sold(play, item, times).never_blocks()
