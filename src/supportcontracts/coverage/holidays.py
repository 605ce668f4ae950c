"""Dates on which a calendar differs from its week: holidays, with the years that they cover, and dated overrides.

A list of holidays always ends somewhere, and what lies beyond its end is not known to be a working day. `Holidays`
therefore says which years it covers, and what to do with a question beyond them. Days are those of the calendar's own
zone, whoever asks.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, opaque, require_kind, tuple_of
from supportcontracts.coverage._windows import CLOSED, hours_text, parse_hours
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import as_date, parse_date

__all__ = ["Holiday", "Holidays", "Override"]


def __dir__() -> list[str]:
    return __all__


_SAMPLE = 'Write Holidays(["2025-12-25 Christmas Day"], years="2025-2026"), or a list of dates.'


@frozen
class Holiday:
    """A date on which a calendar is closed, and the name of the day if it has one.

    Raises:
        InvalidValue: for anything but a date, or its ISO text.

    Example:
        >>> print(Holiday("2025-12-25", "Christmas Day"))
        2025-12-25 Christmas Day
        >>> Holiday.parse("2025-12-25") == Holiday("2025-12-25")
        True
    """

    on: date = attrs.field(converter=as_date)
    name: str = ""

    def __attrs_post_init__(self) -> None:
        require_kind("Holiday.name", self.name, str, "a name was expected, as text")
        object.__setattr__(self, "name", " ".join(self.name.split()))

    @classmethod
    def parse(cls, text: str) -> "Holiday":
        """Read the text that a holiday prints: its date, and its name if it has one.

        Raises:
            InvalidValue: for any other text.

        Example:
            >>> Holiday.parse("2025-12-25 Christmas Day").name
            'Christmas Day'
        """
        if not isinstance(text, str):
            raise InvalidValue("holiday", opaque(text), "a date was expected", _SAMPLE)
        day, _, name = text.strip().partition(" ")
        return cls(parse_date(day), name)

    def __str__(self) -> str:
        return f"{self.on} {self.name}" if self.name else str(self.on)


def _as_holidays(value: Any) -> tuple[Holiday, ...]:  # noqa: ANN401  # whatever is offered, dates or not
    if isinstance(value, Mapping):
        return tuple(sorted((Holiday(on, name) for on, name in value.items()), key=_place))
    return tuple(sorted((_as_holiday(each) for each in tuple_of(value)), key=_place))


def _as_holiday(value: object) -> Holiday:
    if isinstance(value, Holiday):
        return value
    if isinstance(value, str):
        return Holiday.parse(value)
    if isinstance(value, date):
        return Holiday(value)
    raise InvalidValue("Holidays", opaque(value), "a date was expected", _SAMPLE)


def _place(holiday: Holiday) -> tuple[date, str]:
    return holiday.on, holiday.name


def _as_years(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:04}"
    require_kind("Holidays.years", value, str, "years were expected", 'Write years="2025-2027", or years=2025.')
    text = str(value).replace(" ", "").replace("–", "-")  # as people type ranges
    first, _, last = text.partition("-")
    return first if first == last else text


@frozen
class Holidays:
    """Any set of dates on which a calendar is closed, with the years of which it lists all holidays.

    Args:
        dates: holidays, dates, ISO texts with or without a name, or a mapping from dates to names, as that of the
            package `holidays`.
        years: the years that are covered, the first and the last included, as in "2025-2027" or 2025. Left out, the
            dates are all there are, in any year.
        beyond: what happens to a question about a day outside these years: "refuse" it with an error, or answer as if
            there were no holidays there, and "report" that in explanations.

    Raises:
        InvalidValue: for anything but dates, a date that occurs twice, and one outside the years.

    Rules: K3, K10.

    Example:
        >>> closed = Holidays(["2025-12-25 Christmas Day", "2025-12-26"], years=2025)
        >>> print(closed)
        2 holidays of 2025
        >>> from datetime import date
        >>> closed.covers(date(2026, 1, 1))
        False
    """

    dates: tuple[Holiday, ...] = attrs.field(default=(), converter=_as_holidays)
    years: str = attrs.field(default="", kw_only=True, converter=_as_years)
    beyond: Literal["refuse", "report"] = attrs.field(default="refuse", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.beyond not in ("refuse", "report"):
            raise InvalidValue("Holidays.beyond", repr(self.beyond), 'choose "refuse" or "report"')
        span = self.span
        for place, holiday in enumerate(self.dates):
            if place and self.dates[place - 1].on == holiday.on:
                hint = "Write one of the two, with one name."
                raise InvalidValue("Holidays.dates", f"{holiday.on} twice", "each date once was expected", hint)
            if span is not None and not span[0] <= holiday.on.year <= span[1]:
                hint = "Leave the date out, or say that its year is covered."
                raise InvalidValue("Holidays.dates", str(holiday.on), f"a date in {self.years} was expected", hint)

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last year that are covered, or None for all."""
        if not self.years:
            return None
        first, dash, last = self.years.partition("-")
        if not _is_year(first) or (dash and not (_is_year(last) and first < last)):
            hint = 'Write years="2025-2027", or years=2025.'
            raise InvalidValue("Holidays.years", f'"{self.years}"', "a first and a last year were expected", hint)
        return int(first), int(last if dash else first)

    def covers(self, day: date) -> bool:
        """Tell whether the year of a day is covered: whether it is known if the day is a holiday.

        Example:
            >>> from datetime import date
            >>> Holidays(years="2025-2026").covers(date(2026, 12, 31))
            True
        """
        span = self.span
        return span is None or span[0] <= day.year <= span[1]

    def named(self, day: date) -> str | None:
        """Return the name of a holiday, empty if it has none; None for a day that is no holiday.

        Example:
            >>> from datetime import date
            >>> Holidays("2025-12-25 Christmas Day").named(date(2025, 12, 25))
            'Christmas Day'
        """
        return next((holiday.name for holiday in self.dates if holiday.on == day), None)

    def __str__(self) -> str:
        count = "1 holiday" if len(self.dates) == 1 else f"{len(self.dates)} holidays"
        return f"{count} of {self.years}" if self.years else count


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit() and text != "0000"


@frozen
class Override:
    """The hours of one date, which hold whatever its weekday says and whether or not it is a holiday.

    Args:
        on: the date, in the calendar's zone.
        windows: windows of one day, as in "09:00-12:00", or "closed".
        effect: "hours": these windows, and no others, start on the date; "opens": these are open besides; "closes":
            these are closed after all. Left out: "hours".
        name: what explanations call it.

    Raises:
        InvalidValue: for a date or windows that are none, and for windows that overlap.

    Rules: K4.

    Example:
        >>> print(Override("2025-12-24", "09:00-12:00", name="Christmas Eve"))
        2025-12-24 09:00-12:00 Christmas Eve
        >>> print(Override("2025-06-06", "13:00-15:00", effect="closes"))
        2025-06-06 closes 13:00-15:00
    """

    on: date = attrs.field(converter=as_date)
    windows: str
    effect: Literal["hours", "opens", "closes"] = attrs.field(default="hours", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        windows = hours_text(parse_hours("Override.windows", self.windows))
        object.__setattr__(self, "windows", windows)
        require_kind("Override.name", self.name, str, "a name was expected, as text")
        if self.effect not in ("hours", "opens", "closes"):
            raise InvalidValue("Override.effect", repr(self.effect), 'choose "hours", "opens" or "closes"')
        if windows == CLOSED and self.effect != "hours":
            hint = f'Write Override("{self.on}", "closed") for a date on which nothing is open.'
            raise InvalidValue("Override.windows", '"closed"', f"windows that it {self.effect} were expected", hint)

    def __str__(self) -> str:
        effect = "" if self.effect == "hours" else f"{self.effect} "
        return f"{self.on} {effect}{self.windows}{' ' if self.name else ''}{self.name}"
