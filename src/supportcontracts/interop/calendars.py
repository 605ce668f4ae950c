"""Calendars of others: public holidays for covered time, from the package `holidays`.

A list of public holidays is only known for some years, so the years are asked for and stated with the list: a calendar
that is built on it refuses questions beyond them, or reports that it does not know. It needs the extra `calendars`:
`pip install supportcontracts[calendars]`.
"""

from typing import Literal

from supportcontracts._fields import require_text
from supportcontracts.coverage import Holidays
from supportcontracts.errors import InvalidValue, MissingExtra

__all__ = ["public_holidays"]


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
