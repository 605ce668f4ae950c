"""Covered time: when support is given, when a target is due, and how much of a time counts.

A calendar is weekly windows in a zone, less holidays, plus dated overrides. It is compiled into sorted UTC edges as far
as questions need them, so that each question is a bisection on integers. Calendars are united, intersected and
subtracted instant by instant. Targets are made by calendars: covered time, business days, or time on no calendar.
"""

from supportcontracts.coverage.calendars import (
    AnyCoverage,
    Closing,
    CombinedCoverage,
    Coverage,
    CoveredDays,
    CoveredTime,
    DayEnd,
    Operation,
    Target,
    WallTime,
)
from supportcontracts.coverage.holidays import Holiday, Holidays, Override
from supportcontracts.coverage.segments import CoverSegment, Reason

__all__ = [
    "AnyCoverage",
    "Closing",
    "CombinedCoverage",
    "CoverSegment",
    "Coverage",
    "CoveredDays",
    "CoveredTime",
    "DayEnd",
    "Holiday",
    "Holidays",
    "Operation",
    "Override",
    "Reason",
    "Target",
    "WallTime",
]


def __dir__() -> list[str]:
    return __all__
