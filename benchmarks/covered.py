"""Time questions of covered time beside the peers, in one run, after asserting that all of them agree.

    python -m benchmarks.covered [TICKETS]

Tickets are opened at any second of two years and looked at up to ten days later: when are eight covered hours used up,
and how many have passed? Prints processor time per call: the best of several rounds, taken in turn so that a drifting
machine hits all alike. Slow ones are timed on the first tickets only, which are as random as the rest. Every peer is
timed with instants in UTC and in the zone of the calendar, and keeps its better figure.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time
from typing import NamedTuple

from benchmarks.covered_peers import BERLIN, HOLIDAYS, Peer, peers
from supportcontracts import Coverage, hours
from supportcontracts.timeline import epoch, from_epoch

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 731
LONGEST = 10 * 86_400
TARGET = 8 * 3600
ROUNDS = 5
ENOUGH = 0.3  # seconds in a round

OFFICE = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=HOLIDAYS)
LATER = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=HOLIDAYS, closing="next-opening")


class Tickets(NamedTuple):
    """When tickets were opened and looked at, each twice: as an instant in UTC and in the zone of the calendar."""

    opened: list[datetime]
    seen: list[datetime]

    def local(self) -> "Tickets":
        """Show the same instants on a clock in Berlin."""
        return Tickets(*([at.astimezone(BERLIN) for at in column] for column in self))


def tickets(count: int) -> Tickets:
    """Open tickets at random, the same ones on every run."""
    random = Random(20250312)
    opened = [START + timedelta(seconds=random.randrange(DAYS * 86_400 - LONGEST)) for _ in range(count)]
    return Tickets(opened, [at + timedelta(seconds=random.randrange(LONGEST)) for at in opened])


class Run(NamedTuple):
    """A question asked of one library for a number of tickets."""

    name: str
    ask: Callable[[int], object]  # of so many tickets
    count: int


def best_of(runs: Sequence[Run]) -> dict[str, float]:
    """Take the runs in turn, several times, and keep the best processor time per ticket under each name."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, ask, count in runs:
            start = process_time()
            ask(count)
            spent = (process_time() - start) / count
            best[name] = min(best.get(name, spent), spent)
    return best


def sized(name: str, ask: Callable[[int], object], most: int) -> Run:
    """Ask about as many tickets as a round has time for."""
    count = min(100, most)
    start = process_time()
    ask(count)
    spent = process_time() - start
    return Run(name, ask, max(1, min(most, int(ENOUGH / max(spent, 1e-9) * count))))


def asked(function: Callable[..., object], *columns: Sequence[object]) -> Callable[[int], object]:
    """Call a function with the first so many of each column."""
    return lambda count: [function(*row) for row in zip(*(column[:count] for column in columns), strict=True)]


def check(peer: Peer, given: Tickets, count: int) -> str:
    """Assert that a peer answers as we do, and say how often it was asked."""
    office = LATER if peer.closing == "next-opening" else OFFICE
    target = hours(8)
    for opened, seen in zip(given.opened[:count], given.seen[:count], strict=True):
        due = peer.due(opened)
        assert due == office.due_at(opened, target), (peer.name, opened, due)
        if peer.elapsed:
            elapsed = peer.elapsed(opened, seen)
            assert elapsed == timedelta(seconds=office.elapsed(opened, seen)), (peer.name, opened, seen, elapsed)
    asked_of = "due at the next opening" if peer.closing == "next-opening" else "due and elapsed"
    return f"{peer.name}: {count:,} tickets, {asked_of}"


def main(count: int) -> None:
    """Print the tables."""
    given = tickets(count)
    local = given.local()
    assert_ours(given)
    due, elapsed = ours(given, local)
    print(f"{count:,} tickets over two years, Mon-Fri 09:00-17:00 in Berlin, {len(HOLIDAYS)} holidays")
    for peer in peers():
        if isinstance(peer, str):
            print(f"left out, not installed: {peer}")
            continue
        for form in (given, local):
            run = sized(peer.name, asked(peer.due, form.opened), count)
            due.append(run)
            if peer.elapsed:
                elapsed.append(sized(peer.name, asked(peer.elapsed, form.opened, form.seen), count))
        print(f"agrees: {check(peer, given, min(count, max(500, run.count)))}")
    table("due = start + 8 covered hours", due)
    table("elapsed over up to ten days", elapsed)
    batches(given)
    first_question()


def ours(given: Tickets, local: Tickets) -> tuple[list[Run], list[Run]]:
    """List our own ways of asking: aware datetimes in and out, and epoch seconds in and out."""
    count = len(given.opened)
    target = hours(8)
    opened, seen = ([epoch(at) for at in column] for column in given)
    name, bare = "ours, datetimes", "ours, epoch seconds"
    due = [Run(name, asked(lambda at: OFFICE.due_at(at, target), form.opened), count) for form in (given, local)]
    due.append(Run(bare, asked(lambda at: OFFICE.due_epoch(at, TARGET), opened), count))
    elapsed = [Run(name, asked(OFFICE.elapsed, form.opened, form.seen), count) for form in (given, local)]
    elapsed.append(Run(bare, asked(OFFICE.elapsed_epoch, opened, seen), count))
    return due, elapsed


def assert_ours(given: Tickets) -> None:
    """Assert that both of our ways give the same answers."""
    for opened, seen in zip(*given, strict=True):
        assert OFFICE.due_at(opened, hours(8)) == from_epoch(OFFICE.due_epoch(epoch(opened), TARGET))
        assert OFFICE.elapsed(opened, seen) == OFFICE.elapsed_epoch(epoch(opened), epoch(seen))


def table(title: str, runs: Sequence[Run], than: str = "ours, datetimes") -> None:
    """Print what a call costs, and how many of ours it costs."""
    best = best_of(runs)
    print(f"\n{title:40}{'µs/call':>10}{f'x {than}':>26}")
    for name, seconds in best.items():
        print(f"{name:40}{seconds * 1e6:10.2f}{seconds / best[than]:26.2f}")


def batches(given: Tickets) -> None:
    """Print what a ticket costs when all are asked about at once, beside the same questions by bare bisection."""
    try:
        from benchmarks.covered_arrays import runs  # noqa: PLC0415  # needs numpy
    except ImportError as missing:
        print(f"\nleft out, the questions about many tickets at once: {missing}")
        return
    opened, seen = ([epoch(at) for at in column] for column in given)
    due, elapsed = runs(OFFICE, opened, seen, TARGET)
    count = len(opened)
    bare = "bare numpy.searchsorted"
    table("due, all tickets at once", [Run(name, ask, count) for name, ask in due.items()], bare)
    table("elapsed, all tickets at once", [Run(name, ask, count) for name, ask in elapsed.items()], bare)


def first_question() -> None:
    """Print what a calendar costs to build, with the first question to it, which lists its edges."""

    def build(count: int) -> int:
        for _ in range(count):
            at = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=HOLIDAYS).due_epoch(
                1_710_000_000, TARGET
            )
        return at

    print(f"\na new calendar and its first answer: {best_of([Run('new', build, 20)])['new'] * 1e3:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
