"""Searching: every instant at which a clock may start between two limits, without trying each second.

Between two neighbouring *cuts* nothing changes hands: no calendar opens or closes, neither one that counts nor one that
decides by arrival. What a target gives to a clock is then a straight line: covered time is a constant, and a target in
days is due at one closing, up to which the covered time falls second by second or stays. So a comparison that holds at
the first and the last second between two cuts holds at every second between them. Where a target in days is due on two
dates between two cuts, the second at which that changes is found by halving, since a later start is never due earlier.

Weeks that are alike are looked at once: the same cuts from before the week until after everything that started in it is
due, and no holiday or override among them, gives the same answers.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from supportcontracts._fields import frozen
from supportcontracts.contracts.tiers.cells import WORDS, ArrivalTarget, Cell, CellWord
from supportcontracts.contracts.tiers.proving.containing import Hours
from supportcontracts.coverage import (
    AnyCoverage,
    CombinedCoverage,
    Coverage,
    CoveredDays,
    CoveredTime,
    Target,
    WallTime,
)
from supportcontracts.errors import BeyondHorizon, NeverOpen
from supportcontracts.timeline import midnights, offsets

__all__ = [
    "LaterDue",
    "Limits",
    "arm_at",
    "budget_at",
    "counts_whenever",
    "hours_of",
    "known_limits",
    "later_due",
    "never_more",
    "targets_of",
    "weaker",
]


def __dir__() -> list[str]:
    return __all__


_DAY = 86_400
_WEEK = 7 * _DAY
_MARGIN = 3 * _DAY  # a night window may have begun before the week


class Limits(NamedTuple):
    """The first second of a search, and the first after it."""

    since: int
    until: int


# Calendars answer for the years 1900 to 2199 (K9).
_HORIZON = Limits(-2_208_988_800, 7_258_118_400)


class LaterDue(NamedTuple):
    """A start from which less is promised: the start, and both due instants, None where there is none."""

    start: int
    old: int | None
    new: int | None


def hours_of(target: Target) -> Hours:
    """Return the calendar of a target, or None for wall time.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> hours_of(WallTime(hours(4)))
    """
    return None if isinstance(target, WallTime) else target.coverage


def arm_at(cell: Cell, start: int) -> Target | CellWord:
    """Return what a cell promises to a clock that starts at an instant.

    Example:
        >>> arm_at("no-target", 0)
        'no-target'
    """
    return cell.at_epoch(start) if isinstance(cell, ArrivalTarget) else cell


def budget_at(target: Target, start: int) -> int:
    """Return the seconds, counted on its calendar, that a target gives to a clock that starts at an instant.

    Example:
        >>> thursday_and_friday = Coverage("thu-fri 00:00-08:00", zone="UTC")
        >>> budget_at(thursday_and_friday.days(1), 6 * 3600)    # two hours of Thursday, and Friday
        36000
    """
    if isinstance(target, CoveredDays):
        return target.coverage.elapsed_epoch(start, target.due_epoch(start))
    return target.quantity.seconds


def known_limits(calendars: Iterable[AnyCoverage], limits: Limits) -> Limits | None:
    """Cut limits to the years for which all calendars answer; None if nothing is left.

    Example:
        >>> from supportcontracts.coverage import Holidays
        >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC", holidays=Holidays(["1970-01-01"], years=1970))
        >>> known_limits([office], Limits(0, 10**9))
        Limits(since=0, until=31536000)
    """
    since, until = max(limits.since, _HORIZON.since), min(limits.until, _HORIZON.until)
    for calendar in calendars:
        for plain in _plain_parts(calendar):
            span = plain.holidays.span
            if span is not None and plain.holidays.beyond == "refuse":
                since = max(since, plain.zone.start_of_epoch(_first_of(span[0])))
                until = min(until, plain.zone.start_of_epoch(_first_of(span[1] + 1)))
    return Limits(since, until) if since < until else None


def counts_whenever(wide: Hours, narrow: Hours, limits: Limits) -> bool:
    """Tell whether one calendar is open between two limits whenever another one is, by looking at every opening.

    Example:
        >>> thursdays, always = Coverage("thu 00:00-08:00", zone="UTC"), Coverage("24x7", zone="UTC")
        >>> counts_whenever(always, thursdays, Limits(0, 10**6)), counts_whenever(thursdays, always, Limits(0, 10**6))
        (True, False)
    """
    if wide is None:
        return True
    if narrow is None:
        return wide.segments_epoch(*limits) == [(*limits, True)]
    return not any(opened for _, _, opened in (narrow - wide).segments_epoch(*limits))


def never_more(old: Cell, new: Cell, limits: Limits) -> set[tuple[Target, Target]] | None:
    """See whether a cell never gives a clock more seconds than another one, from any start between two limits.

    Only starts count from which the old target is due before the end. A target in days has to end at a closing.

    Returns:
        The pairs of old and new target that such starts meet, or None if some start is given more, or no target.

    Example:
        >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC")
        >>> never_more(office.hours(8), office.days(1), Limits(0, 10**6))
        >>> len(never_more(office.days(1), office.hours(8), Limits(0, 10**6)) or ())
        1
    """
    met: set[tuple[Target, Target]] = set()
    dues = _Dues()
    for week in _different_weeks(old, new, limits, dues):
        for start, end in pairwise(week.cuts):
            before, after = arm_at(old, start), arm_at(new, start)
            if isinstance(before, str):
                if weaker(before, after):
                    return None
                continue
            last = dues.last_by(before, start, end - 1, limits.until)
            if last is None:
                continue
            if isinstance(after, str) or not dues.never_more(before, after, start, last):
                return None
            met.add((before, after))
    return met


def later_due(old: Cell, new: Cell, limits: Limits) -> LaterDue | None:
    """Find the first start between two limits from which a new cell promises less than an old one: later, or nothing.

    Example:
        >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC")
        >>> later_due(office.hours(8), office.days(1), Limits(0, 10**6))    # Thursday at midnight
        LaterDue(start=0, old=61200, new=147600)
    """
    dues = _Dues()
    for week in _different_weeks(old, new, limits, dues):
        for start in _candidates(old, new, week, dues):
            before, after = arm_at(old, start), arm_at(new, start)
            due = None if isinstance(before, str) else dues.due(before, start)
            if weaker(before, after):
                return LaterDue(start, due, None)
            if due is None or due > limits.until or isinstance(after, str):
                continue
            then = dues.due(after, start)
            if then is not None and then > due:
                return LaterDue(start, due, then)
    return None


def weaker(old: Target | CellWord, new: Target | CellWord) -> bool:
    """Tell whether a word promises less than what it replaces: a target, or a word that promises more.

    Example:
        >>> weaker("best-effort", "no-target"), weaker("no-target", "best-effort")
        (True, False)
    """
    return isinstance(new, str) and (not isinstance(old, str) or WORDS.index(new) > WORDS.index(old))


# Inside


def _first_of(year: int) -> date:
    return date(min(max(year, 1), date.max.year), 1, 1)


def _plain_parts(calendar: AnyCoverage) -> Iterator[Coverage]:
    if isinstance(calendar, CombinedCoverage):
        for part in calendar.parts:
            yield from _plain_parts(part)
    else:
        yield calendar


def _arms(cell: Cell) -> tuple[Target | CellWord, ...]:
    return (cell.inside, cell.outside) if isinstance(cell, ArrivalTarget) else (cell,)


def targets_of(*cells: Cell) -> list[Target]:
    """List the targets that cells may promise, without words."""
    return [arm for cell in cells for arm in _arms(cell) if not isinstance(arm, str)]


@frozen
class _Week:
    """A week of starts: its cuts, its ends included."""

    cuts: tuple[int, ...]


class _Calendars:
    """The calendars of two cells between two limits: their cuts, and the days that have terms of their own."""

    def __init__(self, old: Cell, new: Cell, limits: Limits) -> None:
        targets = targets_of(old, new)
        by_days = {target.coverage for target in targets if isinstance(target, CoveredDays)}
        by_time = {target.coverage for target in targets if isinstance(target, CoveredTime)}
        deciding = {cell.coverage for cell in (old, new) if isinstance(cell, ArrivalTarget)}
        calendars = sorted(by_days | by_time | deciding, key=str)
        self.open = [calendar.is_open_epoch for calendar in calendars]
        self.edges = [[start for start, _, _ in calendar.segments_epoch(*limits)] for calendar in calendars]
        # Midnights and changes of the clocks have no side: that a calendar is open there is in its own edges.
        for zone in sorted({calendar.zone for calendar in by_days}, key=str):
            self.edges.append(midnights(zone, *limits))
            self.edges.append([at for at, _ in offsets(zone, *limits)])
        self.dated = sorted({day for calendar in calendars for day in _dated(calendar)})

    def between(self, start: int, end: int) -> tuple[tuple[int, ...], ...]:
        """List the cuts of each calendar from one instant up to another, counted from the first."""
        found = []
        for edges in self.edges:
            inside = edges[bisect_left(edges, start) : bisect_left(edges, end)]
            found.append(tuple([edge - start for edge in inside]))
        return tuple(found)

    def has_dates(self, start: int, end: int) -> bool:
        """Tell whether a holiday or an override lies between two instants."""
        return bisect_left(self.dated, start) < bisect_left(self.dated, end)


class _Dues:
    """When targets are due, as far as that is known; where one is not, it is not for any later start either.

    To find out that a calendar does not open any more takes long, so that is not asked twice.
    """

    def __init__(self) -> None:
        self.unknown_from: dict[Target, int] = {}

    def due(self, target: Target, start: int) -> int | None:
        """Return when a target is due, or None if it is not, or in years that are not known."""
        unknown = self.unknown_from.get(target)
        if unknown is not None and start >= unknown:
            return None
        try:
            return target.due_epoch(start)
        except (BeyondHorizon, NeverOpen):
            self.unknown_from[target] = start
            return None

    def by(self, target: Target, start: int, limit: int) -> bool:
        """Tell whether a target is due by a limit."""
        due = self.due(target, start)
        return due is not None and due <= limit

    def last_by(self, target: Target, start: int, last: int, limit: int) -> int | None:
        """Find the last start of a stretch from which a target is due by a limit; a later start is due later."""
        if self.by(target, last, limit):
            return last
        if not self.by(target, start, limit):
            return None
        low, high = start, last
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.by(target, middle, limit) else (low, middle)
        return low

    def never_more(self, old: Target, new: Target, start: int, last: int) -> bool:
        """Compare what two targets give to the starts of a stretch, of which it is enough to look at the ends."""
        for target in (old, new):
            if isinstance(target, CoveredDays):
                first_due, last_due = self.due(target, start), self.due(target, last)
                if first_due is None or last_due is None:
                    return False
                if first_due != last_due:
                    middle = (start + last) // 2
                    return self.never_more(old, new, start, middle) and self.never_more(old, new, middle + 1, last)
        return budget_at(new, start) <= budget_at(old, start) and budget_at(new, last) <= budget_at(old, last)


def _different_weeks(old: Cell, new: Cell, limits: Limits, dues: _Dues) -> Iterator[_Week]:
    """List the weeks of starts between two limits, of those that are alike the first."""
    calendars = _Calendars(old, new, limits)
    reach = max((_reach(target, limits, dues) for target in targets_of(old, new)), default=0)
    seen: set[object] = set()
    for start in range(limits.since, limits.until, _WEEK):
        end = min(start + _WEEK, limits.until)
        low, high = start - _MARGIN, end + reach
        if low >= limits.since and high <= limits.until and not calendars.has_dates(low, high):
            alike = tuple([is_open(low) for is_open in calendars.open]), calendars.between(low, high)
            if alike in seen:
                continue
            if all(dues.by(target, end - 1, high) for target in targets_of(old, new)):
                seen.add(alike)
        cuts = {start + cut for cuts in calendars.between(start, end) for cut in cuts}
        yield _Week(tuple(sorted({start, end, *cuts})))


def _reach(target: Target, limits: Limits, dues: _Dues) -> int:
    """Guess how long after its start a target is due at the latest; what is due later is not taken to be alike."""
    due = dues.due(target, limits.since)
    return (_WEEK if due is None else due - limits.since) + _WEEK


def _dated(calendar: AnyCoverage) -> Iterator[int]:
    """List when the days begin and end for which a calendar has terms of their own."""
    for plain in _plain_parts(calendar):
        dates = [holiday.on for holiday in plain.holidays.dates] + [override.on for override in plain.overrides]
        for day in dates:
            yield from (plain.zone.start_of_epoch(day), plain.zone.start_of_epoch(day) + _DAY)


def _candidates(old: Cell, new: Cell, week: _Week, dues: _Dues) -> list[int]:
    """List the starts of a week around which due instants change: at the cuts, and at what leads up to cuts."""
    first, end = week.cuts[0], week.cuts[-1]
    found = set(week.cuts)
    for target in targets_of(old, new):
        if isinstance(target, CoveredTime):
            until = dues.due(target, end - 1) or end
            for cut, _, _ in target.coverage.segments_epoch(first, until):
                found.update(_leading_to(target, cut))
    around = {near for at in found for near in (at - 1, at, at + 1)}
    return sorted(at for at in around if first <= at < end)


def _leading_to(target: CoveredTime, cut: int) -> Iterator[int]:
    try:
        yield target.coverage.due_back_epoch(cut, target.quantity.seconds)
    except (BeyondHorizon, NeverOpen):
        return
