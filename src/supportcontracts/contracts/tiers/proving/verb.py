"""Proving that a changed tier is at least as good as it was: the verb, and the years that it searches."""

from collections.abc import Iterator
from datetime import date

from supportcontracts._fields import require_kind
from supportcontracts.contracts.tiers.proving.cases import cell_lines
from supportcontracts.contracts.tiers.proving.judging import Judge, calendars_of
from supportcontracts.contracts.tiers.proving.result import TierProof
from supportcontracts.contracts.tiers.proving.searching import Limits
from supportcontracts.contracts.tiers.proving.terms import term_lines
from supportcontracts.contracts.tiers.tier import Tier
from supportcontracts.contracts.tiers.wording import said_metrics
from supportcontracts.coverage import AnyCoverage, CombinedCoverage
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Zone, as_date

__all__ = ["never_worse"]


def __dir__() -> list[str]:
    return __all__


_UTC = Zone("UTC")
# In 28 years every date falls on every weekday, in leap years too.
_YEARS = 28
_FIRST_YEAR = 2025


def never_worse(old: Tier, new: Tier, *, since: date | str | None = None, until: date | str | None = None) -> TierProof:
    """Prove that a changed tier is at least as good in every cell, or say where it is not, or why that cannot be told.

    A yes means: no clock of any ticket has more time left under the new tier than under the old one, whatever happens
    to the ticket, and so none is due later. Where the terms alone do not show that, every start in a stretch of years
    is looked at, and the yes is for tickets that start and are due in it. A change to another tier is no part of the
    claim. One thing is not told to the second: a clock whose time is used up in the very second in which a wait begins
    is due when that wait ends, if its calendar was open meanwhile, as that of the old tier may not have been.

    Args:
        old: the tier as it was.
        new: the tier as it is to be.
        since: the first day of the search, in UTC; left out, that of the first year that a holiday or an override
            names, or 2025.
        until: the day after the last; left out, 28 years later, or a year after the last date that a calendar names.

    Raises:
        InvalidValue: for anything but two tiers and days in order.

    Rules: A6.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> always = Coverage("24x7", zone="Europe/Berlin")
        >>> old = Tier("standard", targets={1: Targets(resolution=office.hours(8))})
        >>> never_worse(old, Tier("standard", targets={1: Targets(resolution=always.hours(8))})).verdict
        'never-worse'
        >>> never_worse(old, Tier("standard", targets={1: Targets(resolution=always.hours(9))})).verdict
        'worse'
    """
    require_kind("never_worse old", old, Tier, "a Tier was expected")
    require_kind("never_worse new", new, Tier, "a Tier was expected")
    judge = Judge(_limits(old, new, since, until))
    lines = [*cell_lines(old, new, judge), *term_lines(old, new)]
    return TierProof(old.name, new.name, tuple(lines))


def _limits(old: Tier, new: Tier, since: date | str | None, until: date | str | None) -> Limits:
    """Choose the stretch of a search: as told, or the years that calendars name and 28 from the first of them."""
    years = sorted({day.year for tier in (old, new) for day in _dates(tier)})
    first = date(years[0] if years else _FIRST_YEAR, 1, 1) if since is None else as_date(since)
    if until is None:
        last = max(first.year + _YEARS, years[-1] + 2 if years else 0)
        end = date(min(last, date.max.year), 1, 1)
    else:
        end = as_date(until)
    if end <= first:
        raise InvalidValue("never_worse until", str(end), f"a day after {first} was expected")
    return Limits(_UTC.start_of_epoch(first), _UTC.start_of_epoch(end))


def _dates(tier: Tier) -> Iterator[date]:
    said = [row.targets for row in tier.targets] + [exception.targets for exception in tier.exceptions]
    cells = [targets.cell(metric) for targets in said for metric in said_metrics(tier)]
    for calendar in calendars_of(*(cell for cell in cells if cell is not None)):
        yield from _dates_of(calendar)


def _dates_of(calendar: AnyCoverage) -> Iterator[date]:
    if isinstance(calendar, CombinedCoverage):
        for part in calendar.parts:
            yield from _dates_of(part)
    else:
        yield from (holiday.on for holiday in calendar.holidays.dates)
        yield from (override.on for override in calendar.overrides)
