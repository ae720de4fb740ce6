import copy
import heapq
import html

from grader.judge.cases import cases, law
from grader.judge.draws import integers, lists, sampled, tuples
from grader.laws.order import first_argument
from grader.laws.values import SOME_TEXT
from grader.world.rules import Failing, after, cleans_up
from grader.world.service import Service

START = "http://a.test/"
MANY = 50
BOUNDS = {"max_pages": MANY, "max_depth": MANY, "limit": MANY, "per_host": MANY}

# --- a site ---------------------------------------------------------------------

FORMS = {
    "double quotes": '<a href="{}">',
    "single quotes": "<a href='{}'>",
    "no quotes": "<a href={}>",
    "capitals": '<A HREF="{}">',
    "more attributes": '<a class="big" href="{}" rel=nofollow>',
    "more than a line": '<a\n  href="{}"\n>',
}
SPELLINGS = ["whole", "path", "dots", "no scheme"]
NO_LINKS = """
<a href="http://[oops/">malformed</a>
<!-- <a href="/old">was here once</a> -->
<link rel="stylesheet" href="/style.css"><img src="/logo.png">
<a name="top">a target</a> <a href>nothing</a>
<a href="mailto:me@a.test">mail</a> <a href="ftp://a.test/file">file</a>
<a href="javascript:void(0)">button</a>
<script>document.write("<a href='/script'>written later</a>")</script>
"""


class Site(Service):
    """Pages that hand out the urls of others: nobody knows them before.

    Page 0 is the start. Of each other page `pages` says on which host it is, how long it
    takes and which page links to it; `more` are further links. The url of a page ends
    with its number; it holds a part of the token of the page that was first to name it.
    """

    def __init__(self, site, *, fails=(), error="FetchError", cleanup=0, **style):
        super().__init__()
        pages, more = site
        self.hosts = ["a", *(host for host, _, _ in pages)]
        self.takes = [1, *(takes for _, takes, _ in pages)]
        self.links = [[] for _ in self.takes]
        for number, (_, _, source) in enumerate(pages, 1):
            self.links[source].append(number)
        for source, target in more:
            self.links[source].append(target)
        self.failing = {number: Failing(error) for number in fails}
        self.cleanup = cleans_up(cleanup) if cleanup else None
        self.LINGERS = cleanup > 0
        self.style = style
        self.urls = {0: START}

    def rules(self, name):
        yield name, dict(super().rules(name))[f"{name}.fetch"]

    def fetch(self, call):
        number = self.number(first_argument(call))
        if number is None:
            return after(0.5, fails=Failing("FetchError", "there is no such page"))
        return after(
            self.takes[number],
            lambda token: self.page(number, token),
            fails=self.failing.get(number),
            cancelled=self.cleanup,
        )

    def number(self, url):
        """Return which page that is, None if there is none."""
        url = whole(url)
        return next((each for each, known in self.urls.items() if known == url), None)

    def page(self, number, token):
        """Return the page as HTML; from now on the urls in it are known."""
        links = [
            self.link(number, target, token, place)
            for place, target in enumerate(self.links[number])
        ]
        more = NO_LINKS if self.style.get("noise") else ""
        return f"<html><body>{more}{' '.join(links)}</body></html>"

    def link(self, source, target, token, place):
        scheme = "https" if self.hosts[target] == "s" else "http"
        query = "?x=1&y=2" if self.style.get("query") else ""
        path = f"{token.rpartition('-')[2][:6]}/{target}{query}"
        url = f"{scheme}://{self.hosts[target]}.test/{path}"
        url = self.urls.setdefault(target, url)
        here, there = self.hosts[source], self.hosts[target]
        spelling = self.style.get("spelling", "whole")
        if spelling == "all":
            spelling = SPELLINGS[place % len(SPELLINGS)]
        same_scheme = (here == "s") == (there == "s")
        href = spelled(url, spelling, is_near=here == there, same_scheme=same_scheme)
        if self.style.get("fragments") and place % 2 == 0:
            href += f"#part-{source}"
        form = FORMS[self.style.get("form", "double quotes")]
        return f"{form.format(html.escape(href))}page {target}</a>"


def whole(url):
    """Return a url without its fragment."""
    return url.partition("#")[0] if isinstance(url, str) else url


def host_of(url):
    return url.split("/")[2] if isinstance(url, str) and "://" in url else ""


def spelled(url, spelling, *, is_near, same_scheme):
    rest = url.partition("://")[2]
    path = rest.partition("/")[2]
    if spelling == "no scheme" and same_scheme:
        return f"//{rest}"
    if spelling == "path" and is_near:
        return f"/{path}"
    if spelling == "dots" and is_near:
        return f"../{path}"
    return url


class Found:
    """What a run shows of a site: in which order pages were found, when and how far off.

    A page is found when a page that links to it has come, if it is near enough.
    """

    def __init__(self, site, run, name="fetch", max_depth=MANY):
        site = copy.deepcopy(site)
        self.at, self.depth, self.source = {START: 0}, {START: 0}, {START: ""}
        self.calls = {}
        for call in run.named(name):
            self.calls.setdefault(whole(first_argument(call)), call)
        came = [each for each in run.named(name) if each.completed and not each.failed]
        for call in sorted(came, key=lambda each: each.completed.order):
            number = site.number(first_argument(call))
            site.page(number, call.token)
            depth = self.depth.get(site.urls[number], MANY) + 1
            for target in site.links[number] if depth <= max_depth else ():
                self._find(site.urls[target], call, depth)

    def _find(self, url, call, depth):
        if url not in self.at:
            self.at[url] = call.completed.at
            self.depth[url] = depth
            self.source[url] = first_argument(call)

    @property
    def urls(self):
        return list(self.at)

    @property
    def fetched(self):
        return [url for url in self.at if url in self.calls]

    def came_before(self, first, second):
        """Say whether a page was found before another beyond doubt."""
        if self.at[first] != self.at[second]:
            return self.at[first] < self.at[second]
        both = self.urls
        alike = self.source[first] == self.source[second]
        return alike and both.index(first) < both.index(second)

    def lost_its_turn(self, url, per_host):
        """Say whether its host had no place for a page when it was found.

        Pages of the host that wait count as well.
        """
        at = self.at[url]
        ahead = [
            each
            for each in self.urls
            if host_of(each) == host_of(url)
            and each != url
            and not self.came_before(url, each)
            and self._is_on(each, at)
        ]
        return len(ahead) >= per_host

    def _is_on(self, url, at):
        call = self.calls.get(url)
        return call is None or call.ended is None or call.ended.at >= at


def ends(site, max_depth=MANY):
    """Return when the fetch of each page ends if there is always a place."""
    world = Site(site)
    coming, found, depths = [(1, 0)], {0}, {0: 0}
    times = []
    while coming:
        at, number = heapq.heappop(coming)
        times.append(round(at, 3))
        for target in world.links[number]:
            if target not in found and depths[number] < max_depth:
                found.add(target)
                depths[target] = depths[number] + 1
                heapq.heappush(coming, (at + world.takes[target], target))
    return times


def no_two_at_once(site, max_depth=MANY, **_):
    times = ends(site, max_depth)
    return len(set(times)) == len(times)


# --- what is drawn --------------------------------------------------------------

TENTHS = integers(5, 30).map(lambda number: number / 10)
HALVES = integers(1, 6).map(lambda number: number / 2)
NUMBER = integers(0, 20)


def sites(low, high, hosts="a", takes=TENTHS, more=0, *, star=False):
    """Draw pages, each linked from an earlier one or all from the start, and links."""
    page = tuples(sampled(list(hosts)), takes, NUMBER)
    links = lists(tuples(NUMBER, NUMBER), 0, more)
    drawn = tuples(lists(page, low, high), links)

    def made(pair):
        pages, extra = pair
        count = len(pages) + 1
        return [
            [
                [host, takes, 0 if star else source % number]
                for number, (host, takes, source) in enumerate(pages, 1)
            ],
            [[source % count, target % count] for source, target in extra],
        ]

    return drawn.map(made)


PAGES = (
    "the start (page 0) takes 1 s; pages [host, seconds, linked from], numbered from 1 "
    "as in their urls: {site[0]}; more links [from, to]: {site[1]}"
)
STAR = "the start takes 1 s and links to pages [host, seconds, 0]: {site[0]}"
LIMITS = "limit={limit}, per_host={per_host}; "


def crawls(play, site, *, start=START, options=None, **bounds):
    return play(
        "crawl", start=start, fetch=site, **(options or {}), **{**BOUNDS, **bounds}
    )


def failing_exist(site, fails, **_):
    return all(number <= len(site[0]) for number in fails)


def is_complete(run, pages):
    """Raise `NotReached` unless there were as many fetches as there are pages."""
    run.needs_operations("fetch", len(pages) + 1)


# --- which pages ----------------------------------------------------------------

ALL = "It must fetch every page that links lead to, and nothing else"


@law("finds-links")
@cases(
    count=10,
    site=sites(2, 6, "abs", more=3),
    form=sampled(list(FORMS)),
    spelling=sampled(SPELLINGS),
    given="links with {form}, spelling: {spelling}; " + PAGES,
    examples=[
        *(
            {
                "site": [[["a", 1.0, 0], ["a", 1.0, 1], ["s", 1.0, 1]], []],
                "form": form,
                "spelling": "whole",
            }
            for form in FORMS
        ),
        *(
            {
                "site": [[["a", 1.0, 0], ["a", 1.0, 1]], []],
                "form": "double quotes",
                "spelling": spelling,
            }
            for spelling in SPELLINGS
        ),
        # A link without a scheme leads to a page of the same scheme only.
        {
            "site": [[["s", 1.0, 0], ["a", 1.0, 1], ["s", 1.0, 1]], []],
            "form": "double quotes",
            "spelling": "no scheme",
        },
    ],
)
def test_it_fetches_every_page_that_links_lead_to(play, site, form, spelling):
    world = Site(site, form=form, spelling=spelling, noise=True, query=True)

    run = crawls(play, world)

    run.needs_operations("fetch")
    run.calls_all("fetch", Found(world, run).urls, ALL)


@law("fetches-once")
@cases(
    count=14,
    site=sites(2, 5, "ab", HALVES, more=8),
    limit=integers(1, 4),
    start=sampled([START, START + "#top"]),
    given="start={start}, limit={limit}; links are spelled in many ways; " + PAGES,
    examples=[
        {
            "site": [[["a", 1.0, 0], ["a", 1.0, 0]], [[1, 0], [1, 2], [2, 1], [2, 2]]],
            "limit": 4,
            "start": START,
        },
        {"site": [[["a", 1.0, 0]], []], "limit": 1, "start": START + "#top"},
        {
            "site": [[["a", 2.0, 0], ["a", 1.0, 0]], [[2, 1]]],
            "limit": 2,
            "start": START,
        },
    ],
)
def test_each_url_is_fetched_once(play, site, limit, start):
    world = Site(site, spelling="all", fragments=True)

    run = crawls(play, world, start=start, limit=limit)

    run.needs_operations("fetch", 2)
    called = {str(whole(first_argument(each))) for each in run.operations("fetch")}
    rule = "Each url must be fetched once, without its fragment"
    run.calls_all("fetch", sorted(called), rule)
    run.once("fetch", sorted(called), rule)


DEEP = {
    "site": [[["a", 0.5, 0], ["a", 3.0, 0], ["a", 0.5, 1], ["a", 1.0, 3]], [[2, 4]]],
}
"""Page 4 is linked from page 2, which is near and slow, and from page 3."""


@law("results")
@cases(
    count=12,
    site=sites(1, 7, "ab", more=5),
    max_pages=integers(1, 9),
    given="max_pages={max_pages}; " + PAGES,
    assume=no_two_at_once,
    examples=[
        DEEP | {"max_pages": 9},
        {"site": [[], []], "max_pages": 1},
        {"site": [[["a", 0.5, 0], ["a", 1.0, 0]], [[1, 2]]], "max_pages": 9},
    ],
)
def test_there_is_a_result_for_each_page_that_was_fetched(play, site, max_pages):
    world = Site(site)

    run = crawls(play, world, max_pages=max_pages)

    run.needs_operations("fetch")
    found = Found(world, run)
    run.returns_records(
        "PageResult",
        {
            url: {"url": url, "depth": found.depth[url], "error": None}
            for url in found.fetched
        },
        "There must be a result for each page, with its url, its depth and no error",
    )


@law("page-errors")
@cases(
    count=14,
    site=sites(2, 7, "ab", HALVES, more=3),
    fails=lists(integers(0, 7), 1, 3, unique=True),
    error=sampled(["FetchError", "TimeoutError", "OSError", "ValueError", "KeyError"]),
    limit=integers(1, 3),
    per_host=integers(1, 3),
    given=LIMITS + "pages {fails} fail with {error}; " + PAGES,
    assume=failing_exist,
    examples=[
        {
            "site": [[["a", 1.0, 0], ["a", 1.0, 0], ["a", 1.0, 2]], []],
            "fails": [1],
            "error": "FetchError",
            "limit": 1,
            "per_host": 1,
        },
        {
            "site": [[], []],
            "fails": [0],
            "error": "ValueError",
            "limit": 1,
            "per_host": 1,
        },
    ],
)
def test_a_failing_page_is_a_result_with_an_error(
    play, site, fails, error, limit, per_host
):
    world = Site(site, fails=fails, error=error)

    run = crawls(play, world, limit=limit, per_host=per_host)

    run.needs_operations("fetch")
    found = Found(world, run)
    failed = {first_argument(each) for each in run.named("fetch") if each.failed}
    run.returns_records(
        "PageResult",
        {
            url: {"error": SOME_TEXT if url in failed else None}
            for url in dict.fromkeys([*found.urls, *filter(_is_text, failed)])
        },
        "A failing page must be a result with an error, and the crawl must go on",
    )


def _is_text(url):
    return isinstance(url, str)


# --- when, and how many at once -------------------------------------------------


@law("starts-at-once")
@cases(
    count=12,
    site=sites(3, 7, "ab", more=3),
    given="there is always a place; " + PAGES,
    examples=[DEEP],
)
def test_a_page_starts_as_soon_as_its_link_is_known(play, site):
    world = Site(site)

    run = crawls(play, world)

    is_complete(run, site[0])
    run.begins_when_free(
        "fetch",
        Found(world, run).at,
        MANY,
        "A page must start in the moment in which its link is known",
        each=MANY,
        group=host_of,
    )


@law("at-most-limit")
@cases(
    count=10,
    site=sites(4, 8, takes=HALVES, star=True),
    limit=integers(1, 3),
    given="limit={limit}; " + STAR,
    examples=[{"site": [[["a", 1.0, 0]] * 5, []], "limit": 2}],
)
def test_never_more_than_limit_at_once(play, site, limit):
    run = crawls(play, Site(site), limit=limit)

    run.at_most(limit, "fetch")
    is_complete(run, site[0])


@law("at-most-per-host")
@cases(
    count=12,
    site=sites(4, 8, "ab", HALVES, star=True),
    per_host=integers(1, 2),
    given="per_host={per_host}; " + STAR,
    examples=[{"site": [[["a", 1.0, 0]] * 3 + [["b", 1.0, 0]] * 3, []], "per_host": 2}],
)
def test_never_more_than_per_host_at_once(play, site, per_host):
    run = crawls(play, Site(site), per_host=per_host)

    rule = f"At most {per_host} may be fetched from one host at once"
    run.at_most_of_each(per_host, "fetch", host_of, rule)
    is_complete(run, site[0])


def uses_places(play, site, limit, per_host, rule):
    world = Site(site)

    run = crawls(play, world, limit=limit, per_host=per_host)

    is_complete(run, site[0])
    found = Found(world, run).at
    run.begins_when_free("fetch", found, limit, rule, each=per_host, group=host_of)


@law("free-places-used")
@cases(
    count=12,
    site=sites(4, 8, takes=HALVES, star=True),
    limit=integers(1, 5),
    per_host=integers(1, 5),
    given=LIMITS + STAR,
    examples=[
        {
            "site": [[["a", 3.0, 0], *[["a", 1.0, 0]] * 4], []],
            "limit": 2,
            "per_host": 2,
        },
        {"site": [[["a", 1.0, 0]] * 8, []], "limit": 7, "per_host": 6},
    ],
)
def test_a_free_place_is_used_at_once(play, site, limit, per_host):
    uses_places(play, site, limit, per_host, "A free place must be used at once")


@law("hosts-apart")
@cases(
    count=14,
    site=sites(4, 8, "abc", HALVES, star=True),
    limit=integers(2, 4),
    per_host=integers(1, 2),
    given=LIMITS + STAR,
    assume=lambda site, **_: len({host for host, _, _ in site[0]}) > 1,
    examples=[
        {
            "site": [[["a", 2.0, 0], ["a", 2.0, 0], ["b", 1.0, 0]], []],
            "limit": 2,
            "per_host": 1,
        }
    ],
)
def test_a_host_at_its_limit_holds_up_no_other_host(play, site, limit, per_host):
    rule = "A host at its limit must not hold up the pages of other hosts"
    uses_places(play, site, limit, per_host, rule)


TURN = "Pages must start first come, first served"


def in_turn(play, site, limit, per_host):
    world = Site(site)
    run = crawls(play, world, limit=limit, per_host=per_host)
    is_complete(run, site[0])
    found = Found(world, run)
    for second in found.urls:
        for first in found.urls:
            same = host_of(first) == host_of(second)
            if found.came_before(first, second) and (
                same or not found.lost_its_turn(first, per_host)
            ):
                run.keeps_turn("fetch", first, second, TURN)


@law("first-come")
@cases(
    count=10,
    site=sites(4, 8, takes=HALVES, more=2),
    limit=integers(1, 3),
    given="limit={limit}; " + PAGES,
    examples=[{"site": [[["a", 1.0, 0]] * 4, []], "limit": 1}],
)
def test_pages_start_in_the_order_in_which_they_were_found(play, site, limit):
    in_turn(play, site, limit, MANY)


@law("first-come")
@cases(
    count=14,
    site=sites(4, 8, "abc", HALVES, more=2),
    limit=integers(1, 3),
    per_host=integers(1, 4),
    given=LIMITS + PAGES,
    examples=[
        {
            "site": [[["b", 1.0, 0], ["a", 1.0, 0], ["b", 1.0, 0], ["a", 1.0, 0]], []],
            "limit": 1,
            "per_host": 4,
        }
    ],
)
def test_pages_of_several_hosts_start_in_turn(play, site, limit, per_host):
    in_turn(play, site, limit, per_host)


# --- how many, how far, until when ----------------------------------------------


@law("max-pages")
@cases(
    count=14,
    site=sites(3, 8, takes=HALVES, more=4),
    max_pages=integers(1, 9),
    limit=integers(1, 4),
    fails=lists(integers(1, 8), 0, 2, unique=True),
    given="max_pages={max_pages}, limit={limit}; pages {fails} fail; " + PAGES,
    assume=failing_exist,
    examples=[
        {
            "site": [[["a", 1.0, 0]] * 6, []],
            "max_pages": 4,
            "limit": 3,
            "fails": [],
        },
        {
            "site": [[["a", 1.0, 0]] * 4, [[1, 0], [1, 2]]],
            "max_pages": 5,
            "limit": 2,
            "fails": [],
        },
        {
            "site": [[["a", 1.0, 0], ["a", 2.0, 0], ["a", 1.0, 2]], [[1, 0], [1, 2]]],
            "max_pages": 4,
            "limit": 2,
            "fails": [],
        },
        {
            "site": [[["a", 1.0, 0]] * 5, []],
            "max_pages": 3,
            "limit": 1,
            "fails": [1, 2],
        },
    ],
)
def test_exactly_max_pages_are_fetched(play, site, max_pages, limit, fails):
    world = Site(site, fails=fails)

    run = crawls(play, world, max_pages=max_pages, limit=limit)

    run.needs_operations("fetch")
    found = len(Found(world, run).urls)
    wanted = min(max_pages, found)
    rule = (
        f"With max_pages={max_pages} and {found} pages found "
        f"there must be {wanted} fetches"
    )
    run.called_times(wanted, "fetch", rule)


@law("max-depth")
@cases(
    count=14,
    site=sites(3, 8, "ab", more=3),
    max_depth=integers(0, 3),
    given="max_depth={max_depth}; " + PAGES,
    assume=no_two_at_once,
    examples=[
        DEEP | {"max_depth": 2},
        DEEP | {"max_depth": 3},
        {"site": [[["a", 1.0, 0]], []], "max_depth": 0},
    ],
)
def test_no_page_is_too_far_and_none_near_enough_is_missing(play, site, max_depth):
    world = Site(site)

    run = crawls(play, world, max_depth=max_depth)

    run.needs_operations("fetch")
    run.calls_all(
        "fetch",
        Found(world, run, max_depth=max_depth).urls,
        f"With max_depth={max_depth} just the pages up to that depth must be fetched",
    )


@law("ends")
@cases(
    count=12,
    site=sites(0, 6, "ab", HALVES, more=4),
    max_pages=sampled([2, 4, MANY]),
    limit=integers(1, 4),
    per_host=integers(1, 4),
    given="max_pages={max_pages}, " + LIMITS + PAGES,
    examples=[
        {"site": [[], []], "max_pages": 9, "limit": 3, "per_host": 3},
        {"site": [[], [[0, 0]]], "max_pages": 9, "limit": 1, "per_host": 1},
        {
            "site": [[["a", 1.0, 0], ["a", 3.0, 0]], [[1, 0], [2, 1]]],
            "max_pages": 9,
            "limit": 2,
            "per_host": 2,
        },
        {
            "site": [[["a", 1.0, 0]] * 4, []],
            "max_pages": 3,
            "limit": 3,
            "per_host": 3,
        },
    ],
)
def test_it_is_over_when_the_last_fetch_has_ended(
    play, site, max_pages, limit, per_host
):
    run = crawls(play, Site(site), max_pages=max_pages, limit=limit, per_host=per_host)

    rule = "The crawl must be over when nothing is left to fetch"
    run.needs_operations("fetch")
    run.ends_with_the_last("fetch", rule)


@law("bad-arguments")
@cases(
    count=4,
    bad=sampled(["max_pages", "limit", "per_host"]),
    value=integers(-3, 0),
    given="{bad}={value}",
    examples=[
        {"bad": "max_pages", "value": 0},
        {"bad": "limit", "value": 0},
        {"bad": "per_host", "value": 0},
        {"bad": "max_depth", "value": -1},
    ],
)
def test_bad_bounds_are_refused_before_anything_is_fetched(play, bad, value):
    run = crawls(play, Site([[], []]), **{bad: value})

    rule = f"{bad}={value} must raise ValueError before anything is fetched"
    run.refuses("ValueError", rule)


# --- what holds for every kata ------------------------------------------------


@law("cancel-clean")
@cases(
    count=5,
    site=sites(1, 5, "ab", HALVES, more=2),
    limit=integers(1, 3),
    per_host=integers(1, 2),
    cleanup=sampled([0, 0.5]),
    given=LIMITS + "cleaning up takes {cleanup} s; " + PAGES,
    examples=[
        {
            "site": [[["a", 1.0, 0], ["a", 1.0, 0], ["a", 1.0, 0]], []],
            "limit": 1,
            "per_host": 1,
            "cleanup": cleanup,
        }
        for cleanup in (0, 0.5)
    ],
)
def test_cancelling_the_caller_cancels_every_fetch(
    play, site, limit, per_host, cleanup
):
    bounds = BOUNDS | {"limit": limit, "per_host": per_host}
    world = Site(site, cleanup=cleanup)

    for run in play.sweep("crawl", start=START, fetch=world, **bounds):
        run.cancelled_cleanly(cleanup)


LIVES = {
    "count": 5,
    "site": sites(2, 7, "ab", HALVES, more=3),
    "fails": lists(integers(1, 7), 1, 2, unique=True),
    "limit": integers(1, 3),
    "per_host": integers(1, 2),
    "given": LIMITS + "pages {fails} fail; " + PAGES,
    "assume": failing_exist,
}


def lives(play, site, fails, limit, per_host, **options):
    """A whole crawl, with pages that fail."""
    world = Site(site, fails=fails)
    run = crawls(play, world, limit=limit, per_host=per_host, options=options)
    run.needs_operations("fetch")
    with run.given():
        results = {url: {"url": url} for url in Found(world, run).urls}
        run.returns_records("PageResult", results, "It must return all pages")
    return run


@law("nothing-left")
@cases(**LIVES)
def test_nothing_is_left_running(play, site, fails, limit, per_host):
    lives(play, site, fails, limit, per_host).leaves_nothing()


@law("no-complaints")
@cases(**LIVES)
def test_python_has_nothing_to_complain_of(play, site, fails, limit, per_host):
    lives(play, site, fails, limit, per_host, collect=True).warns_nothing()


@law("never-blocks")
@cases(**LIVES)
def test_the_event_loop_is_never_blocked(play, site, fails, limit, per_host):
    lives(play, site, fails, limit, per_host).never_blocks()


TWICE = {
    "count": 5,
    "site": sites(3, 6, takes=HALVES, star=True),
    "limit": integers(1, 3),
    "per_host": integers(1, 3),
    "examples": [{"site": [[["a", 1.0, 0]] * 4, []], "limit": 2, "per_host": 3}],
}


def alone(play, site, bounds):
    """Return how long a crawl takes, unless it does not even do its work alone."""
    world = Site(site)
    run = play("crawl", start=START, fetch=world, **bounds)
    is_complete(run, site[0])
    run.reached()
    return run.duration


@law("own-crawl")
@cases(**TWICE, given="two crawls at once, each with " + LIMITS + STAR)
def test_two_crawls_at_once_share_nothing(play, site, limit, per_host):
    bounds = BOUNDS | {"limit": limit, "per_host": per_host}
    duration = alone(play, site, bounds)
    left, right = Site(site), Site(site)

    run = play("crawl_side_by_side", start=START, left=left, right=right, **bounds)

    rule = "Two crawls at once must not share anything"
    run.shares_nothing(duration, rule)
    for name, world in (("left", left), ("right", right)):
        run.calls_all(name, Found(world, run, name).urls, rule)


@law("second-loop")
@cases(**TWICE, given="under one event loop, then under another; " + LIMITS + STAR)
def test_it_works_again_under_a_second_loop(play, site, limit, per_host):
    bounds = BOUNDS | {"limit": limit, "per_host": per_host}
    duration = alone(play, site, bounds)

    run = play("crawl_in_two_loops", start=START, fetch=Site(site), **bounds)

    run.works_on_second_loop(2 * duration, slack=0.25)
