from itertools import accumulate, chain, pairwise

from grader.judge.cases import cases, law
from grader.judge.draws import booleans, integers, lists, sampled, seconds
from grader.world.rules import Failing, after, asynchronous, by_argument, cleans_up

PAGES = lists(lists(integers(10, 99), 0, 3), 1, 5)
FULL = lists(lists(integers(10, 99), 1, 3), 1, 4)
TAKE = seconds(0.5, 2, 0.5)
GIVEN = "pages of the items {pages}"


def cursors(pages):
    """What each page is asked for with."""
    return [None, *(f"page-{number}" for number in range(2, len(pages) + 1))]


def plans(pages, take=1.0, asked=None, cleanup=0):
    asked = asked or cursors(pages)
    cancelled = cleans_up(cleanup) if cleanup else None
    return {
        cursor: after(take, [items, following], cancelled=cancelled)
        for items, (cursor, following) in zip(
            pages, pairwise([*asked, None]), strict=True
        )
    }


def gives(pages, take=1.0, asked=None, cleanup=0):
    """Each page, under the cursor it is asked for with, takes `take` s."""
    return by_argument(plans(pages, take, asked, cleanup))


def gives_but(pages, bad, take=1.0):
    """The page at place `bad` fails, the others do not."""
    made = plans(pages, take)
    cursor = cursors(pages)[bad]
    failing = Failing("PageError", "server error")
    return by_argument(made | {cursor: made[cursor].but(fails=failing)})


def uses(take=0.0):
    return asynchronous(after(take, None))


def flat(pages):
    return list(chain.from_iterable(pages))


IN_ORDER = "It must give the items of all pages in their order"


# --- items --------------------------------------------------------------------


@law("items-in-order")
@cases(
    count=16,
    pages=FULL,
    given=GIVEN,
    examples=[{"pages": [[11, 12], [13]]}, {"pages": [[11]]}],
)
def test_the_items_of_all_pages_come_in_order(play, pages):
    run = play("walk", get_page=gives(pages), use=uses())

    run.returns(flat(pages), IN_ORDER)


@law("items-in-order")
@cases(
    count=6,
    item=sampled([None, False, 0, "", []]),
    given="pages of the items [[1, {item!r}, 2], [{item!r}]]",
    examples=[{"item": None}, {"item": ""}],
)
def test_anything_may_be_an_item(play, item):
    pages = [[1, item, 2], [item]]

    run = play("walk", get_page=gives(pages), use=uses())

    run.returns(flat(pages), IN_ORDER)


def more_after_an_empty_one(pages):
    return any(not page and any(pages[place:]) for place, page in enumerate(pages))


@law("empty-page")
@cases(
    count=12,
    pages=PAGES.filter(more_after_an_empty_one),
    given=GIVEN,
    examples=[
        {"pages": [[11], [], [12]]},
        {"pages": [[], [11]]},
        {"pages": [[11], [], [], [12]]},
    ],
)
def test_an_empty_page_is_not_the_end(play, pages):
    run = play("walk", get_page=gives(pages), use=uses())

    run.needs_operations("get_page")
    run.returns(flat(pages), "It must give the items after an empty page too")


# --- pages --------------------------------------------------------------------


@law("pages-asked-once")
@cases(
    count=16,
    pages=FULL,
    given=GIVEN,
    examples=[{"pages": [[11, 12], [13]]}, {"pages": [[11]]}],
)
def test_each_page_is_asked_for_once(play, pages):
    run = play("walk", get_page=gives(pages), use=uses())

    rule = "Each page must be asked for once: with None, then with each page's next"
    run.needs_operations("get_page")
    run.starts_in_order("get_page", cursors(pages), rule)
    run.once("get_page", cursors(pages), rule)


@law("pages-asked-once")
@cases(
    count=4,
    following=sampled(["", "0", "None"]),
    given="pages of the items [[11], [12]]; next of the first one is {following!r}",
    examples=[{"following": ""}, {"following": "0"}],
)
def test_only_none_is_the_end(play, following):
    asked = [None, following]

    run = play("walk", get_page=gives([[11], [12]], asked=asked), use=uses())

    run.needs_operations("get_page")
    run.once("get_page", asked, "A next that is not None must be asked for")


WHEN_NEEDED = "A page may be asked for only when the items before it are used up"


@law("only-when-needed")
@cases(
    count=16,
    pages=PAGES.filter(lambda pages: len(pages) > 1 and any(pages[:-1])),
    take=TAKE,
    given=GIVEN + "; each item is used for {take} s",
    examples=[{"pages": [[11, 12], [13]], "take": 1.0}],
)
def test_a_page_is_asked_for_when_the_items_before_are_used_up(play, pages, take):
    run = play("walk", get_page=gives(pages), use=uses(take))

    asked, used = run.named("get_page"), run.named("use")
    run.needs_operations("use")
    for number, page in zip(accumulate(map(len, pages)), asked[1:], strict=False):
        if 0 < number <= len(used):
            run.before(used[number - 1], page, WHEN_NEEDED)
    run.reached(returned=False)


@law("only-when-needed")
@cases(
    count=12,
    pages=PAGES.filter(lambda pages: len(pages) > 1 and any(pages[:-1])),
    taken=integers(1, 8),
    given=GIVEN + "; the walk is left with `break` after {taken} of them",
    assume=lambda pages, taken: taken <= len(flat(pages)),
    examples=[
        {"pages": [[11, 12], [13]], "taken": 1},
        {"pages": [[11, 12], [13]], "taken": 2},
        {"pages": [[], [11], []], "taken": 1},
    ],
)
def test_a_walk_that_is_left_asks_for_nothing_more(play, pages, taken):
    reach = list(accumulate(map(len, pages)))
    needed = next(place for place, number in enumerate(reach, 1) if number >= taken)

    run = play(
        "leave", taken=taken, wait=8 * len(pages), get_page=gives(pages), use=uses(0.5)
    )

    run.needs_note("left")
    run.once(
        "get_page",
        cursors(pages)[:needed],
        "A walk that is left must not ask for more pages",
    )


@law("without-delay")
@cases(
    count=12,
    pages=PAGES.filter(lambda pages: len(pages) > 1),
    take=TAKE,
    given=GIVEN + "; each page takes {take} s",
    examples=[
        {"pages": [[11, 12], [13]], "take": 1.0},
        {"pages": [[11], [], [12]], "take": 1.0},
    ],
)
def test_it_waits_for_pages_and_nothing_else(play, pages, take):
    run = play("walk", get_page=gives(pages, take), use=uses())

    number = len(run.operations("get_page"))
    run.needs_operations("get_page")
    run.takes(
        number * take, "It must wait for its pages, one after the other, and no longer"
    )


@law("nothing-before")
@cases(
    count=6,
    wait=seconds(0.5, 3, 0.5),
    given="fetch_items is called {wait} s before async for begins",
    examples=[{"wait": 1.0}],
)
def test_nothing_is_asked_for_before_the_first_step(play, wait):
    run = play("begin_later", wait=wait, get_page=gives([[11], [12]]), use=uses())

    run.nothing_before(
        "begun", "get_page", "Nothing may be asked for before the first step"
    )
    run.needs_operations("get_page")


# --- errors and cancellation --------------------------------------------------


@law("error-in-place")
@cases(
    count=16,
    pages=FULL,
    bad=integers(0, 3),
    given=GIVEN + "; the page at place {bad} (from 0) fails",
    assume=lambda pages, bad: bad < len(pages),
    examples=[
        {"pages": [[11, 12], [13]], "bad": 1},
        {"pages": [[11], [12], [13]], "bad": 0},
    ],
)
def test_an_error_comes_out_after_the_items_before_it(play, pages, bad):
    run = play("walk", get_page=gives_but(pages, bad), use=uses())

    failed = run.first_failed("get_page")
    run.raises(
        failed,
        at_its_moment=True,
        rule="The error of a page must come out, bare and at its moment",
    )
    run.once(
        "use", flat(pages[:bad]), "The items before the failing page must be given"
    )


@law("cancel-clean")
@cases(
    count=8,
    pages=PAGES,
    cleanup=sampled([0, 0.5]),
    given=GIVEN
    + "; the task that walks is cancelled, a page cleans up for {cleanup} s",
    examples=[
        {"pages": [[11, 12], [13]], "cleanup": 0},
        {"pages": [[11, 12], [13]], "cleanup": 0.5},
    ],
)
def test_cancelling_the_step_cancels_its_page(play, pages, cleanup):
    get_page = gives(pages, cleanup=cleanup)

    for run in play.sweep("walk", get_page=get_page, use=uses()):
        run.cancelled_cleanly(
            cleanup, "Cancelling a step must cancel the page that it waits for"
        )


# --- what holds for every kata ------------------------------------------------


def alone(play, pages, take=1.0):
    """Play a walk that nobody disturbs; `NotReached` unless it gives its items."""
    run = play("walk", get_page=gives(pages, take), use=uses())
    with run.given():
        run.returns(flat(pages))
    return run


@law("own-walk")
@cases(
    count=12,
    left=FULL,
    right=FULL,
    given="two walks at once, over pages of the items {left} and over {right}",
    examples=[{"left": [[11, 12], [13]], "right": [[21], [22, 23]]}],
)
def test_two_walks_at_once_do_not_disturb_each_other(play, left, right):
    longest = max(alone(play, left).duration, alone(play, right).duration)

    run = play(
        "walk_side_by_side",
        **{
            "left.get_page": gives(left),
            "left.use": uses(),
            "right.get_page": gives(right),
            "right.use": uses(),
        },
    )

    rule = "Each call must be a walk of its own"
    run.returns([flat(left), flat(right)], rule)
    run.shares_nothing(longest, rule)


@law("own-walk")
@cases(
    count=6,
    pages=FULL,
    given=GIVEN + ", walked over twice, one after the other",
    examples=[{"pages": [[11, 12], [13]]}],
)
def test_a_second_walk_asks_for_all_pages_again(play, pages):
    first = alone(play, pages)

    run = play("walk_twice", get_page=gives(pages), use=uses())

    asked = [each.args[0] for each in first.named("get_page")]
    run.returns([flat(pages)] * 2, "A second walk must give all items again")
    run.once("get_page", asked * 2, "A second walk must ask for its pages itself")


@law("nothing-left")
@cases(
    count=8,
    pages=FULL.filter(lambda pages: len(pages) > 1),
    given=GIVEN + ", walked over, and left after the first of them",
    examples=[{"pages": [[11, 12], [13]]}],
)
def test_nothing_is_left_running(play, pages):
    alone(play, pages).leaves_nothing(threads=True)

    run = play("leave", taken=1, wait=1, get_page=gives(pages), use=uses(0.5))
    run.needs_note("left")
    run.leaves_nothing(threads=True)


@law("no-complaints")
@cases(
    count=8,
    pages=FULL.filter(lambda pages: len(pages) > 1),
    fails=booleans(),
    given=GIVEN + ", walked over, and left after the first of them",
    examples=[{"pages": [[11, 12], [13]], "fails": False}],
)
def test_python_has_nothing_to_complain_of(play, pages, fails):
    alone(play, pages)
    get_page = gives_but(pages, 1) if fails else gives(pages)
    whole = play("walk", get_page=get_page, use=uses(), collect=True)
    whole.warns_nothing()

    run = play(
        "leave", taken=1, wait=1, get_page=gives(pages), use=uses(0.5), collect=True
    )
    run.warns_nothing()


@law("never-blocks")
@cases(
    count=8,
    pages=FULL,
    given=GIVEN,
    examples=[{"pages": [[11, 12], [13]]}],
)
def test_the_event_loop_is_never_blocked(play, pages):
    alone(play, pages).never_blocks()


@law("second-loop")
@cases(
    count=6,
    pages=FULL,
    given=GIVEN + ", walked over under one event loop and then under another",
    examples=[{"pages": [[11, 12], [13]]}],
)
def test_it_works_again_under_a_second_loop(play, pages):
    once = alone(play, pages)

    run = play("walk_in_two_loops", get_page=gives(pages), use=uses())

    run.works_on_second_loop(2 * once.duration)
