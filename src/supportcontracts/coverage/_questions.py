"""Questions: what every calendar of covered time can be asked, written once for single and combined calendars.

Each question has two forms: aware datetimes in and instants out, and epoch seconds in and out, for engines. All are
bisections on the edges of the calendar's line. The functions are methods of both kinds of calendars.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from supportcontracts._fields import opaque
from supportcontracts.coverage import _days
from supportcontracts.coverage._explained import time_explained
from supportcontracts.coverage._shapes import segmented
from supportcontracts.coverage.segments import CoverSegment
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Instant, as_date, epoch, from_epoch

if TYPE_CHECKING:
    from supportcontracts.coverage.calendars import AnyCoverage

__all__ = [
    "Direction",
    "due_at",
    "due_back_epoch",
    "due_epoch",
    "elapsed",
    "elapsed_epoch",
    "explain_due",
    "is_open",
    "is_open_epoch",
    "next_closing",
    "next_closing_epoch",
    "next_open",
    "next_open_epoch",
    "open_days",
    "segments",
    "segments_epoch",
]


def __dir__() -> list[str]:
    return __all__


Direction: TypeAlias = Literal["forwards", "backwards"]


def is_open(self: "AnyCoverage", at: datetime) -> bool:
    """Tell whether an instant is covered; an opening is, a closing is not (rule D2).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> office.is_open(at("2025-03-28 09:00")), office.is_open(at("2025-03-28 17:00"))
        (True, False)
    """
    return self._line.is_open(epoch(at))


def is_open_epoch(self: "AnyCoverage", at: int) -> bool:
    """Tell whether an instant in seconds since 1970 is covered.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("thu 00:00-08:00", zone="UTC").is_open_epoch(0)    # 1970 began on a Thursday
        True
    """
    return self._line.is_open(at)


def elapsed(self: "AnyCoverage", start: datetime, end: datetime) -> int:
    """Count the covered seconds from one instant to another, below zero if the second is earlier (rule K7).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> office.elapsed(at("2025-03-28 16:00"), at("2025-03-31 10:00"))    # over a weekend and a change of clocks
        7200
    """
    return self._line.elapsed(epoch(start), epoch(end))


def elapsed_epoch(self: "AnyCoverage", start: int, end: int) -> int:
    """Count the covered seconds between two instants in seconds since 1970, signed (rule K7).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("thu 00:00-08:00", zone="UTC").elapsed_epoch(86_400, 0)
        -28800
    """
    return self._line.elapsed(start, end)


def due_at(self: "AnyCoverage", start: datetime, target: WorkTime, *, direction: Direction = "forwards") -> Instant:
    """Find the instant by which a target of covered time is used up, if it starts at `start`.

    A target used up exactly at a closing is due there, or with `closing="next-opening"` at the opening after it
    (rule K5); a target of zero is due at its start (rule K6). Backwards, the answer is the latest instant from which
    so much is covered up to `start`: by default an opening, with "next-opening" the closing before it.

    Raises:
        InvalidValue: for a target that is no work time.
        NeverOpen: if there is no opening to wait for.
        BeyondHorizon: for an answer beyond the horizon, or the years whose holidays are known.

    Rules: K5, K6.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> from supportcontracts.quantity import hours
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> office.zone.format(office.due_at(at("2025-03-28 16:00"), hours(8)))
        '2025-03-31 16:00'
        >>> office.zone.format(office.due_at(at("2025-03-31 16:00"), hours(8), direction="backwards"))
        '2025-03-28 16:00'
    """
    if type(target) is not WorkTime:
        _require_work_time("due_at", target)
    if direction == "forwards":
        return from_epoch(self._line.due(epoch(start), target.seconds))
    if direction != "backwards":
        raise InvalidValue("due_at", repr(direction), 'choose "forwards" or "backwards"')
    return from_epoch(self._line.due_back(epoch(start), target.seconds))


def explain_due(self: "AnyCoverage", start: datetime, target: WorkTime) -> Explanation[str]:
    """Say why `due_at` answers as it does: windows used, holidays and breaks skipped, changes of the clocks crossed.

    Raises:
        InvalidValue, NeverOpen, BeyondHorizon: where `due_at` does.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> from supportcontracts.quantity import hours
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> print(office.explain_due(office.zone.at("2025-03-28 16:00"), hours(4)))
        4h 00m of mon-fri 09:00-17:00 from Fri 2025-03-28 16:00   due Mon 2025-03-31 12:00 Europe/Berlin
        <BLANKLINE>
        rule  step      working                                      result  agreed in
        K1    open      Fri 2025-03-28 16:00 – 17:00                 1h 00m  windows
        K1    no cover  Fri 2025-03-28 17:00 – Mon 2025-03-31 09:00       –  windows
        K1    clocks    Sun 2025-03-30 02:00: forward to 03:00            –  zone
        K1    open      Mon 2025-03-31 09:00 – 12:00                 3h 00m  windows
    """
    _require_work_time("explain_due", target)
    return time_explained(str(self), self._line, self._shape, epoch(start), target.seconds)


def _require_work_time(what: str, target: object) -> None:
    if type(target) is not WorkTime:
        hint = f"Write hours(8); for a number of days, write office.days(1).{what}(start)."
        raise InvalidValue(what, opaque(target), "work time was expected", hint)


def due_epoch(self: "AnyCoverage", start: int, seconds: int) -> int:
    """Find the second by which so many covered seconds are used up, all in seconds since 1970 (rules K5, K6).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("thu 00:00-08:00", zone="UTC").due_epoch(0, 3600)
        3600
    """
    return self._line.due(start, seconds)


def due_back_epoch(self: "AnyCoverage", start: int, seconds: int) -> int:
    """Find the latest second from which so many covered seconds lead up to `start` (rules K5, K6).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("thu 00:00-08:00", zone="UTC").due_back_epoch(7200, 3600)
        3600
    """
    return self._line.due_back(start, seconds)


def next_open(self: "AnyCoverage", at: datetime) -> Instant:
    """Find the first covered instant from `at` on, which is `at` itself if that is covered.

    Raises:
        NeverOpen: if there is none.
        BeyondHorizon: if it lies beyond the years whose holidays are known.

    Rules: K9.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> office.zone.format(office.next_open(office.zone.at("2025-03-28 17:00")))
        '2025-03-31 09:00'
    """
    return from_epoch(self._line.next_open(epoch(at)))


def next_open_epoch(self: "AnyCoverage", at: int) -> int:
    """Find the first covered second from `at` on, in seconds since 1970 (rule K9).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("fri 00:00-08:00", zone="UTC").next_open_epoch(0)
        86400
    """
    return self._line.next_open(at)


def next_closing(self: "AnyCoverage", at: datetime) -> Instant:
    """Find the end of the cover that is open at `at`, or else of the next one.

    Raises:
        NeverOpen: if there is no cover from `at` on.
        BeyondHorizon: if it does not end, or only beyond the years whose holidays are known.

    Rules: K9.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> office.zone.format(office.next_closing(office.zone.at("2025-03-28 10:00")))
        '2025-03-28 17:00'
    """
    return from_epoch(self._line.next_closing(epoch(at)))


def next_closing_epoch(self: "AnyCoverage", at: int) -> int:
    """Find the end of the cover that is open at `at`, or else of the next one, in seconds since 1970 (rule K9).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("thu 00:00-08:00", zone="UTC").next_closing_epoch(0)
        28800
    """
    return self._line.next_closing(at)


def segments_epoch(self: "AnyCoverage", start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut the time between two instants at every opening and closing: (start, end, open), in seconds since 1970.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> Coverage("thu 00:00-08:00", zone="UTC").segments_epoch(3600, 36_000)
        [(3600, 28800, True), (28800, 36000, False)]
    """
    found: list[tuple[int, int, bool]] = []
    at = start
    for opens, closes in self._line.stretches(start, end):
        if at < opens:
            found.append((at, opens, False))
        found.append((opens, closes, True))
        at = closes
    if at < end:
        found.append((at, end, False))
    return found


def segments(self: "AnyCoverage", start: datetime, end: datetime) -> tuple[CoverSegment, ...]:
    """Say of all the time from one instant up to another when the calendar is open, and why it is closed when not.

    The segments follow each other without gaps. There are none if the end is not after the start.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-12:00 13:00-17:00", zone="UTC", holidays=["2025-12-25 Christmas Day"])
        >>> at = office.zone.at
        >>> for segment in office.segments(at("2025-12-24 11:00"), at("2025-12-26 10:00")):
        ...     print(segment)
        2025-12-24 11:00 to 2025-12-24 12:00 UTC: open
        2025-12-24 12:00 to 2025-12-24 13:00 UTC: break
        2025-12-24 13:00 to 2025-12-24 17:00 UTC: open
        2025-12-24 17:00 to 2025-12-25 00:00 UTC: no cover
        2025-12-25 00:00 to 2025-12-26 00:00 UTC: holiday, Christmas Day
        2025-12-26 00:00 to 2025-12-26 09:00 UTC: no cover
        2025-12-26 09:00 to 2025-12-26 10:00 UTC: open
    """
    return tuple(
        CoverSegment(from_epoch(since), from_epoch(until), reason, name)
        for since, until, reason, name in segmented(self._line, self._shape, epoch(start), epoch(end))
    )


def open_days(self: "AnyCoverage", first: date | str, last: date | str) -> tuple[date, ...]:
    """List the dates from `first` to `last`, both included, on which cover begins (rule K8).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=["2025-12-25", "2025-12-26"])
        >>> print(*office.open_days("2025-12-24", "2025-12-30"))
        2025-12-24 2025-12-29 2025-12-30
    """
    return tuple(_days.open_days(self._line, self._shape, as_date(first), as_date(last)))
