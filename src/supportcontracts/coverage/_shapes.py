"""Shapes: what the terms of a calendar make of each day, before it is known how a question will be answered.

A `Shape` is a week with the dates on which something else holds, in the wall time of a zone: it lists the open
stretches of any part of the time line, says why the rest is closed, and finds the stretches that belong to one date
(rules K1 to K4). A `Blend` does the same for calendars that are combined on instants (rule K11).

Days are numbered from 1970-01-01 as 0. Reasons are labels on wall time, as windows are; where they meet, an override
comes before a holiday, and both before a break.
"""

from collections.abc import Sequence
from datetime import date
from itertools import chain, pairwise
from typing import Literal, TypeAlias

from supportcontracts.coverage._lines import Line, Stretch, common, merged, without
from supportcontracts.coverage._walls import Dst, Piece, days_around, first_shown, pieces_of, shown
from supportcontracts.coverage._windows import DAY, Week, Window, parse_hours
from supportcontracts.coverage.holidays import Holidays, Override
from supportcontracts.coverage.segments import Reason
from supportcontracts.timeline import Zone

__all__ = ["EPOCH_DAY", "Blend", "HolidayRule", "Labelled", "Shape", "day_number", "segmented"]


def __dir__() -> list[str]:
    return __all__


HolidayRule: TypeAlias = Literal["date", "shift-start"]

Labelled: TypeAlias = tuple[int, int, Reason, str]
"""From one second up to another, why it is closed, and the name of the holiday or override."""

EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def day_number(day: date) -> int:
    """Return the number of a day, counted from 1970-01-01."""
    return day.toordinal() - EPOCH_DAY


class Shape:
    """The days of one calendar, in the wall time of its zone."""

    __slots__ = ("closed", "closes", "dst", "holiday", "holidays", "hours", "named", "odd", "opens", "week", "zone")

    def __init__(
        self, week: Week, zone: Zone, holidays: Holidays, overrides: Sequence[Override], rules: tuple[HolidayRule, Dst]
    ) -> None:
        self.week, self.zone, self.holidays = week, zone, holidays
        self.holiday, self.dst = rules
        # The dates that are closed with the label of why, and the windows of those that have their own.
        self.closed: dict[int, tuple[Reason, str]] = {
            day_number(each.on): ("holiday", each.name) for each in holidays.dates
        }
        self.hours: dict[int, tuple[Window, ...]] = {}
        self.opens: dict[int, list[Window]] = {}
        self.closes: dict[int, list[tuple[Window, str]]] = {}
        self.named: dict[int, str] = {day_number(each.on): each.name for each in overrides if each.effect != "closes"}
        for override in overrides:
            day, windows = day_number(override.on), parse_hours("Override.windows", override.windows)
            if override.effect == "opens":
                self.opens.setdefault(day, []).extend(windows)
            elif override.effect == "closes":
                self.closes.setdefault(day, []).extend((window, override.name) for window in windows)
            elif windows:
                self.hours[day] = windows
            else:
                self.closed[day] = ("closure", override.name)
        # The weeks in which some shift is another than that of its weekday; a closed date cuts the one before it.
        odd = {*self.closed, *(day - 1 for day in self.closed), *self.hours}
        self.odd = {(day + _EPOCH_WEEKDAY) // 7 for day in odd}

    def listed(self, low: int, high: int) -> list[Stretch]:
        """List the open stretches between two instants, ascending and apart."""
        walls = self._walls(*days_around(low, high))
        found = shown(walls, pieces_of(self.zone, low, high), self.dst)
        return [(max(start, low), min(end, high)) for start, end in found if start < high and end > low]

    def shifts(self, day: int) -> Sequence[Window]:
        """List the windows that start on a day by its weekday or its own hours, as far as holidays leave them."""
        own = self.hours.get(day)
        windows = self.week[(day + _EPOCH_WEEKDAY) % 7] if own is None else own
        if self.holiday == "shift-start":
            return windows if own is not None or day not in self.closed else ()
        before, after = own is None and day in self.closed, day + 1 in self.closed
        if not before and not after:
            return windows
        cut = ((max(opens, DAY * before), min(closes, DAY) if after else closes) for opens, closes in windows)
        return [(opens, closes) for opens, closes in cut if opens < closes]

    def reaches_into(self, day: int, at: int) -> bool:
        """Tell whether an instant of a day lies in a night window of the day before."""
        midnight = (day - 1) * DAY
        windows = sorted([*self.shifts(day - 1), *self.opens.get(day - 1, ())])
        walls = merged((midnight + opens, midnight + closes) for opens, closes in windows)
        return any(start <= at < end for start, end in shown(walls, pieces_of(self.zone, at, at + 1), self.dst))

    def stated(self, at: int) -> str | None:
        """Return the name of the override that states hours for the day of an instant; None if there is none."""
        return self.named.get((at + self.zone.offset_at(at)) // DAY)

    def begun(self, day: int, pieces: list[Piece], _: Line) -> list[Stretch]:
        """List the open stretches of the windows that start on a day; a night window takes its morning with it."""
        windows = [window for window in self.shifts(day) if window[0] < DAY] + self.opens.get(day, [])
        walls = merged((day * DAY + opens, day * DAY + closes) for opens, closes in sorted(windows))
        return shown(without(walls, self._taken(day - 1, day + 1)), pieces, self.dst)

    def labelled(self, start: int, end: int) -> list[Labelled]:
        """Say of the time between two instants, in which the calendar is closed, why it is."""
        found: list[Labelled] = []
        for since, until, offset in pieces_of(self.zone, start, end):
            low, high = max(since, start) + offset, min(until, end) + offset
            if low >= high:
                continue
            labels = self._labels(low // DAY - 1, high // DAY)
            cuts = {low, high, *(cut for label in labels for cut in label[:2] if low < cut < high)}
            for left, right in pairwise(sorted(cuts)):
                reasons = (
                    (reason, name) for opens, closes, reason, name in labels if opens <= left and right <= closes
                )
                reason, name = next(reasons, ("no cover", ""))
                found.append((left - offset, right - offset, reason, name))
        return found

    def _walls(self, first: int, last: int) -> list[Stretch]:
        """List the open stretches of wall time of the windows that start in the weeks of some days."""
        found: list[Stretch] = []
        usual = [(day * DAY + opens, day * DAY + closes) for day in range(7) for opens, closes in self.week[day]]
        for week in range((first + _EPOCH_WEEKDAY) // 7, (last + _EPOCH_WEEKDAY) // 7 + 1):
            monday = 7 * week - _EPOCH_WEEKDAY
            if week in self.odd:
                days = range(monday, monday + 7)
                found += [(day * DAY + opens, day * DAY + closes) for day in days for opens, closes in self.shifts(day)]
            else:
                base = monday * DAY
                found += [(base + opens, base + closes) for opens, closes in usual]
        for day, windows in self.opens.items():
            if first <= day <= last:
                found += [(day * DAY + opens, day * DAY + closes) for opens, closes in windows]
        found = merged(sorted(found) if self.opens else found)
        return without(found, self._taken(first, last)) if self.closes else found

    def _taken(self, first: int, last: int) -> list[Stretch]:
        """List the stretches of wall time that overrides of some days close."""
        return merged(sorted(stretch[:2] for stretch in self._closures(first, last)))

    def _closures(self, first: int, last: int) -> list[Labelled]:
        return [
            (day * DAY + opens, day * DAY + closes, "closure", name)
            for day, windows in self.closes.items()
            if first <= day <= last
            for (opens, closes), name in windows
        ]

    def _labels(self, first: int, last: int) -> list[Labelled]:
        """List the labels on the wall time of some days, in the order of their weight."""
        dates: list[Labelled] = []
        breaks: list[Labelled] = []
        for day in range(first, last + 1):
            midnight = day * DAY
            if day in self.closed:
                reason, name = self.closed[day]
                whole = ((0, DAY),) if self.holiday == "date" else self.week[(day + _EPOCH_WEEKDAY) % 7]
                dates += [(midnight + opens, midnight + closes, reason, name) for opens, closes in whole]
            for (_, closes), (opens, _) in pairwise(self.shifts(day)):
                breaks.append((midnight + closes, midnight + opens, "break", ""))
        return [*self._closures(first, last), *dates, *breaks]


class Blend:
    """Several calendars as one: open where the operation on their open stretches says so."""

    __slots__ = ("operation", "parts", "zone")

    def __init__(self, operation: str, parts: Sequence[tuple[Line, "Shape | Blend"]]) -> None:
        self.operation, self.parts = operation, parts
        self.zone: Zone = parts[0][1].zone

    def reaches_into(self, _day: int, _at: int) -> bool:
        """Tell that no window of one day reaches into another: dates are bounded by their midnights."""
        return False

    def stated(self, _at: int) -> None:
        """Tell that no override states hours for a day of several calendars together."""
        return

    def begun(self, day: int, pieces: list[Piece], line: Line) -> list[Stretch]:
        """List the open stretches of a day."""
        start, end = (first_shown(each * DAY, pieces) for each in (day, day + 1))
        return line.stretches(max(start, line.first), min(end, line.last))

    def listed(self, low: int, high: int) -> list[Stretch]:
        """List the open stretches between two instants, ascending and apart."""
        lists = [line.stretches(low, high) for line, _ in self.parts]
        if self.operation == "union":
            return merged(sorted(chain.from_iterable(lists)))
        found = lists[0]
        for other in lists[1:]:
            found = common(found, other) if self.operation == "intersection" else without(found, other)
        return found

    def labelled(self, start: int, end: int) -> list[Labelled]:
        """Say of the time between two instants, in which the calendar is closed, why it is."""
        told = [segmented(line, shape, start, end) for line, shape in self.parts]
        cuts = sorted({cut for each in told for segment in each for cut in segment[:2]})
        places = [0] * len(told)
        found: list[Labelled] = []
        for left, right in pairwise(cuts):
            for part, each in enumerate(told):
                while each[places[part]][1] <= left:
                    places[part] += 1
            found.append((left, right, *self._decided([each[place] for each, place in zip(told, places, strict=True)])))
        return found

    def _decided(self, told: list[Labelled]) -> tuple[Reason, str]:
        """Return the label of the part that decided: the first that is closed and says more than that."""
        closed = [(reason, name) for _, _, reason, name in told if reason != "open"]
        if self.operation == "difference":
            return closed[0] if told[0][2] != "open" else ("excluded", "")
        return next((label for label in closed if label[0] != "no cover"), closed[0])


def segmented(line: Line, shape: Shape | Blend, start: int, end: int) -> list[Labelled]:
    """Cut the time between two instants where a calendar opens, closes, or is closed for another reason."""
    if start >= end:
        return []
    opened = line.stretches(start, end)
    found: list[Labelled] = [(since, until, "open", "") for since, until in opened]
    for since, until in without([(start, end)], opened):
        found += shape.labelled(since, until)
    found.sort()
    joined: list[Labelled] = []
    for segment in found:
        if joined and joined[-1][2:] == segment[2:]:
            joined[-1] = (joined[-1][0], *segment[1:])
        else:
            joined.append(segment)
    return joined
