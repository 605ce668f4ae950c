"""Zones: the only place where local wall time becomes an instant, and an instant becomes a local date.

A zone maps each instant to one wall time, but not the other way round: when its clocks jump forward, wall times are
skipped, when they jump back, wall times occur twice. A person who writes a skipped or repeated time is asked what was
meant (`Zone.at`); a day boundary is not asked for, it follows rule D4 (`Zone.start_of`).

Inside, a wall time is an integer too: the seconds that a UTC clock with the same hands would count. Its two possible
offsets (PEP 495, `fold` 0 and 1) tell the cases apart: equal, it occurred once; rising, it was skipped; falling, it
occurred twice.
"""

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

import attrs
from pendulum import UTC, DateTime, FixedTimezone, Timezone

from supportcontracts._fields import frozen, opaque, require_kind
from supportcontracts.errors import AmbiguousTime, InvalidValue, NoSuchTime
from supportcontracts.timeline.dates import as_date, date_of_digits
from supportcontracts.timeline.instants import UTC_EPOCH, Instant, epoch, from_epoch, instant, out_of_years

__all__ = ["Zone", "as_zone", "midnights", "offsets"]

_FIXED = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_LOCAL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
# Files of a time zone database that are no zones: the host's own setting, a placeholder, and copies that count
# leap seconds or repeat the plain names.
_NOT_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = 86_400
_EPOCH_DAY = UTC_EPOCH.toordinal()
_NAIVE_EPOCH = datetime(1970, 1, 1)
# Shorter than the shortest time for which any zone kept an offset: 3 days 23:40, in Freetown in 1939.
_LOOK = 3 * _DAY


def __dir__() -> list[str]:
    return __all__


@frozen
class Zone:
    """A time zone, by IANA name or as a fixed offset from UTC; read once, when it is built.

    A fixed offset such as "+01:00" knows no summer time; "+00:00" is "UTC". Zones are equal if their names are.

    Raises:
        InvalidValue: for a name that is no zone.

    Example:
        >>> berlin = Zone("Europe/Berlin")
        >>> print(berlin.at("2025-03-04 10:00"))
        2025-03-04 09:00:00+00:00
    """

    name: str
    _tz: tzinfo = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        name, tz = _loaded(self.name)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_tz", tz)

    def __reduce__(self) -> tuple[type["Zone"], tuple[str]]:
        return Zone, (self.name,)

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> tzinfo:
        """The zone as a `tzinfo`, for the datetimes of other libraries."""
        return self._tz

    # From wall time to instants

    def at(self, text: str) -> Instant:
        """Read a local time, "YYYY-MM-DD HH:MM" with optional seconds, as the instant at which the clocks showed it.

        A time that ends in an offset or "Z" names its instant by itself. That is the way to write one of two times
        that look the same: `at("2025-10-26 02:30+02:00")`.

        Raises:
            NoSuchTime: for a time that the clocks skipped.
            AmbiguousTime: for a time that the clocks showed twice.
            NoSuchDate: for a date that does not exist.
            InvalidValue: for any other spelling.

        Example:
            >>> at = Zone("Europe/Berlin").at
            >>> print(at("2025-07-01 12:00"), at("2025-10-26 02:30+02:00"))
            2025-07-01 10:00:00+00:00 2025-10-26 00:30:00+00:00
        """
        wall, offset = _read(text)
        if offset is None:
            offset, after = self._offsets(wall)
            if offset < after:
                raise self._no_such_time(text, wall, offset, after)
            if offset > after:
                raise self._ambiguous_time(text, wall, offset, after)
        return from_epoch(_wall_seconds(wall) - offset)

    def start_of(self, day: date | str) -> Instant:
        """Return the first instant of a local date (rule D4).

        If midnight was skipped, that is the first instant after the gap; if it occurred twice, the first of the two.
        A date that was skipped as a whole starts where the next one does.

        Raises:
            InvalidValue: for a datetime, or a text that is no date.

        Example:
            >>> print(Zone("America/Sao_Paulo").start_of("2018-11-04"))    # the clocks went from 00:00 to 01:00
            2018-11-04 03:00:00+00:00
        """
        return from_epoch(self.start_of_epoch(as_date(day)))

    def start_of_epoch(self, day: date) -> int:
        """Return the first second of a local date, in seconds since 1970 (rule D4).

        Example:
            >>> from datetime import date
            >>> Zone("+01:00").start_of_epoch(date(1970, 1, 1))
            -3600
        """
        return _start_of(self, day.toordinal())

    def moment(self, value: datetime | date | str, *, what: str = "instant") -> Instant:
        """Accept an instant, a local date-time or a date, where an instant is meant; a date is its first instant.

        This is how `until="2025-07-01"` is read, with the zone of the contract.

        Args:
            value: the instant, the local time or the date.
            what: what it is for, as errors name it.

        Raises:
            InvalidValue: for a naive datetime, for texts that `at` and `start_of` refuse, and for anything else.

        Example:
            >>> print(Zone("Europe/Berlin").moment("2025-07-01"))
            2025-06-30 22:00:00+00:00
        """
        if isinstance(value, str):
            return self.at(value) if len(value) > len("2025-07-01") else self.start_of(value)
        if isinstance(value, datetime):
            return instant(value)
        require_kind(
            what,
            value,
            date,
            "an instant, or a local date or time, was expected",
            'Write "2025-07-01", "2025-07-01 10:00", or zone.at("2025-07-01 10:00").',
        )
        return self.start_of(value)

    # From instants to wall time

    def date_of(self, value: datetime) -> date:
        """Return the local date of an instant.

        Example:
            >>> berlin = Zone("Europe/Berlin")
            >>> berlin.date_of(berlin.at("2025-03-04 23:59"))
            datetime.date(2025, 3, 4)
        """
        return self._wall(epoch(value)).date()

    def date_of_epoch(self, seconds: int) -> date:
        """Return the local date of an instant that is given in seconds since 1970.

        Example:
            >>> Zone("-03:30").date_of_epoch(0)
            datetime.date(1969, 12, 31)
        """
        return self._wall(seconds).date()

    def offset_at(self, seconds: int) -> int:
        """Return how far local time is ahead of UTC, in seconds, at an instant in seconds since 1970.

        Example:
            >>> Zone("Asia/Kathmandu").offset_at(1_740_000_000)
            20700
        """
        return _seconds(self._wall(seconds).utcoffset())

    def local(self, value: datetime) -> DateTime:
        """Return an instant as a local `pendulum.DateTime`, for printing.

        Do not store or compare it: a copy or pickle of a local time in a repeated hour is an hour off.

        Example:
            >>> berlin = Zone("Europe/Berlin")
            >>> print(berlin.local(berlin.at("2025-03-04 10:00")))
            2025-03-04 10:00:00+01:00
        """
        wall = self._wall(epoch(value))
        tz = FixedTimezone(_seconds(self._tz.utcoffset(None)), self.name) if type(self._tz) is timezone else self._tz
        parts = (wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second, 0)
        return DateTime(*parts, tzinfo=tz, fold=wall.fold)

    def format(self, value: datetime) -> str:
        """Write an instant in local time, so that `at` reads it back.

        Seconds are shown where there are any, the offset where the clocks showed the same time twice.

        Example:
            >>> berlin = Zone("Europe/Berlin")
            >>> berlin.format(berlin.at("2025-03-12 11:40")), berlin.format(berlin.at("2025-10-26 02:30+01:00"))
            ('2025-03-12 11:40', '2025-10-26 02:30+01:00')
        """
        local = self._wall(epoch(value))
        wall = local.replace(tzinfo=None, fold=0)
        before, after = self._offsets(wall)
        return _written(wall) + (_offset_text(_seconds(local.utcoffset())) if before != after else "")

    def format_day(self, value: datetime) -> str:
        """Write the local day of an instant with its weekday.

        Example:
            >>> berlin = Zone("Europe/Berlin")
            >>> berlin.format_day(berlin.at("2025-03-12 11:40"))
            'Wed 2025-03-12'
        """
        day = self.date_of(value)
        return f"{_WEEKDAYS[day.weekday()]} {day}"

    # Inside

    def _wall(self, seconds: int) -> datetime:
        try:
            return (UTC_EPOCH + timedelta(0, seconds)).astimezone(self._tz)
        except OverflowError:
            raise out_of_years(f"{seconds} seconds since 1970 in {self.name}") from None

    def _day_start(self, ordinal: int) -> int:
        seconds = (ordinal - _EPOCH_DAY) * _DAY
        before, after = self._offsets(datetime.fromordinal(ordinal))
        return seconds - before if before >= after else self._change(seconds, before, after)

    def _offsets(self, wall: datetime) -> tuple[int, int]:
        """Return the offsets that a naive wall time with `fold` 0 has if it is read as the first, or the second."""
        return _seconds(self._tz.utcoffset(wall)), _seconds(self._tz.utcoffset(wall.replace(fold=1)))

    def _change(self, wall: int, before: int, after: int) -> int:
        """Find the second at which the offset went from `before` to `after`, for a skipped or repeated wall time.

        Read with the greater offset, `wall` lies before the change, with the lesser one at or after it: bisect.
        """
        low, high = wall - max(before, after), wall - min(before, after)
        while high - low > 1:
            middle = (low + high) // 2
            if self.offset_at(middle) == before:
                low = middle
            else:
                high = middle
        return high

    def _went(self, wall: datetime, before: int, after: int) -> str:
        """Say how the clocks jumped, as "from 02:00 to 03:00"; with dates if they jumped over a midnight."""
        change = self._change(_wall_seconds(wall), before, after)
        shown, then = (_NAIVE_EPOCH + timedelta(0, change + offset) for offset in (before, after))
        skip = 11 if shown.date() == then.date() else 0
        return f"from {_written(shown)[skip:]} to {_written(then)[skip:]}"

    def _no_such_time(self, text: str, wall: datetime, before: int, after: int) -> NoSuchTime:
        meant = _written(wall + timedelta(0, after - before))
        exact = _written(wall) + _offset_text(before)
        hint = f'Write the time that was meant, at("{meant}"), or its offset, at("{exact}").'
        return NoSuchTime(self.name, f'"{text}"', f"the clocks went {self._went(wall, before, after)}", hint)

    def _ambiguous_time(self, text: str, wall: datetime, before: int, after: int) -> AmbiguousTime:
        first, second = (_written(wall) + _offset_text(offset) for offset in (before, after))
        hint = f'Write its offset, at("{first}") for the first or at("{second}") for the second.'
        return AmbiguousTime(self.name, f'"{text}"', f"the clocks went back {self._went(wall, before, after)}", hint)


@lru_cache(maxsize=4096)
def _start_of(zone: Zone, ordinal: int) -> int:
    """Remember where days start: terms, periods and expiries ask for few days again and again."""
    return zone._day_start(ordinal)  # noqa: SLF001  # the zone's own answer


def as_zone(value: Zone | str) -> Zone:
    """Accept a zone or its name.

    Raises:
        InvalidValue: for a name that is no zone.

    Example:
        >>> as_zone("Europe/Berlin") == Zone("Europe/Berlin")
        True
    """
    return value if isinstance(value, Zone) else Zone(value)


def midnights(zone: Zone, start: int, end: int) -> list[int]:
    """List the starts of local days strictly between two instants, all in seconds since 1970, ascending.

    Cutting [start, end) at them leaves the parts that lie in each local day, as `start_of` bounds it: a date that was
    skipped as a whole adds no cut, and clocks that go back over a midnight add none for showing it again.

    Example:
        >>> midnights(Zone("UTC"), 0, 3 * 86_400)
        [86400, 172800]
    """
    first = zone.date_of_epoch(start).toordinal() + 1
    # Where the clocks went back over a midnight, the day after the local date of `end` may have begun already.
    last = min(zone.date_of_epoch(end).toordinal() + 1, date.max.toordinal())
    cuts = (zone.start_of_epoch(date.fromordinal(day)) for day in range(first, last + 1))
    return sorted({cut for cut in cuts if start < cut < end})


def offsets(zone: Zone, start: int, end: int) -> list[tuple[int, int]]:
    """List the offsets that a zone has between two instants, each with the second from which it holds, ascending.

    The first holds at `start`; each later one from a change of the clocks before `end` on. All in seconds, instants
    since 1970 and offsets ahead of UTC.

    Example:
        >>> offsets(Zone("Europe/Berlin"), 1_740_000_000, 1_745_000_000)    # the clocks went forward on 2025-03-30
        [(1740000000, 3600), (1743296400, 7200)]
    """
    found = [(start, zone.offset_at(start))]
    low = start
    while low < end - 1:
        high = min(low + _LOOK, end - 1)
        before, after = found[-1][1], zone.offset_at(high)
        if before != after:
            left, right = low, high
            while right - left > 1:
                middle = (left + right) // 2
                left, right = (middle, right) if zone.offset_at(middle) == before else (left, middle)
            found.append((right, after))
        low = high
    return found


def _loaded(name: object) -> tuple[str, tzinfo]:
    if not isinstance(name, str):
        hint = 'Write Zone("Europe/Berlin"), or Zone("+01:00").'
        raise InvalidValue("Zone", opaque(name), "the name of a zone was expected", hint)
    fixed = _FIXED.fullmatch(name)
    if fixed is not None and int(fixed[2]) < 24 and int(fixed[3]) < 60:
        offset = _signed(fixed[1], fixed[2], fixed[3])
        return (name, timezone(timedelta(0, offset), name)) if offset else ("UTC", UTC)
    if name == "UTC":
        return name, UTC
    if not name.startswith(_NOT_ZONES):
        try:
            return name, Timezone(name)
        except (ValueError, KeyError, OSError):  # unknown; not a name at all; a directory of the database
            pass
    raise InvalidValue("Zone", f'"{name}"', "an IANA name or a fixed offset was expected", _suggestion(name))


def _suggestion(name: str) -> str:
    known = {each.lower(): each for each in available_timezones() if not each.startswith(_NOT_ZONES)}
    asked = name.lower().replace(" ", "_")
    same_city = [each for each in sorted(known) if each == asked or each.endswith(f"/{asked}")]
    close = same_city or get_close_matches(asked, sorted(known), n=3, cutoff=0.75)
    if close:
        return "Did you mean " + " or ".join(f'"{known[each]}"' for each in close) + "?"
    return 'Write an IANA name, as in "Europe/Berlin", or an offset, as in "+01:00".'


def _read(text: object) -> tuple[datetime, int | None]:
    """Split a local time into its wall time and, if it ends in one, its offset in seconds."""
    hint = 'Write date and time, as in at("2025-03-04 10:00").'
    if not isinstance(text, str):
        raise InvalidValue("local time", opaque(text), "a text was expected", hint)
    found = _LOCAL.fullmatch(text)
    if found is None:
        raise InvalidValue("local time", f'"{text}"', '"YYYY-MM-DD HH:MM" was expected', hint)
    year, month, day, hour, minute, second, utc, sign, *ahead = found.groups()
    on = date_of_digits(year, month, day)
    if int(hour) > 23:
        hint = "Write 24:00 as 00:00 of the next day." if hour == "24" else ""
        raise InvalidValue("local time", f'"{text}"', "an hour from 00 to 23 was expected", hint)
    if int(minute) > 59 or int(second or 0) > 59:
        raise InvalidValue("local time", f'"{text}"', "minutes and seconds from 00 to 59 were expected")
    if sign and (int(ahead[0]) > 23 or int(ahead[1]) > 59 or int(ahead[2] or 0) > 59):
        raise InvalidValue("local time", f'"{text}"', 'an offset of less than a day was expected, as in "+01:00"')
    offset = 0 if utc else _signed(sign, ahead[0], ahead[1], ahead[2] or "0") if sign else None
    return datetime(on.year, on.month, on.day, int(hour), int(minute), int(second or 0)), offset


def _signed(sign: str, hour: str, minute: str, second: str = "0") -> int:
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
    return -seconds if sign == "-" else seconds


def _seconds(offset: timedelta | None) -> int:
    assert offset is not None  # every zone built here is aware
    return offset.days * _DAY + offset.seconds


def _wall_seconds(wall: datetime) -> int:
    since = wall - _NAIVE_EPOCH
    return since.days * _DAY + since.seconds


def _written(wall: datetime) -> str:
    return wall.isoformat(" ", "seconds" if wall.second else "minutes")


def _offset_text(offset: int) -> str:
    minutes, seconds = divmod(abs(offset), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"
