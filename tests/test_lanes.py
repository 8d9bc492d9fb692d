"""Whose turn it is: every target once, each host at its pace, the longest lane first."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check import lanes as lanes_module
from linkwatch.check.backlog import Listed
from linkwatch.check.lanes import Lanes, Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linkwatch.check.backlog import Queue

HOSTS = ["a.example", "b.example", "c.example", "d.example"]


@dataclass(frozen=True)
class Page:
    """A target: the host and which of its pages."""

    host: str
    number: int


@dataclass(frozen=True)
class Start:
    """A target handed out, and when."""

    at: float
    page: Page
    left: dict[str, int]  # of each host's lane, before


def pages(**lanes: int) -> list[Page]:
    """So many pages of each host; the keyword is the host's first label."""
    return [Page(f"{host}.example", number) for host, count in lanes.items() for number in range(count)]


WEBS = st.lists(st.sampled_from(HOSTS), max_size=40).map(
    lambda hosts: [Page(host, number) for number, host in enumerate(hosts)]
)
SECONDS = st.floats(0, 5)


def simulate(  # one run on a clock that jumps to whatever happens next
    targets: list[Page],
    *,
    interval: float = 0.5,
    per_host: int = 2,
    concurrency: int = 8,
    durations: list[float] | None = None,
    hops: list[tuple[float, str]] | None = None,
) -> tuple[list[Start], dict[str, int]]:
    """What a run hands out and when, and the most that were active of each host at once.

    ``durations`` are how long the targets take, one after the other and round again; ``hops``
    are the times at which redirects from elsewhere take a host's turn.
    """
    pace = Pace(interval)
    lanes = Lanes(targets, pace, per_host)
    active: Counter[str] = Counter()
    most: Counter[str] = Counter()
    left = Counter(each.host for each in targets)
    starts: list[Start] = []
    ends: list[tuple[float, int, Page]] = []
    reservations = sorted(hops or [])
    takes = durations or [0.2]
    now = 0.0
    while lanes.left or ends:
        while reservations and reservations[0][0] <= now:
            _, host = reservations.pop(0)
            pace.reserve(host, now)
        while ends and ends[0][0] <= now:
            _, _, done = heapq.heappop(ends)
            active[done.host] -= 1
            lanes.release(done)
        while len(ends) < concurrency and (target := lanes.take(now)) is not None:
            starts.append(Start(now, target, dict(left)))
            left[target.host] -= 1
            active[target.host] += 1
            most[target.host] = max(most[target.host], active[target.host])
            heapq.heappush(ends, (now + takes[len(starts) % len(takes)], len(starts), target))
        moments = [each[0] for each in (*ends[:1], *reservations[:1])]
        if len(ends) < concurrency and (waiting := lanes.next_at()) is not None:
            moments.append(waiting)
        now = min(moments, default=now)
    return starts, dict(most)


@given(
    WEBS, SECONDS, st.integers(1, 4), st.integers(1, 9), st.lists(st.floats(0.1, 5), min_size=1, max_size=9)
)
def test_every_target_exactly_once(
    targets: list[Page], interval: float, per_host: int, concurrency: int, durations: list[float]
) -> None:
    """Whatever the pace and however long each takes, all are handed out, each once, in its lane's order."""
    starts, most = simulate(
        targets, interval=interval, per_host=per_host, concurrency=concurrency, durations=durations
    )
    for host in HOSTS:
        assert [each.page for each in starts if each.page.host == host] == [
            each for each in targets if each.host == host
        ]
    assert max(most.values(), default=0) <= min(per_host, concurrency)


@given(
    WEBS,
    st.floats(0.1, 5),
    st.integers(1, 9),
    st.lists(st.floats(0.1, 5), min_size=1, max_size=9),
    st.lists(st.tuples(st.floats(0, 30), st.sampled_from(HOSTS)), max_size=9),
)
def test_starts_of_one_host_are_an_interval_apart(
    targets: list[Page],
    interval: float,
    concurrency: int,
    durations: list[float],
    hops: list[tuple[float, str]],
) -> None:
    """Two starts of one host are never nearer than the interval, whatever redirects come between."""
    starts, _ = simulate(targets, interval=interval, concurrency=concurrency, durations=durations, hops=hops)
    assert len(starts) == len(targets)
    for host in HOSTS:
        times = [each.at for each in starts if each.page.host == host]
        assert all(later - before >= interval - 1e-9 for before, later in itertools.pairwise(times))


@given(WEBS)
def test_the_longest_lane_first(targets: list[Page]) -> None:
    """Of the hosts whose turn it is, the one with most left goes first."""
    starts, _ = simulate(targets, interval=1000, concurrency=100, durations=[1])
    for number, start in enumerate(starts):
        rivals = [each for each in starts[number:] if each.at == start.at]
        assert start.left[start.page.host] == max(start.left[each.page.host] for each in rivals)


def test_the_longest_host_sets_the_length_of_a_run() -> None:
    """A host of many pages is never kept waiting by the many of one: it ends at its own pace."""
    short = [Page(f"s{number}.example", 0) for number in range(300)]
    starts, _ = simulate([*short, *pages(long=40)], interval=0.5, concurrency=4, durations=[0.125])
    assert max(each.at for each in starts) == 39 * 0.5


def test_one_host_has_two_places() -> None:
    """A slow host gets no more than its places, and the next as soon as one is free."""
    targets = pages(a=3)
    lanes = Lanes(targets, Pace(0), per_host=2)
    assert [lanes.take(0), lanes.take(0), lanes.take(0)] == [*targets[:2], None]
    assert lanes.next_at() is None
    lanes.release(targets[0])
    assert lanes.take(0) == Page("a.example", 2)
    assert (lanes.take(0), lanes.left) == (None, 0)


def test_no_targets() -> None:
    """Nothing to do is done at once."""
    lanes: Lanes[Page] = Lanes([], Pace(0.5), 2)
    assert (lanes.take(0), lanes.next_at(), lanes.left) == (None, None, 0)


def test_a_lane_tells_when_it_is_free() -> None:
    """While a host must wait, next_at is the end of its interval."""
    lanes = Lanes(pages(a=2), Pace(0.5), 2)
    assert lanes.take(10) == Page("a.example", 0)
    assert (lanes.take(10.4), lanes.next_at()) == (None, 10.5)
    assert lanes.take(10.5) == Page("a.example", 1)


def test_a_redirect_delays_the_lane_that_waits() -> None:
    """A hop that took the host's turn puts its lane off by an interval."""
    pace = Pace(0.5)
    lanes = Lanes(pages(a=2), pace, 2)
    lanes.take(0)
    assert pace.reserve("a.example", 0.1) == 0.5
    assert (lanes.take(0.6), lanes.next_at()) == (None, 1.0)
    assert lanes.take(1.0) == Page("a.example", 1)


def test_a_redirect_delays_the_lane_that_was_ready() -> None:
    """So does one that came while the host was ready and all places were taken."""
    pace = Pace(0.5)
    lanes = Lanes(pages(a=1, b=2), pace, 2)
    assert lanes.take(0) == Page("b.example", 0)  # both were ready
    assert pace.reserve("a.example", 0.1) == 0.1
    assert (lanes.take(0.2), lanes.next_at()) == (None, 0.5)
    assert lanes.take(0.6) in pages(a=1, b=2)
    assert lanes.take(0.6) in pages(a=1, b=2)


def test_hops_queue_up() -> None:
    """Each reservation is an interval after the one before; hosts do not wait for each other."""
    pace = Pace(0.5)
    assert [pace.reserve("a.example", now) for now in (3.0, 3.0, 3.1, 9.0)] == [3.0, 3.5, 4.0, 9.0]
    assert pace.reserve("b.example", 3.0) == 3.0


def test_a_host_nobody_asked_is_free() -> None:
    """A host is free from the beginning of time."""
    assert Pace(0.5).free_at("a.example") == float("-inf")


def test_backing_off() -> None:
    """A host is left alone until the time that was said, and an earlier one does not shorten that."""
    pace = Pace(0.5)
    lanes = Lanes(pages(a=1), pace, 2)
    pace.back_off("a.example", 60)
    pace.back_off("a.example", 20)
    assert (lanes.take(59), lanes.next_at()) == (None, 60)
    assert lanes.take(60) == Page("a.example", 0)
    assert pace.reserve("a.example", 60.1) == 60.5


def test_backing_off_keeps_the_interval() -> None:
    """To back off for less than the interval changes nothing."""
    pace = Pace(0.5)
    pace.reserve("a.example", 10)
    pace.back_off("a.example", 10.1)
    assert pace.free_at("a.example") == 10.5


@dataclass(frozen=True)
class Decided:
    """A pace that somebody has decided for some hosts."""

    pattern: str
    concurrency: int | None = None
    interval: float | None = None


def test_hosts_with_a_pace_of_their_own() -> None:
    """The first rule that fits a host holds; what it does not say is as for all."""
    pace = Pace(0.5, [Decided("*.b.example", interval=3.0), Decided("*b.example", concurrency=1)])
    assert [pace.reserve("www.b.example", 0) for _ in range(2)] == [0, 3.0]
    assert [pace.reserve("a.example", 0) for _ in range(2)] == [0, 0.5]
    assert [pace.at_once(host, 2) for host in ("www.b.example", "b.example", "a.example")] == [2, 1, 2]


def test_one_at_a_time() -> None:
    """A host whose rule allows one request gets the next when that is done."""
    lanes = Lanes(pages(a=2), Pace(0, [Decided("a.*", concurrency=1)]), 2)
    first = lanes.take(0)
    assert first is not None
    assert lanes.take(0) is None
    lanes.release(first)
    assert lanes.take(0) == Page("a.example", 1)


def test_slowing_down() -> None:
    """A host that asks for time keeps its longer interval; a shorter one does not undo it."""
    pace = Pace(0.5)
    pace.slow_down("a.example", 10)
    pace.slow_down("a.example", 2)
    assert [pace.reserve("a.example", 0) for _ in range(2)] == [0, 10]
    assert [pace.reserve("b.example", 0) for _ in range(2)] == [0, 0.5]


class Shelf(Listed[Page]):
    """A backlog that knows who hangs, and counts what was taken from it."""

    def __init__(self, targets: list[Page], hangs: str = "") -> None:
        super().__init__(targets)
        self.hangs = hangs
        self.taken = 0

    def queues(self) -> list[Queue]:
        """The hosts, one of which is known to hang."""
        return [queue._replace(hangs=queue.host == self.hangs) for queue in super().queues()]

    def more(self, host: str, size: int) -> Sequence[Page]:
        """The next of a host, counted."""
        more = super().more(host, size)
        self.taken += len(more)
        return more


def order(shelf: Shelf, interval: float, patience: float, number: int) -> str:
    """The hosts of the first so many targets, at one moment."""
    lanes = Lanes(shelf, Pace(interval), 1, patience)
    return "".join(target.host[0] for _ in range(number) if (target := lanes.take(0.0)))


def test_what_is_known_to_hang_begins_before_what_takes_less() -> None:
    """A silence of 30 s stands behind 100 turns of half a second, and before 20 of them."""
    targets = pages(a=20, b=1, c=100)
    assert order(Shelf(targets, "b.example"), 0.5, 30.0, 3) == "cba"
    assert order(Shelf(targets), 0.5, 30.0, 3) == "cab"
    assert order(Shelf(targets, "b.example"), 0.0, 30.0, 3) == "bca"


def test_of_equals_that_with_the_oldest_debt_comes_first() -> None:
    """Hosts that would take as long are begun in the order in which they are given."""
    assert order(Shelf(pages(c=1, a=1, b=1)), 0.5, 30.0, 3) == "cab"


@given(WEBS, st.integers(1, 4), st.integers(0, 6))
def test_little_is_held_in_memory(targets: list[Page], at_a_time: int, most: int) -> None:
    """However much is to be fetched, all is handed out, and few of it are loaded before their turn."""
    shelf = Shelf(targets)
    with mock.patch.multiple(lanes_module, AT_A_TIME=at_a_time, MOST_HELD=most):
        lanes = Lanes(shelf, Pace(0.0), 1)
        given: list[Page] = []
        while lanes.left:
            target = lanes.take(0.0)
            assert target is not None
            given.append(target)
            assert shelf.taken - len(given) <= most + at_a_time
            lanes.release(target)
    assert sorted(given, key=targets.index) == targets


def test_what_is_done_is_forgotten() -> None:
    """Neither lanes nor turns of hosts that are done pile up over a million hosts."""
    with mock.patch.object(lanes_module, "FORGET_AT", 10):
        pace = Pace(0.5)
        lanes = Lanes([Page(f"h{number}.example", 0) for number in range(200)], pace, 1)
        for now in range(200):
            target = lanes.take(float(now))
            assert target is not None
            lanes.release(target)
    assert not lanes._lanes
    assert len(pace._next) <= 11


def held_up(lanes: Lanes[Page], slow: Callable[[Page], bool]) -> list[tuple[float, Page]]:
    """What lanes with two places hand out and when: what is slow takes ten seconds, all else none."""
    found, ends, now = [], [], 0.0
    while lanes.left or ends:
        while ends and ends[0][0] <= now:
            lanes.release(heapq.heappop(ends)[2])
        while target := lanes.take(now):
            found.append((now, target))
            heapq.heappush(ends, (now + 10.0 * slow(target), len(found), target))
        now = min([*(end for end, _, _ in ends[:1]), *filter(None, [lanes.next_at()])], default=now)
    return found


def is_old_debt(page: Page) -> bool:
    """The first pages: what failed the last time has been due for longest."""
    return page.number < 10


def test_what_hangs_is_first_and_holds_nothing_up() -> None:
    """Ten pages that hang overlap with ninety that do not: the host is asked at every turn."""
    found = held_up(Lanes(pages(a=100), Pace(1.0), 2, hangs=is_old_debt), is_old_debt)
    assert [at for at, _ in found] == [float(turn) for turn in range(100)]
    hanging = [at for at, page in found if is_old_debt(page)]
    assert hanging == [10.0 * turn for turn in range(10)]
    unknown = held_up(Lanes(pages(a=100), Pace(1.0), 2), is_old_debt)
    assert unknown[-1][0] > 120.0


@given(st.integers(1, 3), st.lists(st.booleans(), max_size=30))
def test_what_hangs_never_takes_all_places(per_host: int, hanging: list[bool]) -> None:
    """While others are left; and all are handed out, each once, the others in their order."""
    targets = [Page("a.example", number) for number in range(len(hanging))]
    lanes = Lanes(targets, Pace(0.0), per_host, hangs=lambda page: hanging[page.number])
    taken: list[Page] = []
    while target := lanes.take(0.0):
        taken.append(target)
        if hanging[target.number] and sum(hanging[each.number] for each in taken[-per_host:]) == per_host:
            assert not [each for each in targets if each not in taken and not hanging[each.number]]
        if len(taken) >= per_host:
            lanes.release(taken[-per_host])
    assert sorted(taken, key=lambda page: page.number) == targets
    quick = [each for each in taken if not hanging[each.number]]
    assert quick == sorted(quick, key=lambda page: page.number)


def test_put_back() -> None:
    """From its time on before all others, but for one place; at once where nothing else is left."""
    lanes = Lanes(pages(a=4), Pace(0.0), 2)
    first = lanes.take(0.0)
    assert first is not None
    lanes.put_back(first, 5.0)
    lanes.release(first)
    assert lanes.left == 4
    second = lanes.take(1.0)
    assert second == pages(a=2)[1]
    lanes.release(second)
    assert lanes.take(5.0) is first
    third = lanes.take(5.0)
    assert third == pages(a=3)[2]
    lanes.put_back(first, 99.0)
    lanes.release(first)
    assert lanes.take(6.0) == pages(a=4)[3]
    lanes.release(third)
    assert lanes.take(6.0) is first
    assert lanes.left == 0


def test_how_long_one_that_hangs_may_be_put_back() -> None:
    """As long as the longest host, begun or not, has more left than waiting for it takes."""
    pace = Pace(0.5)
    lanes = Lanes(pages(a=100, b=60), pace, 2, patience=10.0)
    assert lanes.spare() == 40.0
    assert lanes.take(0.0) == Page("a.example", 0)
    assert lanes.spare() == 39.5
    pace.slow_down("b.example", 1.0)
    assert lanes.spare() == 50.0
    assert Lanes(pages(a=20), pace, 2, patience=10.0).spare() == 0.0
    assert Lanes([], pace, 2, patience=10.0).spare() == 0.0


def test_what_was_put_back_waits_while_another_is_silent() -> None:
    """One that turns out to hang holds one of two places: the other is for those that do not hang."""
    lanes = Lanes(pages(a=5), Pace(1.0), 2)
    first = lanes.take(0.0)
    assert first is not None
    lanes.put_back(first, 2.0)
    lanes.release(first)
    taken = [lanes.take(1.0)]  # it stays silent
    for now in (4.0, 5.0, 6.0):
        target = lanes.take(now)
        assert target is not None
        lanes.release(target)
        taken.append(target)
    assert taken == pages(a=5)[1:]
    assert lanes.take(7.0) is first  # nothing else is left


def test_what_was_put_back_may_be_taken_before_it_is_released() -> None:
    """The word that a task has ended comes later than its target's return: no run may break on that."""
    lanes = Lanes(pages(a=1), Pace(0.0), 2)
    first = lanes.take(0.0)
    assert first is not None
    lanes.put_back(first, 0.0)
    assert lanes.take(0.0) is first
    lanes.release(first)
    lanes.release(first)
    assert lanes.left == 0
    assert lanes.take(1.0) is None


def test_what_was_put_back_does_not_wait_for_one_another() -> None:
    """Where nothing else is left all come back at once: a slow host does not hold up the others."""
    pace = Pace(1.0)
    lanes = Lanes(pages(a=1, b=1, c=1), pace, 2)
    for _ in range(3):
        target = lanes.take(0.0)
        assert target is not None
        lanes.put_back(target, 20.0)
        lanes.release(target)
    pace.back_off("a.example", 15.0)
    taken = [lanes.take(2.0), lanes.take(2.0)]
    assert {each.host for each in taken if each} == {"b.example", "c.example"}
    assert lanes.next_at() == 15.0


def test_what_was_put_back_can_be_had_back() -> None:
    """Whether its time has come or not; the others stay."""
    lanes = Lanes(pages(a=2, b=2), Pace(0.0), 1)
    taken = [lanes.take(0.0), lanes.take(0.0)]
    for target, at in zip(taken, (1.0, 9.0), strict=True):
        assert target is not None
        lanes.put_back(target, at)
    assert lanes.take(2.0) is None  # both hosts are at their one place
    assert lanes.returned() == taken[::-1]
    assert lanes.left == 2
    assert lanes.next_at() is None


@given(targets=WEBS, takes=st.integers(0, 60), per_host=st.integers(1, 3), at=SECONDS)
def test_nothing_is_lost_or_doubled_when_what_was_put_back_is_had_back(
    targets: list[Page], takes: int, per_host: int, at: float
) -> None:
    """At whatever moment: each was looked at once, and is then with us or in the lanes, to be taken."""
    lanes = Lanes(targets, Pace(1.0), per_host)
    once: set[Page] = set()
    done: list[Page] = []
    for now in range(takes):
        if (target := lanes.take(now * 0.4)) is not None:
            if target in once:
                done.append(target)
            else:
                once.add(target)
                lanes.put_back(target, now * 0.4 + at)
            lanes.release(target)
    done += lanes.returned()
    assert lanes.left == len(targets) - len(once)
    while (following := lanes.next_at()) is not None or lanes.left:
        target = lanes.take(following or 0.0)
        if target is not None:
            done.append(target)
            lanes.release(target)
    assert Counter(done) == Counter(targets)
