"""Peers for covered time, each set up for the same office: Mon-Fri 09:00-17:00 in Berlin, closed on 20 holidays.

Each takes and returns aware datetimes in the way its documentation shows first. None is needed to run the library:
they come from requirements/bench.txt, and one that is missing is left out.

Where they mean something else by the words, they are compared in their own terms: pandas moves a target that is used
up at closing to the next opening, as `closing="next-opening"` does here, and it does not count what has elapsed.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

__all__ = ["BERLIN", "HOLIDAYS", "Peer", "peers", "workclock_arrays"]

BERLIN = ZoneInfo("Europe/Berlin")
_DAYS_OF = {
    2024: ("01-01", "03-08", "03-29", "04-01", "05-01", "05-09", "05-20", "10-03", "12-25", "12-26"),
    2025: ("01-01", "03-08", "04-18", "04-21", "05-01", "05-29", "06-09", "10-03", "12-25", "12-26"),
}
HOLIDAYS = [date.fromisoformat(f"{year}-{day}") for year, days in _DAYS_OF.items() for day in days]
TARGET = timedelta(hours=8)


class Peer(NamedTuple):
    """One library: what it calls due after eight hours, and how much it counts between two instants."""

    name: str
    due: Callable[[datetime], datetime]
    elapsed: Callable[[datetime, datetime], timedelta] | None = None
    closing: str = "at-closing"


def peers() -> Iterator[Peer | str]:
    """Set up the peers one by one; for one that is not installed, yield its name."""
    for name, build in {
        "workclock": _workclock,
        "django-bizcal": _bizcal,
        "businesstimedelta": _businesstimedelta,
        "pandas CustomBusinessHour": _pandas,
    }.items():
        try:
            yield build(name)
        except ImportError:
            yield name


def workclock_arrays(starts: Any, ends: Any, seconds: int) -> tuple[Callable[[int], Any], Callable[[int], Any]]:  # noqa: ANN401  # arrays of numpy, which may be missing
    """Ask workclock, which takes columns too, about arrays of datetime64; it answers in microseconds."""
    office = _workclock_office()
    target = timedelta(seconds=seconds)
    return (
        lambda _: office.add_many(starts, target).astype("datetime64[s]"),
        lambda _: office.between_many(starts, ends).astype("timedelta64[s]"),
    )


def _workclock_office() -> Any:  # noqa: ANN401  # of a peer that may be missing
    from workclock import Holidays, Schedule, WorkDay  # noqa: PLC0415  # not needed by anybody else

    return Schedule([WorkDay(time(9), time(17)), Holidays(HOLIDAYS)], time_zone=BERLIN)


def _workclock(name: str) -> Peer:
    office = _workclock_office()
    return Peer(name, lambda start: office.add(start, TARGET), office.between)


def _bizcal(name: str) -> Peer:
    from django_bizcal import WorkingCalendar  # noqa: PLC0415  # the same
    from django_bizcal.providers import SetHolidayProvider  # noqa: PLC0415  # the same

    office = WorkingCalendar(
        tz="Europe/Berlin",
        weekly_schedule={day: [("09:00", "17:00")] for day in range(5)},
        holiday_provider=SetHolidayProvider.from_dates(HOLIDAYS),
    )
    return Peer(name, lambda start: office.add_business_time(start, TARGET), office.business_time_between)


def _businesstimedelta(name: str) -> Peer:
    import businesstimedelta as peer  # noqa: PLC0415  # the same
    import pytz  # noqa: PLC0415  # the same

    # It fails behind the last holiday, so it is told of a few that nobody asks about.
    closed = {*HOLIDAYS, *(date(year, 1, 1) for year in range(2026, 2033))}
    tz = pytz.timezone("Europe/Berlin")
    office = peer.Rules([peer.WorkDayRule(time(9), time(17), [0, 1, 2, 3, 4], tz=tz), peer.HolidayRule(closed, tz=tz)])
    target = peer.BusinessTimeDelta(office, timedelta=TARGET)
    return Peer(name, lambda start: start + target, lambda start, end: office.difference(start, end).timedelta)


def _pandas(name: str) -> Peer:
    from pandas import Timestamp  # noqa: PLC0415  # the same
    from pandas.tseries.offsets import CustomBusinessHour  # noqa: PLC0415  # the same

    target = CustomBusinessHour(8, start="09:00", end="17:00", holidays=HOLIDAYS)

    def due(start: datetime) -> datetime:
        found: datetime = Timestamp(start).tz_convert(BERLIN) + target
        return found

    return Peer(name, due, closing="next-opening")
