"""Windows: work cut where the calendar of a multiplier opens or closes, and each part billed and weighed (M7, M8).

A *stretch* is the part of a use in which the same multipliers apply, in the order of the clock. Stretches add up to the
use in worked, billable and counted time. Sources are drawn in counted time, so the parts that they pay are cut out of
the stretches in the same order; within a stretch, worked and billable time are shared by largest remainder (D8).
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from operator import mul
from typing import Any, NamedTuple

from supportcontracts.contracts.metering import Multiplier
from supportcontracts.coverage import AnyCoverage, Coverage
from supportcontracts.quantity import allocate_whole, weigh

__all__ = ["Cut", "Rounded", "Stretch", "Windows", "cut_by", "rounded_apart", "spread"]


def __dir__() -> list[str]:
    return __all__


class Stretch(NamedTuple):
    """One part of a use, in whole units, with the factors that apply in it; None: no multiplier does."""

    window: str
    worked: int
    billable: int
    factor: Fraction | None
    counted: int
    price_factor: Fraction | None


class Rounded(NamedTuple):
    """A window that was rounded by itself: its time, what its group had before, and what it is billed."""

    window: str
    time: int
    before: int
    billable: int


class Cut(NamedTuple):
    """A stretch of the clock with the multipliers that apply in it, by their places, before anything is billed."""

    window: str
    places: tuple[int, ...]
    seconds: int


class Windows:
    """The multipliers of a metering that has calendars, and how work that crosses their edges is billed."""

    __slots__ = ("calendars", "combine", "multipliers", "reading", "tests")

    def __init__(self, multipliers: Sequence[Multiplier], combine: str, reading: str) -> None:
        self.multipliers = multipliers
        self.combine: Callable[[Fraction, Fraction], Fraction] = max if combine == "largest" else mul
        self.reading = reading
        self.calendars: list[AnyCoverage] = []
        # For each multiplier the place of its calendar, or None, and whether it applies while that is open.
        self.tests = [self._test(multiplier) for multiplier in multipliers]

    def _test(self, multiplier: Multiplier) -> tuple[int | None, bool]:
        calendar = multiplier.inside or multiplier.outside
        if multiplier.holiday is not None:
            calendar = _holidays_of(multiplier.holiday)
        if calendar is None:
            return None, True
        if calendar not in self.calendars:
            self.calendars.append(calendar)
        return self.calendars.index(calendar), multiplier.outside is None

    def cut(self, facts: Any, start: int, end: int) -> list[Cut]:  # whatever a scope looks at
        """Cut [start, end) where the set of multipliers that apply changes; no time gives one cut without seconds."""
        admitted = [place for place, each in enumerate(self.multipliers) if each.scope.admits(facts)]
        asked = sorted({test for test, _ in (self.tests[place] for place in admitted) if test is not None})
        if facts.window is not None or start == end:
            opened = {
                test: self.calendars[test].name == facts.window
                if facts.window is not None
                else self.calendars[test].is_open_epoch(start)
                for test in asked
            }
            return [self._cut(admitted, opened, end - start)]
        found = {test: self.calendars[test].segments_epoch(start, end) for test in asked}
        edges = sorted({start, end, *(edge for pieces in found.values() for edge, _, _ in pieces)})
        cuts: list[Cut] = []
        for low, high in pairwise(edges):
            opened = {test: next(o for s, e, o in pieces if s <= low < e) for test, pieces in found.items()}
            each = self._cut(admitted, opened, high - low)
            if cuts and cuts[-1].places == each.places:
                each = each._replace(seconds=cuts.pop().seconds + each.seconds)
            cuts.append(each)
        return cuts

    def _cut(self, admitted: Iterable[int], opened: dict[int, bool], seconds: int) -> Cut:
        places = tuple(place for place in admitted if self._applies(place, opened))
        named = dict.fromkeys(f"{'in' if is_open else 'outside'} {self.calendars[t]}" for t, is_open in opened.items())
        return Cut(" and ".join(named), places, seconds)

    def _applies(self, place: int, opened: dict[int, bool]) -> bool:
        test, while_open = self.tests[place]
        return test is None or opened[test] == while_open

    def factor(self, places: Iterable[int], on: str) -> Fraction | None:
        """The larger of the factors that apply, or their product if the terms say so; None if none does (D12)."""
        found: Fraction | None = None
        for place in places:
            if self.multipliers[place].on == on:
                factor = self.multipliers[place].factor
                found = factor if found is None else self.combine(found, factor)
        return found

    def minimum(self, places: Iterable[int]) -> int:
        """The largest minimum of the multipliers that apply."""
        return max((self.multipliers[place].minimum.seconds for place in places), default=0)

    def stretch(self, cut: Cut, worked: int, billable: int) -> Stretch:
        """Weigh a part: counted time is rounded half up once (D8)."""
        factor = self.factor(cut.places, "quantity")
        counted = billable if factor is None else weigh(billable, factor)
        return Stretch(cut.window, worked, billable, factor, counted, self.factor(cut.places, "price"))


def _holidays_of(calendar: Coverage) -> AnyCoverage:
    """The time of the holidays of a calendar, under the name of the calendar's holidays."""
    always = Coverage("24x7", zone=calendar.zone)
    working = Coverage("24x7", zone=calendar.zone, holidays=calendar.holidays)
    closed = always - working
    return type(closed)(closed.operation, closed.parts, name=f"holidays of {calendar}")


def cut_by(windows: Windows, cuts: list[Cut], time: int, billable: int) -> list[Stretch]:
    """Bill work in the windows in which it was done, by every reading but "split-then-round" (D12).

    Free time lies at the start of the work. What rounding adds or drops stands at its end, or is shared by the worked
    seconds, or all of it lies in one window.

    Args:
        windows: the multipliers and the reading.
        cuts: the worked time, cut.
        time: what is left of it after free time; more than was worked where earlier work is no longer free.
        billable: what it is billed.
    """
    worked = sum(cut.seconds for cut in cuts)
    if len(cuts) == 1 or windows.reading in ("by-start", "by-majority"):
        chosen = cuts[0]
        if windows.reading == "by-majority":
            lengths: dict[tuple[int, ...], int] = {}
            for cut in cuts:
                lengths[cut.places] = lengths.get(cut.places, 0) + cut.seconds
            chosen = max(cuts, key=lambda cut: lengths[cut.places])  # of equals the first
        return [windows.stretch(chosen, worked, billable)]
    laid = _after_free([cut.seconds for cut in cuts], worked - time)
    if windows.reading == "proportional":
        laid = list(allocate_whole(billable, laid)) if any(laid) else laid
    else:
        _end_with(laid, billable)
    return _merged(windows.stretch(cut, cut.seconds, part) for cut, part in zip(cuts, laid, strict=True))


def _after_free(seconds: list[int], free: int) -> list[int]:
    """Take free time from the start."""
    rest = []
    for length in seconds:
        taken = min(length, max(0, free))
        free -= taken
        rest.append(length - taken)
    return rest


def _end_with(laid: list[int], billable: int) -> None:
    """Add to the end what is missing, or drop from the end what is too much."""
    excess = sum(laid) - billable
    if excess <= 0:
        laid[-1] -= excess
        return
    for place in range(len(laid) - 1, -1, -1):  # pragma: no branch  # there is as much to drop as was laid
        dropped = min(laid[place], excess)
        laid[place] -= dropped
        excess -= dropped
        if not excess:
            break


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Give worked time that is not billed to the stretch beside it."""
    first, *others = stretches
    found = [first]
    for each in others:
        last = found[-1]
        if not each.billable:
            found[-1] = last._replace(worked=last.worked + each.worked)
        elif not last.billable:
            found[-1] = each._replace(worked=last.worked + each.worked)
        else:
            found.append(each)
    return found


def rounded_apart(
    windows: Windows, cuts: list[Cut], time: int, step: Callable[[Cut, int], tuple[int, int]]
) -> tuple[list[Stretch], list[Rounded]]:
    """Bill work by the reading "split-then-round": each window is raised and rounded by itself (D12).

    Args:
        windows: the multipliers.
        cuts: the worked time, cut.
        time: what is left of it after free time.
        step: takes a window and its time to what its group had before, and to the billable time that it adds.
    """
    laid = _after_free([cut.seconds for cut in cuts], sum(cut.seconds for cut in cuts) - time)
    laid[-1] += max(0, time - sum(laid))
    rounds = []
    for places in dict.fromkeys(cut.places for cut in cuts):
        own = [place for place, cut in enumerate(cuts) if cut.places == places]
        spent = sum(laid[place] for place in own)
        before, billable = step(cuts[own[0]], spent)
        parts = [laid[place] for place in own]
        _end_with(parts, billable)
        for place, part in zip(own, parts, strict=True):
            laid[place] = part
        if spent:
            rounds.append(Rounded(cuts[own[0]].window, spent, before, billable))
    return _merged(windows.stretch(cut, cut.seconds, part) for cut, part in zip(cuts, laid, strict=True)), rounds


def spread(stretches: Sequence[Stretch], parts: Sequence[int]) -> list[list[Stretch]]:
    """Cut parts in counted units out of stretches, in the order of the clock; they add up in every quantity (D8).

    Args:
        stretches: the use, in the order of the clock.
        parts: counted units that add up to those of the stretches.
    """
    found: list[list[Stretch]] = [[] for _ in parts]
    rest = list(parts)
    current = 0
    for stretch in stretches:
        while current < len(rest) - 1 and not rest[current]:
            current += 1
        if not stretch.counted:
            found[current].append(stretch)
            continue
        shares: list[tuple[int, int]] = []
        left = stretch.counted
        while left:
            taken = min(left, rest[current])
            if taken:
                shares.append((current, taken))
            rest[current] -= taken
            left -= taken
            if left:
                current += 1
        weights = [taken for _, taken in shares]
        worked, billable = allocate_whole(stretch.worked, weights), allocate_whole(stretch.billable, weights)
        for number, (part, taken) in enumerate(shares):
            found[part].append(stretch._replace(worked=worked[number], billable=billable[number], counted=taken))
    return found
