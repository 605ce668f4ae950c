"""Lines: covered time as sorted edges on the line of UTC seconds, with prefix sums, so that every question bisects.

A line knows how to list the open stretches of any part of the horizon; it lists a part when a question first needs it,
and keeps what it listed. `Edges` is what is known so far: immutable, and replaced as a whole when it grows, so that
threads may share a calendar. What is known changes how long an answer takes, never the answer.

`done[i]` counts the covered seconds from a fixed origin to `ends[i]`. The first stretch is empty and stands at `low`,
so that every instant from `low` on has a stretch that starts at or before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeAlias

from supportcontracts.coverage._refusals import FIRST, LAST, Refusals

__all__ = ["FIRST", "LAST", "Edges", "Line", "Stretch", "common", "merged", "without"]


def __dir__() -> list[str]:
    return __all__


Stretch: TypeAlias = tuple[int, int]
"""The seconds from the first up to, but not including, the second."""

# Parts are listed in steps of about a year and a half.
_STEP = 512 * 86_400


class Edges:
    """The open stretches that are known, from `low` up to `high`."""

    __slots__ = ("done", "ends", "high", "low", "starts")

    def __init__(self, low: int, high: int, stretches: Iterable[Stretch], base: int) -> None:
        self.low, self.high = low, high
        self.starts, self.ends, self.done = [low], [low], [base]
        covered = base
        for start, end in stretches:
            covered += end - start
            self.starts.append(start)
            self.ends.append(end)
            self.done.append(covered)

    def covered(self, at: int) -> int:
        """Count the covered seconds from the origin to an instant between `low` and `high`."""
        place = bisect_right(self.starts, at) - 1
        end = self.ends[place]
        return self.done[place] - (end - at) if end > at else self.done[place]

    def stretches(self) -> Iterable[Stretch]:
        """List the stretches that are known."""
        return zip(self.starts[1:], self.ends[1:], strict=True)


class Line:
    """Covered time between two limits, listed as far as questions needed it.

    Args:
        listed: lists the open stretches between two instants, ascending and apart.
        limits: the first second that is answered for, and the first after the last.
        refusals: makes the errors for questions beyond the limits, and for searches that end there.
        across: whether a target that is used up exactly at a closing is due at the next opening (rule K5).
    """

    __slots__ = ("_find", "_find_back", "_listed", "edges", "first", "last", "refusals")

    def __init__(
        self,
        listed: Callable[[int, int], list[Stretch]],
        limits: tuple[int, int],
        refusals: Refusals,
        *,
        across: bool,
    ) -> None:
        self._listed, self.refusals = listed, refusals
        self.first, self.last = limits
        self._find, self._find_back = (bisect_right, bisect_left) if across else (bisect_left, bisect_right)
        self.edges = Edges(0, 0, (), 0)

    # Questions: integers in, integers out. Each works on one view of the edges, which only its own growth replaces.

    def is_open(self, at: int) -> bool:
        """Tell whether an instant is covered."""
        edges = self.edges
        if not edges.low <= at < edges.high:
            edges = self._reach(edges, at)
        return at < edges.ends[bisect_right(edges.starts, at) - 1]

    def elapsed(self, start: int, end: int) -> int:
        """Count the covered seconds between two instants, below zero if they are reversed."""
        edges = self.edges
        if not edges.low <= start < edges.high:
            edges = self._reach(edges, start)
        if not edges.low <= end < edges.high:
            edges = self._reach(edges, end)
        ends, done = edges.ends, edges.done
        place = bisect_right(edges.starts, end) - 1
        covered = done[place] if ends[place] <= end else done[place] - ends[place] + end
        place = bisect_right(edges.starts, start) - 1
        return covered - (done[place] if ends[place] <= start else done[place] - ends[place] + start)

    def due(self, start: int, seconds: int) -> int:
        """Find the earliest instant by which so many seconds are covered, or across a closing the next opening."""
        edges = self.edges
        if not edges.low <= start < edges.high:
            edges = self._reach(edges, start)
        if not seconds:
            return start
        place = bisect_right(edges.starts, start) - 1
        end, target = edges.ends[place], edges.done[place] + seconds
        if end > start:
            target -= end - start
        place = self._find(edges.done, target)
        while place == len(edges.done):
            edges = self.more(edges, start, up=True)
            place = self._find(edges.done, target)
        return edges.ends[place] - edges.done[place] + target

    def due_back(self, start: int, seconds: int) -> int:
        """Find the latest instant from which so many seconds lead up to `start`, or across an opening the closing."""
        edges = self.edges
        if not edges.low <= start < edges.high:
            edges = self._reach(edges, start)
        if not seconds:
            return start
        target = edges.covered(start) - seconds
        while target <= edges.done[0]:
            edges = self.more(edges, start, up=False)
        place = self._find_back(edges.done, target)
        return edges.ends[place] - edges.done[place] + target

    def next_open(self, at: int) -> int:
        """Find the first covered instant at or after another."""
        return max(at, self._next(at)[0])

    def next_closing(self, at: int) -> int:
        """Find the end of the stretch that is open at an instant, or else of the next one."""
        return self._next(at, whole=True)[1]

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """List the open stretches between two instants, cut at both."""
        if start >= end:
            return []
        edges = self.known(start, end - 1)
        low = bisect_right(edges.ends, start)
        high = bisect_left(edges.starts, end)
        found = zip(edges.starts[low:high], edges.ends[low:high], strict=True)
        return [(max(opens, start), min(closes, end)) for opens, closes in found]

    def known(self, first: int, last: int) -> Edges:
        """Return edges that hold at two instants and at all between them."""
        return self._reach(self._reach(self.edges, first), last)

    def _next(self, at: int, *, whole: bool = False) -> Stretch:
        """Return the first stretch that ends after an instant; its end is certain if it is asked for `whole`."""
        edges = self._reach(self.edges, at)
        while True:
            place = bisect_right(edges.ends, at)
            if place < len(edges.ends) and not (whole and edges.ends[place] == edges.high):
                return edges.starts[place], edges.ends[place]
            edges = self.more(edges, at, up=True)

    # What is known

    def _reach(self, edges: Edges, at: int) -> Edges:
        """Return the edges, or more of them, so that they hold at an instant."""
        if edges.low <= at < edges.high:
            return edges
        if not self.first <= at < self.last:
            raise self.refusals.outside(at, self.first, self.last)
        if edges.low == edges.high:
            low = max(self.first, at // _STEP * _STEP)
            high = min(self.last, low + _STEP)
            self.edges = edges = Edges(low, high, self._listed(low, high), 0)
            return edges
        return self._grown_up(edges, at) if at >= edges.high else self._grown_down(edges, at)

    def more(self, edges: Edges, start: int, *, up: bool) -> Edges:
        """Return more edges than those that did not suffice for a search from an instant.

        Raises:
            NeverOpen: if there is no more, and the search met no opening; else BeyondHorizon.
        """
        if edges.high >= self.last if up else edges.low <= self.first:
            covered = edges.covered(start)
            met = covered < edges.done[-1] if up else covered > edges.done[0]
            raise self.refusals.endless(start, self.last if up else self.first, met=met)
        return self._grown_up(edges, edges.high) if up else self._grown_down(edges, edges.low - 1)

    def _grown_up(self, edges: Edges, at: int) -> Edges:
        # By as much as there is, so that long searches take few steps.
        steps = max((at - edges.high) // _STEP + 1, (edges.high - edges.low) // _STEP)
        high = min(self.last, edges.high + steps * _STEP)
        added = self._listed(edges.high, high)
        self.edges = edges = Edges(edges.low, high, merged(chain(edges.stretches(), added)), edges.done[0])
        return edges

    def _grown_down(self, edges: Edges, at: int) -> Edges:
        steps = max((edges.low - 1 - at) // _STEP + 1, (edges.high - edges.low) // _STEP)
        low = max(self.first, edges.low - steps * _STEP)
        added = self._listed(low, edges.low)
        base = edges.done[0] - sum(end - start for start, end in added)
        self.edges = edges = Edges(low, edges.high, merged(chain(added, edges.stretches())), base)
        return edges


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join stretches that touch or overlap; they come in the order of their starts.

    Example:
        >>> merged([(0, 10), (10, 20), (15, 17), (30, 40)])
        [(0, 20), (30, 40)]
    """
    found: list[Stretch] = []
    last = None
    for start, end in stretches:
        if last is not None and start <= last:
            if end > last:
                found[-1] = (found[-1][0], end)
                last = end
        else:
            found.append((start, end))
            last = end
    return found


def common(first: list[Stretch], second: list[Stretch]) -> list[Stretch]:
    """List what lies in both of two lists, each of which ascends and is apart.

    Example:
        >>> common([(0, 10), (20, 30)], [(5, 25)])
        [(5, 10), (20, 25)]
    """
    found: list[Stretch] = []
    one = other = 0
    while one < len(first) and other < len(second):
        start, end = max(first[one][0], second[other][0]), min(first[one][1], second[other][1])
        if start < end:
            found.append((start, end))
        if first[one][1] < second[other][1]:
            one += 1
        else:
            other += 1
    return found


def without(stretches: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """List what lies in the first of two lists only; each of them ascends and is apart.

    Example:
        >>> without([(0, 10), (20, 30)], [(5, 6), (8, 25)])
        [(0, 5), (6, 8), (25, 30)]
    """
    found: list[Stretch] = []
    place = 0
    for start, end in stretches:
        at = start
        while place < len(taken) and taken[place][1] <= at:
            place += 1
        ahead = place
        while ahead < len(taken) and taken[ahead][0] < end:
            if taken[ahead][0] > at:
                found.append((at, taken[ahead][0]))
            at = taken[ahead][1]
            ahead += 1
        if at < end:
            found.append((at, end))
    return found
