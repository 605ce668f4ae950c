"""Containing: whether one calendar counts whenever another one does, by their terms alone.

What is found here holds for ever and for every zone rule; what is not found may still be true. `None` stands for wall
time, which always counts. The reasons are few: the same hours, a calendar that never closes, set algebra, and two
plain calendars of one zone whose windows lie one in the other.
"""

from datetime import date
from typing import TypeAlias

import attrs

from supportcontracts.coverage import AnyCoverage, CombinedCoverage, Coverage

__all__ = ["Hours", "contains", "same_hours"]


def __dir__() -> list[str]:
    return __all__


Hours: TypeAlias = AnyCoverage | None
"""A calendar, or None for wall time."""

# Any three weeks do: of calendars without dates in a zone without changes, all weeks are alike.
_THREE_WEEKS = 3 * 7 * 86_400


def contains(wide: Hours, narrow: Hours) -> bool:
    """Tell whether the terms show that `wide` is open at every instant at which `narrow` is.

    Example:
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> longer = Coverage("mon-sat 08:00-18:00", zone="Europe/Berlin")
        >>> contains(longer, office), contains(office, longer), contains(office | longer, longer)
        (True, False, True)
    """
    if wide is None or _never_closes(wide):
        return True
    if narrow is None:
        return False
    if same_hours(wide, narrow):
        return True
    if isinstance(narrow, CombinedCoverage) and _holds_combined(wide, narrow):
        return True
    if isinstance(wide, CombinedCoverage):
        return _combined_holds(wide, narrow)
    return isinstance(narrow, Coverage) and _holds_plain(wide, narrow)


def same_hours(one: AnyCoverage, other: AnyCoverage) -> bool:
    """Tell whether two calendars differ in nothing that opens or closes them: names and the closing rule may.

    Example:
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", name="office")
        >>> same_hours(office, Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", closing="next-opening"))
        True
    """
    if isinstance(one, CombinedCoverage) and isinstance(other, CombinedCoverage):
        return (
            one.operation == other.operation
            and len(one.parts) == len(other.parts)
            and all(same_hours(mine, theirs) for mine, theirs in zip(one.parts, other.parts, strict=True))
        )
    if isinstance(one, Coverage) and isinstance(other, Coverage):
        return _hours_of(one) == _hours_of(other)
    return False


def _hours_of(coverage: Coverage) -> tuple[object, ...]:
    overrides = tuple(attrs.evolve(override, name="") for override in coverage.overrides)
    return coverage.windows, coverage.zone, _dates(coverage), overrides, coverage.holiday, coverage.dst


def _dates(coverage: Coverage) -> frozenset[date]:
    return frozenset(holiday.on for holiday in coverage.holidays.dates)


def _never_closes(coverage: AnyCoverage) -> bool:
    if isinstance(coverage, CombinedCoverage):
        parts = coverage.parts
        return (coverage.operation == "union" and any(map(_never_closes, parts))) or (
            coverage.operation == "intersection" and all(map(_never_closes, parts))
        )
    opens_only = all(override.effect == "opens" for override in coverage.overrides)
    return coverage.windows == "24x7" and coverage.dst == "wall" and not coverage.holidays.dates and opens_only


def _holds_combined(wide: AnyCoverage, narrow: CombinedCoverage) -> bool:
    """A union lies in what holds all its parts, an intersection in what holds one, a difference as its first part."""
    if narrow.operation == "union":
        return all(contains(wide, part) for part in narrow.parts)
    if narrow.operation == "intersection":
        return any(contains(wide, part) for part in narrow.parts)
    return contains(wide, narrow.parts[0])


def _combined_holds(wide: CombinedCoverage, narrow: AnyCoverage) -> bool:
    """A union holds what one part holds, an intersection what all do; a difference, if no more is taken from it."""
    if wide.operation == "union":
        return any(contains(part, narrow) for part in wide.parts)
    if wide.operation == "intersection":
        return all(contains(part, narrow) for part in wide.parts)
    if not isinstance(narrow, CombinedCoverage) or narrow.operation != "difference":
        return False
    taken = all(any(contains(less, more) for less in narrow.parts[1:]) for more in wide.parts[1:])
    return taken and contains(wide.parts[0], narrow.parts[0])


def _holds_plain(wide: Coverage, narrow: Coverage) -> bool:
    """Compare two calendars on the wall clocks of one zone, where a window covers the wall times that exist."""
    if (wide.zone, wide.dst, narrow.dst) != (narrow.zone, "wall", "wall") or not _dates(wide) <= _dates(narrow):
        return False
    if wide.windows == narrow.windows:
        return wide.holiday == narrow.holiday and _hours_of(wide)[3] == _hours_of(narrow)[3]
    if wide.overrides or narrow.overrides or "shift-start" in (wide.holiday, narrow.holiday):
        return False  # it would matter on which day a night window starts
    week = Coverage(narrow.windows, zone="UTC") - Coverage(wide.windows, zone="UTC")
    return not any(opened for _, _, opened in week.segments_epoch(0, _THREE_WEEKS))
