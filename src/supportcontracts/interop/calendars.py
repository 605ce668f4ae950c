"""Calendars of others: public holidays for covered time, from the package `holidays`; rows of benefits for calendars.

A list of public holidays is only known for some years, so the years are asked for and stated with the list: a calendar
that is built on it refuses questions beyond them, or reports that it does not know. It needs the extra `calendars`:
`pip install supportcontracts[calendars]`.

What benefits have to say to a calendar (reminders, bookings) is plain rows with the fields of RFC 5545: writing them as
iCalendar text, with its folding and escaping, is for a package that does nothing else, such as `icalendar`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from supportcontracts._fields import require_text
from supportcontracts.benefits import BenefitStatus, Booking, Reminder
from supportcontracts.coverage import Holidays
from supportcontracts.errors import InvalidValue, MissingExtra
from supportcontracts.timeline import Days

__all__ = ["calendar_rows", "public_holidays"]


def __dir__() -> list[str]:
    return __all__


def public_holidays(
    country: str,
    *,
    years: str | int,
    subdivision: str | None = None,
    language: str = "en_US",
    beyond: Literal["refuse", "report"] = "refuse",
) -> Holidays:
    """List the public holidays of a country, or of a part of it, in stated years, with their names.

    The dates are those of the package `holidays` that is installed: keep its version with your contracts, since later
    versions correct earlier ones. Days that are observed instead of a holiday at a weekend are included.

    Args:
        country: the code of the country, as in "DE".
        years: the years, the first and the last included, as in "2025-2027" or 2025.
        subdivision: the code of a part of it, as in "BY".
        language: the language of the names; where there are none in it, the country's own.
        beyond: what a calendar says to questions beyond these years: see `Holidays`.

    Raises:
        MissingExtra: if the package is not installed.
        InvalidValue: for a country or part that it does not know, and years that it does not list.

    Rules: K3, K10.

    Example:
        >>> closed = public_holidays("DE", subdivision="BY", years="2025-2026")
        >>> print(closed, "·", closed.dates[0])
        24 holidays of 2025-2026 · 2025-01-01 New Year's Day
    """
    try:
        import holidays as source  # noqa: PLC0415  # an extra, and no other function of this module needs it
    except ImportError as error:
        raise MissingExtra(
            "public_holidays needs the package holidays, which is not installed.\n"
            "    Install it with: pip install supportcontracts[calendars]",
            name="holidays",
        ) from error
    span = Holidays(years=years).span
    if span is None:
        hint = 'Write years="2025-2027", or years=2025.'
        raise InvalidValue("public_holidays", repr(years), "the years to list were expected", hint)
    first, last = span
    require_text("public_holidays", country)
    part = None if subdivision is None else require_text("public_holidays", subdivision)
    try:
        found = source.country_holidays(country, subdiv=part, expand=False, language=language)
    except NotImplementedError as error:
        hint = 'Write the codes that the package lists, as in public_holidays("DE", subdivision="BY", years=2025).'
        raise InvalidValue("public_holidays", f'"{country}"', str(error), hint) from None
    if first < found.start_year or last > found.end_year:
        known = f"{found.start_year}-{found.end_year}"
        raise InvalidValue("public_holidays", f"{first}-{last}", f"years within {known} were expected for {country}")
    # Left to itself, the package would take a language from the settings of the machine.
    spoken = language if language in found.supported_languages else found.default_language
    asked = range(first, last + 1)
    listed = source.country_holidays(country, subdiv=part, years=asked, expand=False, language=spoken)
    return Holidays(listed, years=years, beyond=beyond)


def calendar_rows(
    reminders: Iterable[Reminder] = (), *, statuses: Iterable[BenefitStatus] = ()
) -> list[dict[str, Any]]:
    """List reminders and bookings of benefits as entries of a calendar, with the fields of RFC 5545.

    A reminder is an entry for its whole day; a booking with a date is one from its start to its end, where that is
    known. `uid` stays the same however often the rows are made, so a calendar replaces an entry and never doubles it.
    An entry for a day has dates, the end exclusive; any other has instants in UTC.

    Args:
        reminders: what `remind` returned.
        statuses: what `benefit_status` returned; their bookings are listed.

    Rules: N12.

    Example:
        >>> from supportcontracts.benefits import remind
        >>> from supportcontracts.contracts.benefits import Benefit
        >>> from supportcontracts.timeline import Term, days
        >>> training = Benefit(
        ...     "training", unit="training day", quantity=2, expires="term", remind_margins=days(14),
        ...     term=Term("2025-01-01", months=12, zone="Europe/Berlin"),
        ... )
        >>> row = calendar_rows(remind([training], [], since="2025-12-01", until="2026-01-01"))[0]
        >>> row["dtstart"], row["dtend"], row["summary"]
        ('2025-12-17', '2025-12-18', '2 training days to book by 2025-12-31')
    """
    rows = [_reminder_row(reminder) for reminder in reminders]
    for status in statuses:
        rows += _booking_rows(status)
    return rows


def _reminder_row(reminder: Reminder) -> dict[str, Any]:
    day = reminder.benefit.zone.date_of(reminder.at)
    summary = f"{reminder.left} to book by {reminder.book_by}"
    if reminder.kind == "forfeiture":
        summary = f"{reminder.left} about to be forfeited"
    return {
        "uid": reminder.key,
        "dtstart": day.isoformat(),
        "dtend": Days(1).after(day).isoformat(),
        "all_day": True,
        "summary": summary,
        "description": str(reminder),
        "location": None,
        "status": "CONFIRMED",
    }


def _booking_rows(status: BenefitStatus) -> Iterator[dict[str, Any]]:
    benefit = status.benefit
    for booking in status.bookings:
        if booking.takes_place_at is None:
            continue
        who = f" for {', '.join(booking.who)}" if booking.who else ""
        yield {
            "uid": "/".join(filter(None, (benefit.contract or benefit.customer, benefit.id, booking.key))),
            "dtstart": booking.takes_place_at.isoformat(),
            "dtend": None if booking.ends_at is None else booking.ends_at.isoformat(),
            "all_day": False,
            "summary": f"{booking.quantity}{who}",
            "description": booking.note,
            "location": booking.place,
            "status": "CONFIRMED" if _stands(booking) else "CANCELLED",
        }


def _stands(booking: Booking) -> bool:
    """Tell whether anything of a booking is still booked, or was kept."""
    return bool(booking.open) or any(outcome == "redeemed" for outcome, _, _ in booking.outcomes)
