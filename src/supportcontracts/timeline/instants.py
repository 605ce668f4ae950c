"""The gate for instants: whatever aware datetime comes in, a UTC `pendulum.DateTime` of whole seconds comes out.

An `Instant` is a point on the one world-wide time line. It is kept in UTC because a zoned `pendulum.DateTime` loses
its `fold` in a pickle, and compares two instants of a repeated hour as equal. Engines count whole seconds since
1970-01-01T00:00Z (`epoch`), which add, subtract and compare a hundred times faster and never touch a calendar.

All arithmetic goes through the unbound methods of `datetime`: they stay in C, where those of pendulum build an
`Interval` and read zones by name.
"""

from datetime import UTC as STDLIB_UTC
from datetime import date, datetime, timedelta

from pendulum import UTC, DateTime

from supportcontracts._fields import is_whole, opaque, require_whole
from supportcontracts.errors import FloatRefused, InvalidValue, NaiveTime

__all__ = ["Instant", "epoch", "from_epoch", "instant"]

Instant = DateTime
"""A UTC `pendulum.DateTime` of whole seconds; what the gate returns and what every result shows."""

# Two epochs, since the difference of two datetimes that share their tzinfo object asks no zone for an offset.
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=STDLIB_UTC)
_EPOCH = DateTime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400
_minus = datetime.__sub__
_plus = datetime.__add__


def __dir__() -> list[str]:
    return __all__


def instant(value: datetime) -> Instant:
    """Turn any aware datetime into the same instant in UTC, without its fraction of a second (rule D4).

    A stdlib, pendulum or other datetime is accepted, in any zone; `fold` is honoured. An instant comes back as it is.

    Raises:
        NaiveTime: for a datetime without zone or offset.
        InvalidValue: for anything that is no datetime, and outside the years 0001 to 9999.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> print(instant(datetime(2025, 3, 4, 10, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))))
        2025-03-04 09:00:00+00:00
    """
    if type(value) is DateTime and value.tzinfo is UTC and not value.microsecond:
        return value
    if type(value) is datetime and value.tzinfo is STDLIB_UTC:
        return DateTime(value.year, value.month, value.day, value.hour, value.minute, value.second, 0, UTC)
    return from_epoch(epoch(value))


def epoch(value: datetime) -> int:
    """Count the whole seconds from 1970-01-01T00:00Z to `value`; a fraction is dropped downwards (rule D4).

    Raises:
        NaiveTime: for a datetime without zone or offset.
        InvalidValue: for anything that is no datetime.

    Example:
        >>> from datetime import datetime, timezone
        >>> epoch(datetime(1970, 1, 2, tzinfo=timezone.utc)), epoch(datetime(1969, 12, 31, 23, 59, tzinfo=timezone.utc))
        (86400, -60)
    """
    try:
        since = _minus(value, _EPOCH if value.tzinfo is UTC else UTC_EPOCH)
    except (AttributeError, TypeError):
        raise _refusal(value) from None
    # A timedelta keeps its seconds and microseconds positive, so leaving the latter out is a floor before 1970 too.
    return since.days * _DAY + since.seconds


def from_epoch(seconds: int) -> Instant:
    """Return the instant that lies `seconds` whole seconds after 1970-01-01T00:00Z; the inverse of `epoch`.

    Raises:
        InvalidValue: for anything but an integer, and outside the years 0001 to 9999.

    Example:
        >>> print(from_epoch(86_400))
        1970-01-02 00:00:00+00:00
    """
    if type(seconds) is not int:
        seconds = require_whole("epoch", seconds)
    try:
        return _plus(_EPOCH, timedelta(0, seconds))
    except OverflowError:
        raise out_of_years(f"{seconds} seconds since 1970") from None


def out_of_years(got: str) -> InvalidValue:
    """Build the error for a time that the calendar of Python cannot hold."""
    return InvalidValue("instant", got, "a time in the years 0001 to 9999 was expected")


def _refusal(value: object) -> InvalidValue:
    if isinstance(value, datetime):
        text = str(value)  # asks for the offset again: a zone that is itself at fault raises its own error here
        hint = f'Write Zone("Europe/Berlin").at("{text[:16]}"), or give the datetime its tzinfo.'
        return NaiveTime("instant", f"the naive datetime {text}", "a datetime with a zone or offset was expected", hint)
    if isinstance(value, date):
        hint = f'Write Zone("Europe/Berlin").start_of("{value}") for the first instant of that day.'
    elif isinstance(value, str):
        hint = f'Write Zone("Europe/Berlin").at("{value}").'
    elif is_whole(value):
        hint = f"Write from_epoch({value!r}) if it counts seconds since 1970."
    else:
        hint = 'Write Zone("Europe/Berlin").at("2025-03-04 10:00").'
    kind = FloatRefused if isinstance(value, float) else InvalidValue
    return kind("instant", opaque(value), "an aware datetime was expected", hint)
