"""Covered time by looking at the clock on the wall, one minute of UTC after another.

The agreed hours are a table: for each weekday the windows that start on it, each from a second to a second after the
midnight at which that day starts, so that a night window ends after 86,400. Whether the desk is open is looked up for
every minute of UTC by itself; all the rest is counting. Agreed edges are whole minutes, and since 1972 clocks have
changed at whole minutes and by whole minutes, so that within a minute nothing changes.

Instants are whole seconds since 1970-01-01T00:00Z. Zones are those of the standard library.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from tests.oracle.days import clock_of, plus_days, start_of

Window: TypeAlias = tuple[int, int]
Windows: TypeAlias = tuple[Window, ...]
Run: TypeAlias = tuple[int, int, bool]
Marks: TypeAlias = Callable[[int], bytes]

DAY = 86_400
MINUTE = 60
LONGEST = 60  # days of looking for an open second, after which the oracle gives up
FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class Desk(NamedTuple):
    """The hours of one desk, as tables."""

    zone: str
    week: tuple[Windows, ...]  # Monday first
    closed: frozenset[date] = frozenset()  # holidays, and dates that were closed for another reason
    hours: Mapping[date, Windows] = {}  # what starts on these dates instead, closed or not
    extra: Mapping[date, Windows] = {}  # what is open besides, closed or not
    less: Mapping[date, Windows] = {}  # what is closed after all
    holiday: str = "date"
    dst: str = "wall"

    def shifts(self, day: date) -> Windows:
        """Look up what starts on a day, in the week or in the hours of the date."""
        if day in self.hours:
            return self.hours[day]
        if self.holiday == "shift-start" and day in self.closed:
            return ()
        return self.week[day.weekday()]

    def only(self, day: date, *, tails: bool = False) -> "Desk":
        """Keep what starts on one day. On a closed one nothing does, unless what is left of its night is asked for."""
        shut = self.holiday == "date" and day in self.closed and day not in self.hours
        hours = {} if shut and not tails else {day: self.shifts(day)}
        extra = {day: self.extra[day]} if day in self.extra else {}
        closed = self.closed | {day} if shut else self.closed
        return self._replace(week=((),) * 7, closed=closed, hours=hours, extra=extra)

    def marks(self, day: date) -> bytes:
        """Mark every minute that the wall can show on a day, from the tables of that day and of the day before."""
        yesterday = plus_days(day, -1)
        open_today = self.shifts(day)
        open_since = self.shifts(yesterday)
        if self.holiday == "date" and day in self.closed:
            open_today = self.hours.get(day, ())
            open_since = ()
        return marked(
            on_day(open_today, open_since),
            on_day(self.extra.get(day, ()), self.extra.get(yesterday, ())),
            on_day(self.less.get(day, ()), self.less.get(yesterday, ())),
        )


def on_day(today: Windows, yesterday: Windows) -> Windows:
    """List the windows of a day and those of the day before, in seconds after the midnight of the day."""
    return (*today, *((opens - DAY, closes - DAY) for opens, closes in yesterday))


@cache
def marked(open_then: Windows, extra: Windows, less: Windows) -> bytes:
    """Mark every minute of a day: open in its windows or besides, unless closed after all."""

    def within(windows: Windows, shown: int) -> bool:
        return any(opens <= shown < closes for opens, closes in windows)

    return bytes(
        (within(open_then, shown) or within(extra, shown)) and not within(less, shown)
        for shown in range(0, DAY, MINUTE)
    )


def wall_at(second: int, clock: tzinfo) -> tuple[date, int]:
    """Look at the wall: the date, and the seconds shown since midnight."""
    shown = (FIRST + timedelta(seconds=second)).astimezone(clock)
    return shown.date(), shown.hour * 3600 + shown.minute * 60 + shown.second


@cache
def walls_of(day: int, zone: str) -> list[tuple[date, int, int]]:
    """Look at the wall every minute of a day of UTC, and note what was shown.

    Minutes in a row are noted as one: their date, and from which to before which minute after midnight they went.
    """
    clock = clock_of(zone)
    found: list[tuple[date, int, int]] = []
    for second in range(day * DAY, (day + 1) * DAY, MINUTE):
        on, shown = wall_at(second, clock)
        minute = shown // MINUTE
        if found and found[-1][0] == on and found[-1][2] == minute:
            found[-1] = (on, found[-1][1], minute + 1)
        else:
            found.append((on, minute, minute + 1))
    return found


def by_the_wall(desk: Desk) -> Marks:
    """A window covers the times that the wall shows, as often as it shows them."""

    def marks(day: int) -> bytes:
        return b"".join(desk.marks(on)[first:after] for on, first, after in walls_of(day, desk.zone))

    return marks


def by_the_edges(desk: Desk) -> Marks:
    """Hours last from the instant at which they open to that at which they close.

    The instant of a time that the clocks skip is as long after the change as the time is past it; of a time that
    occurs twice, it is the first. Hours that touch on the wall are one: they are followed over three days around.
    """
    clock = clock_of(desk.zone)

    def instant_of(day: date, since: int) -> int:
        shown = datetime(day.year, day.month, day.day) + timedelta(seconds=since)
        return (shown.replace(tzinfo=clock, fold=0) - FIRST) // timedelta(seconds=1)

    def marks(day: int) -> bytes:
        first = date(1970, 1, 1) + timedelta(days=day - 3)
        shown = b"".join(desk.marks(plus_days(first, ahead)) for ahead in range(7))
        found = bytearray(DAY // MINUTE)
        for hours in re.finditer(b"\1+", shown):
            opens, closes = (instant_of(first, minute * MINUTE) - day * DAY for minute in hours.span())
            for minute in range(max(opens, 0) // MINUTE, min(closes, DAY) // MINUTE):
                found[minute] = True
        return bytes(found)

    return marks


class Tape:
    """One mark for every minute of UTC, open or closed; the marks of a day are made when they are first read."""

    def __init__(self, marks: Marks) -> None:
        self.made = marks
        self.days: dict[int, bytes] = {}

    def marks(self, day: int) -> bytes:
        """Read the marks of a day of UTC, counted from 1970."""
        if day not in self.days:
            self.days[day] = self.made(day)
        return self.days[day]

    def is_open(self, second: int) -> bool:
        """Read one mark."""
        return bool(self.marks(second // DAY)[second % DAY // MINUTE])

    # Runs of open and of closed minutes, in order of time and against it. They are cut at midnights of UTC.

    def runs_of_day(self, day: int, start: int, end: int) -> list[Run]:
        """Read the marks of a day of UTC from left to right, as far as they lie between two instants."""
        found = []
        for run in re.finditer(b"\0+|\1+", self.marks(day)):
            first, after = (day * DAY + minute * MINUTE for minute in run.span())
            found.append((max(first, start), min(after, end), run[0][0] == 1))
        return [run for run in found if run[0] < run[1]]

    def forwards(self, start: int, end: int) -> Iterator[Run]:
        """List the runs from an instant to a later one."""
        for day in range(start // DAY, end // DAY + 1):
            yield from self.runs_of_day(day, start, end)

    def backwards(self, end: int, start: int) -> Iterator[Run]:
        """List the runs from an instant back to an earlier one."""
        for day in range(end // DAY, start // DAY - 1, -1):
            yield from reversed(self.runs_of_day(day, start, end))

    # Questions

    def elapsed(self, start: int, end: int) -> int:
        """Count the open seconds between two instants, below zero if the second is the earlier one."""
        if end < start:
            return -self.elapsed(end, start)
        return sum(after - at for at, after, is_open in self.forwards(start, end) if is_open)

    def due(self, start: int, target: int, closing: str = "at-closing") -> int | None:
        """Find the first instant by which so many open seconds have passed.

        A target that is used up in the very moment of closing may be due there, or at the next opening.
        """
        if not target:
            return start
        left = target
        for at, after, is_open in self.forwards(start, start + LONGEST * DAY):
            if is_open and after - at >= left:
                due = at + left
                return due if closing == "at-closing" else self.next_open(due)
            left -= (after - at) * is_open
        return None

    def due_backwards(self, end: int, target: int, closing: str = "at-closing") -> int | None:
        """Find the last instant from which so many open seconds pass until another.

        A target that reaches back to the very moment of opening starts there, or at the closing before it.
        """
        if not target:
            return end
        left = target
        for before, at, is_open in self.backwards(end, end - LONGEST * DAY):
            if is_open and at - before >= left:
                found = at - left
                return found if closing == "at-closing" else self.last_open(found)
            left -= (at - before) * is_open
        return None

    def last_open(self, second: int) -> int | None:
        """Find the end of the last open second before an instant."""
        return next((at for _, at, is_open in self.backwards(second, second - LONGEST * DAY) if is_open), None)

    def next_open(self, second: int) -> int | None:
        """Find the first open second at or after an instant."""
        return next((at for at, _, is_open in self.forwards(second, second + LONGEST * DAY) if is_open), None)

    def next_closing(self, second: int) -> int | None:
        """Find the first closed second after the next open one."""
        opens = self.next_open(second)
        if opens is None:
            return None
        return next((at for at, _, is_open in self.forwards(opens, opens + LONGEST * DAY) if not is_open), None)

    def last_opening(self, second: int) -> int | None:
        """Find the start of the last cover before an instant."""
        until = self.last_open(second)
        if until is None:
            return None
        return next((at for _, at, is_open in self.backwards(until, until - LONGEST * DAY) if not is_open), None)

    def runs(self, start: int, end: int) -> list[Run]:
        """Join the runs between two instants over midnights."""
        found: list[Run] = []
        for at, after, is_open in self.forwards(start, end):
            if found and found[-1][2] == is_open:
                found[-1] = (found[-1][0], after, is_open)
            else:
                found.append((at, after, is_open))
        return found


def tape(desk: Desk) -> Tape:
    """Look at one desk."""
    return Tape(by_the_wall(desk) if desk.dst == "wall" else by_the_edges(desk))


def both(operator: Literal["|", "&", "-"], left: Tape, right: Tape) -> Tape:
    """Look at two desks in every minute: either open, both open, or the first without the second."""
    meaning = {
        "|": lambda one, other: one or other,
        "&": lambda one, other: one and other,
        "-": lambda one, other: one and not other,
    }[operator]
    return Tape(lambda day: bytes(map(meaning, left.marks(day), right.marks(day))))


# Business days


def first_shown(day: date, since: int, zone: str) -> int:
    """Find the first second at which the wall shows a time of a day, or a later one where that is skipped."""
    clock, shown = clock_of(zone), (plus_days(day, since // DAY), since % DAY)
    minute = start_of(day, zone)
    while wall_at(minute + MINUTE - 1, clock) < shown:
        minute += MINUTE
    return next(second for second in range(minute, minute + MINUTE) if wall_at(second, clock) >= shown)


def open_runs(found: list[Run]) -> list[Window]:
    """Keep the runs that are open."""
    return [(start, end) for start, end, is_open in found if is_open]


def began_on(desk: Desk, day: date) -> list[Window]:
    """List when the windows that start on a day are open, which is over when three days have passed."""
    only = desk.only(day)
    if not only.hours.get(day) and not only.extra.get(day):
        return []
    start = start_of(day, desk.zone)
    return open_runs(tape(only).runs(start, start + 3 * DAY))


def due_in_days(desk: Desk, start: int, count: int) -> dict[str, int] | None:
    """Turn the pages from the day of the start, which in a night is the day on which that began, to open days."""
    today, shown = wall_at(start, clock_of(desk.zone))
    yesterday = plus_days(today, -1)
    if tape(desk).is_open(start) and tape(desk.only(yesterday, tails=True)).is_open(start):
        today, shown = yesterday, shown + DAY
    for ahead in range(1, LONGEST):
        day = plus_days(today, ahead)
        if runs := began_on(desk, day):
            count -= 1
            if not count:
                return due_on(runs, first_shown(day, shown, desk.zone))
    return None


def due_on(runs: list[Window], same_time: int) -> dict[str, int]:
    """List the last closing, the same time, and the open time that is nearest before it, if there is any."""
    before = [min(closes, same_time) for opens, closes in runs if opens <= same_time]
    return {"closing": runs[-1][1], "same-time": same_time, "clamped": max(before, default=runs[0][0])}


def due_in_days_of_many(covered: Tape, zone: str, start: int, count: int) -> dict[str, int] | None:
    """Turn the pages of the calendar of a zone, for several desks at once: a day is open if anything of it is."""
    today, shown = wall_at(start, clock_of(zone))
    for ahead in range(1, LONGEST):
        day = plus_days(today, ahead)
        if runs := open_runs(covered.runs(start_of(day, zone), start_of(plus_days(day, 1), zone))):
            count -= 1
            if not count:
                return due_on(runs, first_shown(day, shown, zone))
    return None
